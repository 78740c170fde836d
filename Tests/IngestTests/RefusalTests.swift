import Events
import Testing

@testable import Ingest

@Suite("Files that look misread")
struct RefusalTests {
    @Test("a file is refused when more than the limit is left out, and its good rows stay")
    func limit() throws {
        let bench = try Bench()
        let bad = "AAPL,2019-99-02,1,2,0.5,1.5,1\n"
        let path = try bench.file(PriceTests.header + PriceTests.apple + bad + bad)
        let report = try bench.prices(path)
        #expect(report.added == 1)
        let text = try #require(report.refusal(limit: 0.5))
        #expect(text.contains("2 of 3 rows") && text.contains("line 3, date \"2019-99-02\""))
        #expect(text.contains("YYYY-MM-DD"))
        #expect(report.refusal(limit: 0.67) == nil && report.refusal(limit: 0) != nil)
    }

    @Test("rows that rightly hold no listed share do not count")
    func beside() throws {
        let bench = try Bench()
        let none = String(repeating: ImportTests.row("--"), count: 3)
        let report = try bench.disclosures(
            bench.file(ImportTests.header + ImportTests.row("AMZN") + none))
        #expect(report.rejected == 3 && report.beside == 3)
        #expect(report.refusal(limit: 0) == nil)
    }

    @Test("a file without rows is refused")
    func empty() throws {
        let bench = try Bench()
        let report = try bench.prices(bench.file(PriceTests.header))
        #expect(report.refusal(limit: 1)?.contains("no rows") == true)
    }

    @Test("every reason has a remedy")
    func remedies() {
        for value in UInt8(0)...20 {
            let reason = RejectionReason(rawValue: value)
            #expect(reason.map { !FileReport.remedy($0).isEmpty } == true)
        }
    }
}
