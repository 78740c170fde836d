public import EventLog
public import Events
public import FeedbackLoop
import Foundation
import Ingest
import Market
import Pipeline
public import TestKit

/// A small world as files: history in a data log, then a day's bars in one to five files of the
/// inbox between 21:05 and 01:55, the index in one more, filings before they are due.
public final class FileWorld: @unchecked Sendable {
    // Used by one thread at a time: the daemon's.
    /// A file that comes.
    struct File {
        var at: Instant
        var name: String
        var text: String
    }

    /// Where it lies.
    public let folder = TemporaryFolder()
    /// The data folder.
    public let data: DataFolder
    /// The last session.
    public let last: Day
    private var coming: [File] = []
    private var generator: SeededGenerator

    static let barHeader = "ticker,date,open,high,low,close,volume\n"
    static let filingHeader =
        "name,party,ticker,type,transaction_date,disclosure_date,amount_min,amount_max\n"

    /// A world from a seed; its first `history` sessions are in the log.
    public init(
        seed: UInt64, sessions: Int, history: Int,
        start: Day = Day(year: 2020, month: 1, day: 1)!
    ) throws {
        generator = SeededGenerator(seed: seed)
        data = DataFolder("\(folder.path)/data")
        let world = SmallWorld(seed: seed, sessions: sessions, start: start)
        let days = try world.days.filter { try ExchangeCalendar.xnys.isSession($0) }
        let first = days[history]
        last = days[days.count - 1]
        var past = (bars: FileWorld.barHeader, index: "date,close\n")
        var filings = FileWorld.filingHeader
        for message in world.facts {
            let bytes = message.span.bytes
            switch try MessageHeader(bytes).templateID {
            case SessionClosed.templateID:
                let event = try SessionClosed(message: bytes)
                guard days.contains(event.day) else { continue }
                let rows = event.bars.map { bar in
                    "\(bar.ticker),\(event.day),\(bar.open),\(bar.high),\(bar.low),\(bar.close),"
                        + "\(bar.volume)\n"
                }
                if event.day < first {
                    past.bars += rows.joined()
                } else {
                    scatter(rows, event.day)
                }
            case IndexClosed.templateID:
                let event = try IndexClosed(message: bytes)
                guard days.contains(event.day) else { continue }
                let row = "\(event.day),\(event.close)\n"
                if event.day < first {
                    past.index += row
                } else {
                    file("index-\(event.day).csv", "date,close\n" + row, night(event.day))
                }
            case DisclosureFiled.templateID:
                let event = try DisclosureFiled(message: bytes)
                let row =
                    "\(event.filer),\(event.party == .democrat ? "D" : "R"),\(event.ticker),"
                    + "\(event.side == .buy ? "buy" : "sell"),\(event.tradedOn),\(event.filedOn),"
                    + "\(Int(event.amountLow?.dollars ?? 0)),"
                    + "\(Int(event.amountHigh?.dollars ?? 0))\n"
                if event.filedOn < first {
                    filings += row
                } else {
                    let early = Int64.random(in: 60...100_000, using: &generator)
                    let due = Instant(event.filedOn + 1, hour: 5)
                    file(
                        "filing-\(coming.count).csv", FileWorld.filingHeader + row,
                        due.adding(seconds: -early))
                }
            default: break
            }
        }
        sort()
        try ingest(past, filings, at: Instant(first, hour: 4))
    }

    private func night(_ day: Day) -> Instant {
        Instant(day, hour: 21).adding(
            seconds: Int64.random(in: 300...17_700, using: &generator))
    }

    private func scatter(_ rows: [String], _ day: Day) {
        let rows = rows.shuffled(using: &generator)
        let count = Int.random(in: 1...5, using: &generator)
        for number in 0..<count {
            let part = rows.indices.filter { $0 % count == number }.map { rows[$0] }
            guard !part.isEmpty else { continue }
            file(
                "bars-\(day)-\(number).csv", FileWorld.barHeader + part.joined(), night(day))
        }
    }

    private func file(_ name: String, _ text: String, _ at: Instant) {
        coming.append(File(at: at, name: name, text: text))
    }

    private func ingest(
        _ past: (bars: String, index: String), _ filings: String, at now: Instant
    ) throws {
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 9, w1: 9, w2: 9, w3: 9),
                schemaVersion: EventSchema.version))
        try DataSetting.choose(.xnys, in: log, at: .epoch)
        let writer = IngestWriter(log, clock: { now })
        _ = try PriceImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(folder.write("bars.csv", past.bars))
        _ = try IndexImporter(writer, series: .market, symbol: "TEST", onReject: { _ in })
            .run(folder.write("index.csv", past.index))
        _ = try DisclosureImporter(
            writer, options: DisclosureOptions(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(folder.write("filings.csv", filings))
    }

    /// Puts what has come by an instant into the inbox.
    public func come(through instant: Instant) throws {
        while let file = coming.first, file.at <= instant {
            coming.removeFirst()
            let inbox = "\(data.path)/inbox"
            try file.text.write(
                toFile: "\(inbox)/.\(file.name)", atomically: true, encoding: .utf8)
            try FileManager.default.moveItem(
                atPath: "\(inbox)/.\(file.name)", toPath: "\(inbox)/\(file.name)")
            try Data().write(to: URL(fileURLWithPath: "\(inbox)/\(file.name).done"))
        }
    }

    /// A backtest over all facts that came in the end, from a live run's first session on.
    public func backtest(_ strategy: LoopStrategy, beside live: OpenedRun) throws -> OpenedRun {
        let derived = try Timeline.ensure(data, log: try EventLog.open(at: data.log))
        _ = try Run.make(
            strategy, timeline: try EventLog.open(at: derived.path), at: try data.run("backtest"),
            window: ReplayWindow(from: live.manifest?.firstDay))
        return try data.openRun("backtest")
    }

    /// A random step of the clock: to the next file, or so far behind it.
    public func step(_ now: Instant) -> Instant {
        guard let next = coming.first?.at else { return now.adding(seconds: 3_600) }
        return max(now, next.adding(seconds: Int64.random(in: 0...9_000, using: &generator)))
    }

    /// Whether something of a share happens now.
    public func chance(_ share: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < share
    }

    /// Lets a share of the files come late, by so many seconds, and a share of the sessions with
    /// all of theirs: the bars of those are missed.
    public func delay(files: Double, sessions: Double, by seconds: ClosedRange<Int64>) {
        var slow: [Day: Bool] = [:]
        for index in coming.indices {
            let day = coming[index].at.day
            let isSlow = slow[day] ?? chance(sessions)
            slow[day] = isSlow
            guard isSlow || chance(files) else { continue }
            coming[index].at = coming[index].at.adding(
                seconds: isSlow
                    ? 3 * 86_400 : Int64.random(in: seconds, using: &generator))
        }
        sort()
    }

    /// Sends a share of the bars again, days later and with other closes: corrections.
    public func correct(_ share: Double) {
        for file in coming where file.name.hasPrefix("bars-") && chance(share) {
            let lines = file.text.split(separator: "\n").dropFirst().map { line -> String in
                var fields = line.split(separator: ",").map(String.init)
                let close = (Double(fields[5]) ?? 0) * 0.999
                fields[5] = "\(max(close, Double(fields[4]) ?? close))"
                return fields.joined(separator: ",") + "\n"
            }
            self.file(
                "corrected-\(file.name)", FileWorld.barHeader + lines.joined(),
                file.at.adding(seconds: 2 * 86_400))
        }
        sort()
    }

    private func sort() { coming.sort { ($0.at, $0.name) < ($1.at, $1.name) } }
}
