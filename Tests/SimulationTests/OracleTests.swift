import Audit
import EventLog
import Events
import FeedbackLoop
import Pipeline
import Simulation
import TestKit
import Testing

@Suite("Backtests in a simulated world")
struct OracleTests {
    private struct Made {
        var result: Run.Result
        var run: EventLog
        var timeline: EventLog
        var folder: DataFolder
    }

    private func make(_ files: WrittenWorld, _ strategy: String, truth: String?) throws -> Made {
        let folder = DataFolder("\(files.folder.path)/\(strategy)")
        let (log, _) = try files.ingested(strategy)
        let timeline = try EventLog.open(at: try Timeline.ensure(folder, log: log).path)
        guard case .loop(let loop) = try StrategyFile.load(strategy, truth: truth) else {
            preconditionFailure("\(strategy) is a loop")
        }
        let path = try folder.run("one")
        let result = try Run.make(loop, timeline: timeline, at: path)
        return Made(
            result: result, run: try EventLog.open(at: path), timeline: timeline, folder: folder)
    }

    @Test("every event of a run is marked, from the first on, and so is its result")
    func marked() throws {
        let files = try WrittenWorld(SimulationParameters(seed: 9, years: 1, tickers: 40))
        let made = try make(files, "feedback", truth: nil)
        #expect(made.result.isSimulated)
        var types: Set<UInt16> = []
        try made.run.read { record in
            let flags = try Envelope(message: record.message).flags
            #expect(flags.contains(.simulated))
            types.insert(try MessageHeader(record.message).templateID)
            return .proceed
        }
        #expect(types.contains(OrderFilled.templateID), "the loop trades in such a world")
    }

    @Test("an oracle's run is decided again from its own log, without the truth file")
    func reproduced() throws {
        let files = try WrittenWorld(
            SimulationParameters(seed: 9, years: 2, tickers: 40, edge: 200))
        let made = try make(files, "oracle", truth: files.path("truth.json"))
        let origin = try RunOrigin.read(made.run)
        guard case .loop(let loop) = origin.strategy else {
            Issue.record("an oracle is a loop")
            return
        }
        let names = files.world.skilled.map { files.world.people[$0].name }.sorted()
        #expect(loop.following?.names == names)
        let report = try Reproduction.check(loop, run: made.run, timeline: made.timeline)
        #expect(report.isReproduced)
        #expect(report.equal > 100)
        let plain = try WrittenWorld(
            SimulationParameters(seed: 9, years: 2, tickers: 40, edge: 0))
        let without = try make(plain, "oracle", truth: plain.path("truth.json"))
        let gain = try #require(made.result.marks.last).value - without.result.marks.last!.value
        #expect(gain > Money(dollars: 5_000), "what there is to learn, it earns: \(gain)")
    }

    @Test("the filers that an oracle follows are a setting like any other")
    func settings() throws {
        let folder = TemporaryFolder()
        let file = try folder.write(
            "mine.yaml",
            "extends: oracle\nfilers: 'Pat O''Hare;  Ada Lee; Ada Lee'\nmax_positions: 5\n")
        guard case .loop(let loop) = try StrategyFile.load(file) else {
            Issue.record("an oracle is a loop")
            return
        }
        #expect(loop.following?.names == ["Ada Lee", "Pat O'Hare"])
        #expect(loop.canonicalText.hasSuffix("filers: 'Ada Lee; Pat O''Hare'\n"))
        let again = try folder.write("again.yaml", loop.canonicalText)
        guard case .loop(let same) = try StrategyFile.load(again) else {
            Issue.record("an oracle is a loop")
            return
        }
        #expect(same.canonicalText == loop.canonicalText)
        #expect(throws: StrategyFileError.self) {
            try StrategyFile.load("feedback", settings: ["filers=Ada Lee"])
        }
        #expect(throws: StrategyFileError.self) {
            try StrategyFile.load("oracle", truth: file)
        }
        #expect(throws: StrategyFileError.self) {
            try StrategyFile.load("oracle", truth: "\(folder.path)/none.json")
        }
    }
}
