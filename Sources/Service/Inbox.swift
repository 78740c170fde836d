import Digests
public import EventLog
import Events
import Foundation
public import Ingest

/// Files that come into `DIR/inbox`, in every format that `recount ingest` takes.
///
/// A file counts as whole when it has lain unchanged for a while, or when `NAME.done` lies beside
/// it. Once it was ingested it is moved to `inbox/done` under its digest and name, or where it
/// could not be read, or most of its rows were left out, to `inbox/failed` with a text beside it
/// that says why. Its content says what it holds, not its name. Whoever dies between ingesting and
/// moving ingests again, which adds nothing twice.
public struct Inbox {
    /// What became of a file.
    public struct Outcome: Sendable {
        /// Its name in the inbox.
        public var name: String
        /// What it was read as; nil when that could not be told.
        public var kind: FileKind?
        /// What became of its rows; nil of a file that could not be read.
        public var report: FileReport?
        /// Why it lies in `failed`; nil of a file in `done`.
        public var failure: String?
        /// Where it lies now, in the data folder.
        public var place: String
    }

    private let folder: String
    private let settle: Int
    private let largest: Int
    private let log: EventLog
    private let clock: any ServiceClock
    private let pulse: LoopPulse
    /// Files that are left alone, and were told of.
    private var refused: Set<String> = []
    /// Whether bars whose file shows nothing else are taken as traded: a broker's are.
    var areBarsAsTraded = false

    /// The inbox of a data folder, which is made.
    ///
    /// - Parameter pulse: given a sign as a file is read.
    public init(
        _ data: DataFolder, log: EventLog, settings: ServiceSettings, clock: any ServiceClock,
        pulse: LoopPulse = LoopPulse()
    ) throws {
        folder = "\(data.path)/inbox"
        (settle, largest) = (settings.inboxSettle, settings.inboxLargest << 20)
        (self.log, self.clock, self.pulse) = (log, clock, pulse)
        for name in ["", "/done", "/failed"] {
            try FileManager.default.createDirectory(
                atPath: folder + name, withIntermediateDirectories: true)
        }
    }

    /// Ingests all files that are whole, in the order of their names, and tells of each.
    public mutating func drain(_ tell: (Outcome) -> Void, refuse: (String) -> Void) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for name in names where !name.hasPrefix(".") && !name.hasSuffix(Inbox.mark) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { continue }
            if let reason = reason(against: status) {
                if refused.insert(name).inserted { refuse("inbox/\(name): \(reason)") }
                continue
            }
            guard isWhole(path, status) else { continue }
            do {
                tell(try take(name, path))
            } catch {
                // Whoever put it there has taken it back, or another run was quicker.
                guard access(path, F_OK) != 0, errno == ENOENT else { throw error }
                continue
            }
            try? FileManager.default.removeItem(atPath: path + Inbox.mark)
        }
    }

    /// Whether a file lies there that is to be taken once it has lain for a while.
    func isFilling() throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)").contains { name in
            let path = "\(folder)/\(name)"
            var status = stat()
            return !name.hasPrefix(".") && !name.hasSuffix(Inbox.mark) && lstat(path, &status) == 0
                && status.st_mode & S_IFMT == S_IFREG && reason(against: status) == nil
                && !isWhole(path, status)
        }
    }

    /// Seconds for which a file must have lain.
    var settling: Int { settle }

    private static let mark = ".done"

    /// Why a file is left alone; nil where nothing speaks against it.
    private func reason(against status: stat) -> String? {
        var owner = stat()
        guard status.st_mode & S_IFMT == S_IFREG else {
            return "is no regular file (links are not followed); put the file itself there"
        }
        guard stat(folder, &owner) == 0, owner.st_uid == status.st_uid else {
            return "belongs to another user than the folder; chown it"
        }
        guard Int(status.st_size) <= largest else {
            return "has more than \(largest >> 20) MiB; split it, or raise inbox_largest"
        }
        return nil
    }

    private func isWhole(_ path: String, _ status: stat) -> Bool {
        if FileManager.default.fileExists(atPath: path + Inbox.mark) { return true }
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int(now.tv_sec) - Int(status.st_mtim.tv_sec) >= settle
    }

    private func take(_ name: String, _ path: String) throws -> Outcome {
        var outcome = Outcome(name: name, kind: nil, report: nil, failure: nil, place: "")
        var rejects: [String] = []
        do {
            let kind = try FileKind.of(path)
            outcome.kind = kind
            let report = try ingest(path, as: kind) { row in
                if rejects.count < Inbox.keptRejects { rejects.append(Inbox.line(row)) }
            }
            outcome.report = report
            outcome.failure = report.refusal(limit: 0.5)
        } catch let error as IngestError {
            outcome.failure = "\(error)"
        }
        outcome.place = try move(name, path, hasFailed: outcome.failure != nil)
        let beside = "\(folder)/\(outcome.place)"
        if !rejects.isEmpty {
            try ("line,reason,field,value\n" + rejects.joined()).write(
                toFile: beside + ".rejects.csv", atomically: true, encoding: .utf8)
        }
        if let failure = outcome.failure {
            try (failure + "\n").write(
                toFile: beside + ".error.txt", atomically: true, encoding: .utf8)
        }
        outcome.place = "inbox/\(outcome.place)"
        return outcome
    }

    private static let keptRejects = 100_000

    private static func line(_ row: RejectedRow) -> String {
        let fields = ["\(row.line)", "\(row.reason)", row.field, row.value]
        return fields.map { CSVText.field($0) }.joined(separator: ",") + "\n"
    }

    private func ingest(
        _ path: String, as kind: FileKind, _ onReject: @escaping (RejectedRow) throws -> Void
    ) throws -> FileReport {
        let writer = IngestWriter(log, clock: { [clock] in clock.now() })
        switch kind {
        case .disclosures:
            return try DisclosureImporter(
                writer, options: DisclosureOptions(), onReject: onReject,
                onProgress: { [pulse] _, _ in pulse.beat() }
            ).run(path)
        case .prices:
            var options = PriceImporter.Options()
            if areBarsAsTraded { options.assumed = .none }
            return try PriceImporter(
                writer, options: options, onReject: onReject,
                onProgress: { [pulse] _, _ in pulse.beat() }
            ).run(path)
        case .index(let series):
            let symbol = try symbol(of: series)
            return try IndexImporter(
                writer, series: series, symbol: symbol, onReject: onReject
            ).run(path)
        case .actions:
            return try ActionImporter(writer, dates: nil, onReject: onReject).run(path)
        case .reference:
            return try ReferenceImporter(writer, onReject: onReject).run(path)
        }
    }

    /// What the index of the log was made from so far.
    private func symbol(of series: IndexSeries) throws -> String {
        var symbol: String?
        try log.read { record in
            guard try MessageHeader(record.message).templateID == IndexClosed.templateID else {
                return .proceed
            }
            let close = try IndexClosed(message: record.message)
            if close.series == series { symbol = close.symbol }
            return .proceed
        }
        return symbol ?? (series == .market ? "SPY" : "VIX")
    }

    /// Moves a file out of the way, never over another; gives its place in the inbox.
    private func move(_ name: String, _ path: String, hasFailed: Bool) throws -> String {
        let digest = try Inbox.digest(path).prefix(12)
        // With what is put beside it the name must be one that a file system takes.
        let kept = String(decoding: name.utf8.suffix(200), as: UTF8.self)
        let place = "\(hasFailed ? "failed" : "done")/\(digest)-\(kept)"
        var final = place
        var number = 1
        while FileManager.default.fileExists(atPath: "\(folder)/\(final)") {
            number += 1
            final = "\(place).\(number)"
        }
        try FileManager.default.moveItem(atPath: path, toPath: "\(folder)/\(final)")
        return final
    }

    private static func digest(_ path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw LogError.system(path: path, operation: "open", code: errno)
        }
        var hasher = SHA256()
        while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
            hasher.update(Array(data))
        }
        try file.close()
        return "\(hasher.finalize())"
    }
}
