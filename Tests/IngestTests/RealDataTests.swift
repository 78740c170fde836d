import EventLog
import Events
import TestKit
import Testing

@testable import Ingest

extension RealData {
    static func path(_ name: String) throws -> String {
        "\(try #require(folder))/\(name)"
    }
}

@Suite("Real files", .enabled(if: RealData.folder != nil, "\(RealData.skipped)"))
struct RealDataTests {
    @Test("the Senate's aggregate has the quirks that its documentation counts")
    func senate() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            RealData.path("disclosures/senate_all_daily_summaries_raw.json.gz"))
        #expect(report.rows == 8_030 + 463 && report.count(.noTransactions) == 463)
        #expect(report.count(.receivedBeforeTrade) == 9)
        // 1,667 say "--"; two of them were also received before the trade.
        #expect(report.count(.noTicker) == 1_665)
        #expect(report.count(.ambiguousTicker) == 42)
        #expect(report.events == report.rows)
        let filed = try bench.events(DisclosureFiled.self)
        let rejected = try bench.events(DisclosureRejected.self)
        let repeats =
            filed.count { $0.occurrence > 0 } + rejected.count { $0.occurrence > 0 }
        #expect(repeats == 389)
        #expect(!filed.contains { ["R000120", "M000357"].contains($0.bioguide) })
    }

    @Test("the Congress file loses two foreign symbols and nothing else")
    func congress() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            RealData.path("disclosures/congress_2019_2021.csv.gz"))
        #expect(report.rows == 37_633 && report.added == 37_631)
        #expect(report.count(.badTicker) == 2)
    }

    @Test("every row of the House file is refused for its filing date")
    func house() throws {
        let bench = try Bench()
        let report = try bench.disclosures(
            RealData.path("disclosures/house_ptr_2015_2026.csv.gz"))
        #expect(report.rows == 6_542 && report.count(.unreliableFilingDate) == 6_542)
    }

    @Test("the Senate's raw file and its normalised rows agree on what is a trade in a share")
    func normalized() throws {
        let raw = try Bench()
        let checked = try Bench()
        _ = try raw.disclosures(
            RealData.path("disclosures/senate_all_daily_summaries_raw.json.gz"))
        _ = try checked.disclosures(
            RealData.path("disclosures/disclosures_normalized_2012_2021.csv.gz"))
        func identities(_ events: [DisclosureFiled]) -> [String] {
            events.map {
                let high = $0.amountHigh.map { "\($0)" } ?? "open"
                return "\($0.filingID ?? "") \($0.bioguide ?? "") \($0.ticker) \($0.side) "
                    + "\($0.tradedOn) \($0.filedOn) \($0.amountLow?.dollars ?? -1) \(high)"
            }.sorted()
        }
        let ours = identities(try raw.events(DisclosureFiled.self))
        let theirs = identities(
            try checked.events(DisclosureFiled.self).filter { $0.filingID != nil })
        // The normalised file spells a foreign listing (SYY.SG) as a share class (SYY-SG).
        let foreign = [
            "SYY-SG", "LM09-SG", "ADT-F", "RDSA-AS", "IBM-MX", "MSTY-PA", "ZNGA-SW", "SBUX-SW",
        ]
        let listed = theirs.filter { row in !foreign.contains { row.contains(" \($0) ") } }
        #expect(theirs.count - listed.count == 12)
        #expect(ours.count == 6_112)
        #expect(ours == listed)
    }

    @Test("the bars have eight rows out of order, and 883 that both files have")
    func prices() throws {
        let bench = try Bench()
        let adjusted = try bench.prices(
            RealData.path("prices/sp500_adj_daily_2012_2021.csv.gz"))
        let extra = try bench.prices(RealData.path("prices/us_extra_daily_2012_2018.csv.gz"))
        #expect(adjusted.rows == 1_045_898 && extra.rows == 521_116)
        #expect(adjusted.count(.badPrice) + extra.count(.badPrice) == 8)
        #expect(adjusted.rejected + extra.rejected == 8)
        var tickers: [Day: [Ticker: Digest]] = [:]
        var shared = 0
        for session in try bench.events(SessionClosed.self) {
            for bar in session.bars {
                let other = tickers[session.day, default: [:]].updateValue(
                    session.source, forKey: bar.ticker)
                if other != nil { shared += 1 }
            }
        }
        #expect(shared == 883)
    }

    @Test("bars of recycled symbols are excluded by the list")
    func exclusions() throws {
        let bench = try Bench()
        var options = PriceImporter.Options()
        options.exclusions = try Exclusions(file: RealData.path("exclude.csv"))
        let report = try bench.prices(
            RealData.path("prices/us_extra_daily_2012_2018.csv.gz"), options)
        #expect(report.count(.excluded) == 8_138 && report.added == 512_974)
    }

    @Test("the fixtures' dirty rows end for the reasons that they were chosen for")
    func dirtySample() throws {
        let bench = try Bench()
        let report = try bench.disclosures(RealData.path("fixtures/senate_dirty_sample.csv"))
        #expect(report.format == "senate" && report.addsUp)
        for reason in [RejectionReason.noTicker, .ambiguousTicker, .receivedBeforeTrade] {
            #expect(report.count(reason) > 0, "\(reason)")
        }
        #expect(report.added > 0)
    }
}
