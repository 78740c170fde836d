import Foundation
import TestKit
import Testing

/// What figures could not see is said by every command that shows them.
@Suite("A report says what it could not see", .timeLimit(.minutes(10)))
struct BlindnessCommandTests {
    private let folder = TemporaryFolder()

    @Test("an index that ends early is said before any figure, and gives no verdict")
    func early() throws {
        let answer = try Shell.run(
            """
            set -e
            $R simulate --seed 5 --years 2 --tickers 20 --out w > made
            $R ingest prices w/prices.csv --data d > made
            $R ingest disclosures w/disclosures_congress.csv --data d > made
            head -253 w/index.csv > half.csv
            $R ingest index half.csv --series market --symbol IDX --data d > made
            $R backtest --data d --strategy baseline --run one
            $R report --data d --run one --json
            $R compare baseline disclosure-follow --plain --data d
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(500))")
        #expect(answer.output.contains("\n!! no index for 252 of 504 sessions: "))
        #expect(answer.output.contains("\"sessions_without_index\":252"))
        #expect(answer.output.contains("insufficient: no index for 252 of 504 sessions"))
        #expect(answer.output.contains("\nSurvivorship: "))
    }
}
