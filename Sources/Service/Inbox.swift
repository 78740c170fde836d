import Digests
public import EventLog
import Events
import Foundation
public import Ingest

/// Files that come into `DIR/inbox`, in every format that `recount ingest` takes.
///
/// A file counts as whole when it has lain unchanged for a while, or when `NAME.done` lies beside
/// it; in a run with money when nobody writes it: there it must be renamed into place. Once it was
/// ingested it is moved to `inbox/done` under its digest and name, or where it could not be read,
/// or most of its rows were left out, to `inbox/failed` with a text beside it that says why. Its
/// content says what it holds, not its name. Whoever dies between ingesting and moving ingests
/// again, which adds nothing twice.
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

    private var files: InboxFiles
    private let log: EventLog
    private let clock: any ServiceClock
    private let pulse: LoopPulse
    /// Whether bars whose file shows nothing else are taken as traded: a broker's are.
    var areBarsAsTraded = false
    private var folder: String { files.folder }

    /// The inbox of a data folder, which is made.
    ///
    /// - Parameter pulse: given a sign as a file is read.
    public init(
        _ data: DataFolder, log: EventLog, settings: ServiceSettings, clock: any ServiceClock,
        pulse: LoopPulse = LoopPulse()
    ) throws {
        files = InboxFiles(
            "\(data.path)/inbox", settle: settings.inboxSettle,
            largest: settings.inboxLargest << 20, clock: clock)
        (self.log, self.clock, self.pulse) = (log, clock, pulse)
        try files.make()
    }

    /// Files that are left alone, each with why, in the order of their names.
    public var leftAlone: [String] { files.leftAlone }

    /// Ingests all files that are whole, in the order of their names, and tells of each, and once
    /// why each other is left alone; with `settles` false a file need not lie for a while.
    public mutating func drain(
        settles: Bool = true, _ tell: (Outcome) -> Void, refuse: (String) -> Void
    ) throws {
        for file in files.whole(settles: settles, refuse: refuse) {
            do {
                tell(try take(file.name, file.path))
            } catch {
                // Whoever put it there has taken it back, or another run was quicker.
                guard access(file.path, F_OK) != 0, errno == ENOENT else { throw error }
                continue
            }
            unlink(file.path + InboxFiles.mark)
        }
    }

    /// Whether a file lies there that is to be taken once it has lain for a while.
    mutating func isFilling() -> Bool { files.isFilling() }

    /// Seconds for which a file must have lain.
    var settling: Int { files.settle }

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
            try Inbox.write(
                "line,reason,field,value\n" + rejects.joined(), to: beside + ".rejects.csv")
        }
        if let failure = outcome.failure {
            try Inbox.write(failure + "\n", to: beside + ".error.txt")
        }
        outcome.place = "inbox/\(outcome.place)"
        return outcome
    }

    private static func write(_ text: String, to path: String) throws {
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch let error as CocoaError {
            let code = (error.underlying as? POSIXError)?.code.rawValue ?? EIO
            throw LogError.system(path: path, operation: "write", code: code)
        }
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
        guard rename(path, "\(folder)/\(final)") == 0 else {
            throw LogError.system(path: path, operation: "rename", code: errno)
        }
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
