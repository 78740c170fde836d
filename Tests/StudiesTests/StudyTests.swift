import Backtest
import Foundation
import StudyRuns
import TestKit
import Testing

@Suite("Studies")
struct StudyTests {
    private let scratch = TemporaryFolder()
    private var path: String { "\(scratch.path)/found.jsonl" }

    private func line(
        _ study: String, edge: Int, seed: UInt64, _ verdict: Verdict = .shown,
        difference: Double = 0.1
    ) -> WorldLine {
        var line = WorldLine(WorldKey(study: study, edge: edge, seed: seed))
        line.compared = WorldLine.Compared(
            difference: difference, low: difference - 1, high: difference + 1,
            verdict: verdict.rawValue)
        return line
    }

    private func figures(_ ratio: Double, trades: Int = 10, wins: Int = 4) -> RunFigures {
        let span = RunFigures.Span(sessions: 100, trades: trades, wins: wins, sharpe: ratio)
        return RunFigures(
            ratio: ratio, whole: span, afterTwoCycles: span, trainings: 5, promotions: 2)
    }

    @Test("seeds are fixed, differ from study to study, and are as many as the issue asks for")
    func seeds() {
        let studies = [Study.edge, .power(reference: 40), .noEdge, .control(reference: 40)]
        let all = studies.flatMap { $0.seeds + $0.addedSeeds }
        #expect(Set(all).count == all.count)
        #expect(studies.map(\.seeds.count) == [40, 40, 200, 20])
        #expect(Study.power(reference: 40).edges == [40, 80, 120, 160])
        let control = Study.control(reference: 40)
        #expect(control.worlds.count { $0.edge == 40 } == 20 && control.addedSeeds.count == 40)
        #expect(control.worlds.count { $0.edge == 0 } == 60)
        #expect(Study.noEdge.years == 3 && Study.noEdge.tickers == 100)
        #expect(Study.power(reference: 40).worlds.count == 160)
        #expect(Study.power(reference: 40).worlds.prefix(40).allSatisfy { $0.edge == 40 })
        let ceiling = Study.ceiling(reference: 40).worlds
        #expect(ceiling.allSatisfy { $0.study == "ceiling" })
        #expect(ceiling.map(\.seed) == Study.power(reference: 40).worlds.map(\.seed))
    }

    @Test("lines are read back in order of their worlds; a line without its end is cut off")
    func lines() throws {
        let lines = try StudyLines(path)
        try lines.add(line("edge", edge: 50, seed: 2))
        try lines.add(line("edge", edge: 25, seed: 9))
        let half = try #require(try Data(contentsOf: URL(filePath: path)).first.map { Data([$0]) })
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: half)
        try handle.close()
        let again = try StudyLines(path)
        #expect(again.all.map(\.world.edge) == [25, 50] && again.all == lines.all)
        #expect(again.has(WorldKey(study: "edge", edge: 50, seed: 2)))
        #expect(!again.has(WorldKey(study: "edge", edge: 50, seed: 3)))
        try again.add(line("edge", edge: 75, seed: 1))
        #expect(try StudyLines(path).all.count == 3)
    }

    @Test("a line that is none is refused with file and line")
    func damaged() throws {
        try Data("{\"world\":1}\n".utf8).write(to: URL(filePath: path))
        let error = #expect(throws: StudyError.self) { _ = try StudyLines(path) }
        #expect(error?.description.hasPrefix("\(path):1: is no line of a study") == true)
    }

    @Test("the reference edge is the smallest at which the oracle is shown in 39 of all 40 seeds")
    func reference() {
        func edge(_ edge: Int, shown: Int, of seeds: Int = 40) -> [WorldLine] {
            (0..<seeds).map {
                line("edge", edge: edge, seed: UInt64($0), $0 < shown ? .shown : .notShown)
            }
        }
        let low = edge(10, shown: 20) + edge(15, shown: 30) + edge(20, shown: 38)
        #expect(StudyPage(low + edge(25, shown: 39)).reference == 25)
        #expect(StudyPage(low + edge(25, shown: 38)).reference == nil)
        #expect(StudyPage(low + edge(25, shown: 39, of: 39)).reference == nil, "a seed is missing")
        #expect(StudyPage(edge(15, shown: 40)).reference == nil, "a smaller edge is not known")
    }

    @Test("a pooled mean has Student's p, as scipy.stats.ttest_1samp gives it")
    func pooled() throws {
        let pooled = try #require(PooledMean([0.3, -0.1, 0.5, 0.2, 0.4]))
        #expect(abs(pooled.mean - 0.26) < 1e-14)
        #expect(abs(pooled.error - 0.102_956_301_409_870_01) < 1e-15)
        #expect(abs(pooled.pValue - 0.032_492_955_171_060_336) < 1e-12)
        let negative = try #require(PooledMean([-0.3, 0.1, -0.5, -0.2, -0.4]))
        #expect(abs(negative.pValue - (1 - pooled.pValue)) < 1e-12)
        #expect(PooledMean([1]) == nil && PooledMean([2, 2]) == nil)
    }

    @Test("even values lie near the diagonal, crowded ones do not")
    func uniformity() {
        let even = Uniformity.distance((0..<20).map { (Double($0) + 0.5) / 20 })
        #expect(abs(even.found - 0.025) < 1e-12 && even.found < even.critical)
        let crowded = Uniformity.distance((0..<20).map { Double($0) / 100 })
        #expect(crowded.found > crowded.critical)
    }

    @Test("a control's added seeds stand in a row of their own")
    func added() {
        let lines = [UInt64(4_001), 4_002, 4_021].map { seed in
            var line = WorldLine(WorldKey(study: "control", edge: 0, seed: seed))
            line.pValue = 0.5
            return line
        }
        let text = StudyPage(lines).section("control")
        #expect(text.contains("| 0 | 2 | 0 |") && text.contains("| 0, added | 1 | 0 |"), "\(text)")
    }

    @Test("the page counts verdicts, pools differences and shares, and says what is missing")
    func page() {
        var lines: [WorldLine] = []
        for (seed, difference) in [0.3, -0.1, 0.5, 0.2, 0.4].enumerated() {
            var line = line(
                "no-edge", edge: 0, seed: UInt64(seed), seed == 1 ? .worse : .notShown,
                difference: difference)
            line.oracle = figures(1)
            line.baseline = figures(0.2)
            line.feedback = figures(0.4)
            lines.append(line)
        }
        let text = StudyPage(lines).section("no-edge")
        let row = "| 0 | 5 | 0 | 4 | 1 | 0 | 0.260 | 0.103 | 0.0325 | 0.80 |  | 40.0 % | 0.40 |"
        #expect(text.contains(row), "nothing is there to be recovered: \(text)")
        let planted = lines.map { line in
            var line = line
            line.world = WorldKey(study: "power", edge: 40, seed: line.world.seed)
            return line
        }
        #expect(
            StudyPage(planted).section("power").contains(
                "| 40 | 5 | 0 | 4 | 1 | 0 | 0.260 | 0.103 | 0.0325 | 0.80 | 25.0 % | 40.0 % | 0.40 |"
            ))
        #expect(StudyPage([]).section("power").isEmpty)
        #expect(StudyPage(lines).text.contains("## No edge"))
    }
}
