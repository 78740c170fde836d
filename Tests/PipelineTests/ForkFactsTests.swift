import Audit
import EventLog
import Events
import FeedbackLoop
import Ingest
import Pipeline
import TestKit
import Testing

@Suite("Forks over other facts")
struct ForkFactsTests {
    private let temporary = TemporaryFolder()

    /// Long after all that is ingested: what lies ahead of the clock would be refused.
    private static let clock: @Sendable () -> Instant = {
        Instant(Day(year: 2026, month: 1, day: 1)!)
    }

    private func day(_ number: Int) -> Day { Day(year: 2020, month: 3, day: 2)! + number }

    private var bars: String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in 0..<80 {
            for (index, ticker) in ["AAA", "BBB", "CCC"].enumerated() {
                let price = 50 + Double(index) + Double(number % 7)
                text +=
                    "\(ticker),\(day(number)),\(price),\(price + 1),\(price - 1),\(price),10000\n"
            }
        }
        return text
    }

    private static let header =
        "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"

    private func filing(_ number: Int) -> String {
        let traded = day(number % 40)
        return "\(traded),\(traded + 10),X,\(["AAA", "BBB", "CCC"][number % 3]),P,"
            + "\"$1,001 - $15,000\",Member \(number % 5),H,MI0\(number % 5)\n"
    }

    private func filings(_ numbers: [Int]) -> String {
        ForkFactsTests.header + numbers.map(filing).joined()
    }

    /// A data folder with bars and filings.
    private func data(_ name: String, _ numbers: [Int]) throws -> (DataFolder, EventLog) {
        let data = DataFolder("\(temporary.path)/\(name)")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 1, w1: 1, w2: 1, w3: 1),
                schemaVersion: EventSchema.version))
        try ingest(name, bars, filings(numbers), IngestWriter(log, clock: ForkFactsTests.clock))
        return (data, log)
    }

    private func ingest(
        _ name: String, _ bars: String?, _ filings: String?, _ writer: IngestWriter
    ) throws {
        if let bars {
            _ = try PriceImporter(
                writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
            ).run(try temporary.write("\(name)-bars.csv", bars))
        }
        if let filings {
            _ = try DisclosureImporter(
                writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
            ).run(try temporary.write("\(name)-filings.csv", filings))
        }
    }

    private func timeline(_ data: DataFolder, _ log: EventLog) throws -> EventLog {
        try EventLog.open(at: try Timeline.ensure(data, log: log).path)
    }

    private static let settings = [
        "emit_threshold=0.5", "queue_threshold=0.5", "crowded_confidence=0.5",
        "min_transactions=1", "train=false",
    ]

    private func run(_ data: DataFolder, _ timeline: EventLog) throws {
        guard
            case .loop(let loop) = try StrategyFile.load(
                "feedback", settings: ForkFactsTests.settings)
        else { throw CancellationError() }
        _ = try Run.make(loop, timeline: timeline, at: try data.run("first"))
    }

    /// Forks `first` over an edit, and checks that it decides on the timeline that was made anew
    /// from such facts.
    private func fork(
        _ data: DataFolder, _ log: EventLog, _ edit: FactEdit, like other: EventLog
    ) throws -> OpenedRun {
        let parent = try data.openRun("first")
        let (made, changes) = try Timeline.edited(
            parent.timeline, by: edit, in: data, log: log)
        #expect(try made.head().seal == other.head().seal)
        let plan = try ForkPlan(of: parent, facts: (made, changes))
        guard case .loop(let loop) = plan.strategy else { throw CancellationError() }
        _ = try Run.fork(loop, plan, who: "ann", at: try data.newRun("fork"))
        let fork = try data.openRun("fork")
        // What it decides is what a run over those facts alone decides, from the beginning.
        let whole = DataFolder("\(data.path)-whole")
        _ = try Run.make(loop, timeline: other, at: try whole.run("whole"))
        let alone = MergedLog(try EventLog.open(at: try whole.run("whole")), over: other)
        let search = try Divergence.search(alone, fork.merged)
        #expect(search.parting == nil && search.equal > 100, "\(search)")
        return fork
    }

    @Test("without a row are over the facts of a log that never had it, and decide as over those")
    func without() throws {
        let (data, log) = try data("all", Array(0..<90))
        let first = try timeline(data, log)
        try run(data, first)
        var row: UInt64?
        try first.read { record in
            guard try MessageHeader(record.message).templateID == DisclosureFiled.templateID,
                try DisclosureFiledView(record.message).tradedOn == day(20)
            else { return .proceed }
            row = record.position
            return .stop
        }
        let selection = try FilingSelection(["t\(try #require(row))"], in: first, of: "first")
        #expect(selection.rows == 1)
        let digest = try #require(selection.edit.without.first)
        // The row of the file that this is: the one without which the facts are those.
        let number = try #require(
            [20, 60].first { number in
                let (other, log) = try self.data(
                    "try-\(number)", (0..<90).filter { $0 != number })
                let changes = try FactChanges(from: first, to: timeline(other, log))
                return changes.without.map(\.digest) == [digest] && changes.with.isEmpty
            })
        let (other, otherLog) = try self.data("less", (0..<90).filter { $0 != number })
        let fork = try fork(data, log, selection.edit, like: timeline(other, otherLog))
        let origin = try #require(try ForkOrigin.read(fork))
        #expect(origin.facts == (1, 0) && origin.changes.isEmpty)
        #expect(origin.position.timeline == (try #require(row)) - 1)
        #expect(throws: ForkError.unknownFiling("t1", run: "first")) {
            try FilingSelection(["t1"], in: first, of: "first")
        }
        #expect(throws: ForkError.unknownFiling("no-id", run: "first")) {
            try FilingSelection(["no-id"], in: first, of: "first")
        }
    }

    @Test("with facts of a file are over those of a log that had them all along")
    func with() throws {
        let (data, log) = try data("few", Array(0..<60))
        try run(data, try timeline(data, log))
        let memory = MemoryLog(
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        // Of these rows the log has most.
        try ingest(
            "more", nil, filings(Array(0..<90)),
            IngestWriter(DeferredLog(existing: log, .keep(memory)), clock: ForkFactsTests.clock))
        #expect(memory.head().position == 30)
        var edit = FactEdit()
        edit.added = memory
        let (other, otherLog) = try self.data("whole", Array(0..<90))
        let fork = try fork(data, log, edit, like: timeline(other, otherLog))
        #expect(try ForkOrigin.read(fork)?.facts ?? (0, 0) == (0, 30))
    }

    @Test("at a moment that had read them already, and over facts that are no others, are refused")
    func refused() throws {
        let (data, log) = try data("all", Array(0..<90))
        let first = try timeline(data, log)
        try run(data, first)
        let parent = try data.openRun("first")
        var row: UInt64 = 0
        try first.read { record in
            if try MessageHeader(record.message).templateID == DisclosureFiled.templateID {
                row = record.position
            }
            return row > 100 ? .stop : .proceed
        }
        let edit = try FilingSelection(["t\(row)"], in: first, of: "first").edit
        let made = try Timeline.edited(first, by: edit, in: data, log: log)
        let known = try #require(made.changes.firstKnownAt)
        #expect(
            throws: ForkError.readBefore(run: "first", AsOf(.event(.timeline(row))), knownAt: known)
        ) {
            try ForkPlan(of: parent, asOf: AsOf(.event(.timeline(row))), facts: made)
        }
        let early = try ForkPlan(
            of: parent, asOf: AsOf(.event(.timeline(row / 2))), facts: made)
        #expect(early.position.timeline == row / 2)
        let none = try Timeline.edited(first, by: FactEdit(), in: data, log: log)
        #expect(throws: ForkError.changesNoFact(run: "first")) {
            try ForkPlan(of: parent, facts: none)
        }
    }
}
