import Foundation
import GateSimulation
import Learning
import Testing

@Suite("The gate's rates")
struct GateRatesTests {
    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Documentation/gate-rates.md")

    @Test("the first holdouts of each line of the documented page are what the tool makes")
    func page() throws {
        let page = try String(contentsOf: GateRatesTests.page, encoding: .utf8)
        let made = RateTable.counts(RateTable.rates(repetitions: RateTable.quickRepetitions))
        #expect(made.split(separator: "\n").count == RateTable.designs.count + 2)
        #expect(page.hasSuffix(made), "write the page again: gate-rates write FILE")
    }

    @Test(
        "on 300 independent rows the rule promotes an equal challenger 24 to 30 % of the time"
    )
    func sanity() throws {
        let page = try String(contentsOf: GateRatesTests.page, encoding: .utf8)
        let line = try #require(
            page.split(separator: "\n").first { $0.hasPrefix("| independent | 63 | 300 |") })
        let cell = line.split(separator: "|")[3].split(separator: " ")[0]
        #expect((24...30).contains(try #require(Double(cell))))
    }

    @Test(
        "over overlapping labels the matured difference holds the truth in 95 % of paths or more")
    func matured() throws {
        let design = Design(rows: 1_680, sessions: 840, labelSessions: 21)
        var missed = 0
        for seed in 0..<40 as Range<UInt64> {
            let matured = MaturedDifference(
                rows: SimulatedHoldout(design, seed: seed).rows(gain: 0.05), firstSession: 0,
                maturedThrough: 839, blockSessions: 21)
            let interval = try #require(matured.interval)
            #expect(interval.low > -1 && interval.high < 1, "the interval says nothing")
            if 0.05 < interval.low || interval.high < 0.05 { missed += 1 }
        }
        #expect(missed <= 2, "\(missed) of 40")
    }
}
