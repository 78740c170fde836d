import Foundation
import TestKit
import Testing

/// The models that nobody names stay within their bound, in a process of its own.
@Suite("The bound of the model cache", .timeLimit(.minutes(10)))
struct ModelCacheTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    /// The artefacts in the folder.
    private func models() throws -> Set<String> {
        Set(
            try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/d/models")
                .filter { $0.hasSuffix(".ubj") })
    }

    @Test("what no run names goes after a command that trained, and nothing else, and not in use")
    func bound() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 3 --years 3 --tickers 20 --out w
            $R ingest prices w/prices.csv w/prices_adjusted.csv --data d
            $R ingest disclosures w/disclosures_normalized.csv w/disclosures_senate.json \\
                w/disclosures_congress.csv --data d
            $R ingest index w/index.csv --series market --symbol SIMINDEX --data d
            $R backtest --data d --strategy baseline --run one
            """)
        #expect(made.status == 0, "\(made.output.suffix(300))")
        let named = try models()
        #expect(named.count > 5)
        let sweep = "$R sweep baseline --data d --vary tree_depth=2,3"
        // Within the bound nothing goes.
        #expect(try shell(sweep).status == 0)
        let all = try models()
        #expect(all.count > named.count && all.isSuperset(of: named))
        // A process that uses the models keeps them all.
        let used = try shell("flock -s d/models env RECOUNT_MODEL_CACHE_MB=0 \(sweep)")
        #expect(used.status == 0 && !used.output.contains("are gone"))
        #expect(try models() == all)
        let pruned = try shell("flock -s d/models $R models prune --data d")
        #expect(pruned.status == 75 && pruned.output.contains("another process uses the models"))
        #expect(try models() == all)
        // So does a bound that is none, with a word.
        let odd = try shell("RECOUNT_MODEL_CACHE_MB=some \(sweep)")
        #expect(odd.status == 0 && odd.output.contains("is no number of megabytes"))
        #expect(try models() == all)
        let bounded = try shell("RECOUNT_MODEL_CACHE_MB=0 \(sweep)")
        #expect(
            bounded.status == 0
                && bounded.output.contains(
                    "\(all.count - named.count) models that no run names are gone")
        )
        #expect(try models() == named)
        #expect(try shell("$R reproduce --data d --run one").status == 0)
        // Where a log cannot be read, anything may be named.
        #expect(
            try shell("\(sweep); mkdir d/runs/bad; echo junk > d/runs/bad/data.mdb").status == 0)
        let unread = try shell("RECOUNT_MODEL_CACHE_MB=0 \(sweep)")
        #expect(unread.status == 0 && unread.output.contains("a log cannot be read"))
        #expect(try models() == all)
    }
}
