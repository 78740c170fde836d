import EventLog
import Events
import Testing

@testable import Ingest

@Suite("Corporate actions of price files and files of actions")
struct ActionTests {
    private static let header =
        "ticker,date,open,high,low,close,volume,adjusted_close,dividend_amount,split_coefficient\n"

    private func row(
        _ ticker: String, _ date: String, _ close: Double, _ adjusted: Double? = nil,
        dividend: String = "0.0", split: String = "1.0"
    ) -> String {
        "\(ticker),\(date),\(close),\(close),\(close),\(close),100,"
            + "\(adjusted.map { "\($0)" } ?? ""),\(dividend),\(split)\n"
    }

    /// What a file gives: bars as `DAY CLOSE ADJUSTMENT`, actions as `TICKER DAY KIND NUMBER`.
    private func read(
        _ text: String, name: String = "input.csv", _ options: PriceImporter.Options = .init()
    ) throws -> (bars: [String], actions: [String], report: FileReport) {
        let bench = try Bench()
        let report = try bench.prices(bench.file(text, name: name), options)
        let bars = try bench.events(SessionClosed.self).flatMap { session in
            session.bars.map {
                "\(session.day) \($0.close) \(session.adjustment)"
                    + (session.envelope.flags.contains(.hindsight) ? " hindsight" : "")
            }
        }
        let actions = try bench.events(CorporateActionAnnounced.self).map {
            "\($0.ticker) \($0.exDay) \($0.kind) \($0.ratio ?? $0.amount ?? 0)"
        }
        return (bars, actions, report)
    }

    @Test("a file with action columns gives bars as traded and actions, known at 05:00")
    func asTraded() throws {
        let text =
            Self.header + row("AAA", "2019-03-04", 400, 99.5)
            + row("AAA", "2019-03-05", 101, 100.5, split: "4.00000003")
            + row("AAA", "2019-03-06", 100.5, 100.5, dividend: "0.5")
        let found = try read(text)
        #expect(
            found.bars == [
                "2019-03-04 400.0 none", "2019-03-05 101.0 none", "2019-03-06 100.5 none",
            ]
        )
        #expect(found.actions == ["AAA 2019-03-05 split 4.0", "AAA 2019-03-06 dividend 0.5"])
        #expect(found.report.actions == 2 && found.report.notes.isEmpty)
        let bench = try Bench()
        _ = try bench.prices(bench.file(text))
        let known = try bench.events(CorporateActionAnnounced.self).map(\.envelope)
        #expect(
            known.map(\.knownAt.description) == ["2019-03-05T05:00:00Z", "2019-03-06T05:00:00Z"])
        #expect(known.allSatisfy { !$0.flags.contains(.hindsight) })
        #expect(try bench.prices(bench.file(text)).added == 0, "a second time adds nothing")
    }

    @Test("the adjusted close beside actions only checks them, differences counted")
    func checked() throws {
        let found = try read(
            Self.header + row("AAA", "2019-03-04", 100, 100) + row("AAA", "2019-03-05", 101, 99)
                + row("AAA", "2019-03-06", 101, 99))
        #expect(found.bars.first == "2019-03-04 100.0 none")
        #expect(found.report.notes.map(\.remark) == [.adjustedDiffers])
        #expect(found.report.notes[0].count == 1 && found.report.notes[0].firstLine == 3)
    }

    @Test(
        "prices that go on through a split are adjusted for it already (Yahoo), dividends are not")
    func yahoo() throws {
        let text =
            Self.header + row("AAA", "2019-03-04", 100, 99)
            + row("AAA", "2019-03-05", 101, 100, split: "4")
            + row("AAA", "2019-03-06", 100, 100, dividend: "1")
        let found = try read(text)
        #expect(found.bars.allSatisfy { $0.hasSuffix("splits hindsight") })
        #expect(found.actions == ["AAA 2019-03-06 dividend 1.0"])
        #expect(found.report.notes.map(\.remark) == [.actionInPrices])
    }

    @Test("yfinance's history, adjusted for all that stands beside it, gives no action")
    func history() throws {
        let header = "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
        let text = header + "2019-03-04,10,12,9,11,7,0.5,0\n2019-03-05,10,12,9,11,7,0,0\n"
        let found = try read(text, name: "AAA.csv")
        #expect(
            found.actions.isEmpty && found.bars[0] == "2019-03-04 11.0 splitsAndDividends hindsight"
        )
        #expect(found.report.notes.map(\.remark) == [.actionInPrices])
        var options = PriceImporter.Options()
        options.adjustment = Adjustment.none
        let plain = try read(text, name: "AAA.csv", options)
        #expect(plain.actions == ["AAA 2019-03-04 dividend 0.5"])
        #expect(plain.bars[0] == "2019-03-04 11.0 none")
    }

    @Test("a split that no price shows is not taken; a spin-off told twice counts once")
    func refused() throws {
        let found = try read(
            Self.header + row("AAA", "2019-03-04", 24, 24, split: "309.98140112")
                + row("AAA", "2019-03-05", 54, 54)
                + row("AAA", "2019-03-06", 48.6, 60, dividend: "5.87", split: "1.122")
                + row("BBB", "2019-03-05", 10, 10) + row("BBB", "2019-03-06", 10, 10, split: "10"))
        #expect(found.actions == ["AAA 2019-03-06 spinOff 1.122"])
        #expect(
            found.report.notes.map(\.remark) == [.actionNotShown, .spinOffTwice, .adjustedDiffers])
        #expect(found.report.notes[0].count == 2)
    }

    @Test(
        "a ratio is read as files write it",
        arguments: [(String, Double)]([
            ("4", 4), ("4.0", 4), ("4:1", 4), ("1/8", 0.125), ("4-for-1", 4), ("7.00000700001", 7),
            ("0.333333", 1 / 3.0), ("1.5", 1.5), ("1.122", 1.122), ("", 1), ("0", 1), ("1.0", 1),
        ]))
    func ratio(_ text: String, _ ratio: Double) {
        #expect(SplitRatio.value(text) == ratio)
    }

    @Test("what is no ratio or dividend is refused", arguments: ["x", "-4", "4:0", "1e9", "nan"])
    func noRatio(_ text: String) throws {
        let bad = try read(
            Self.header + row("AAA", "2019-03-04", 10) + row("AAA", "2019-03-05", 10, split: text))
        #expect(bad.report.count(.badNumber) == 1 && bad.report.added == 1)
        let dividend = try read(Self.header + row("AAA", "2019-03-04", 10, dividend: "-1"))
        #expect(dividend.report.count(.badNumber) == 1)
    }

    private func actions(_ text: String) throws -> (
        [CorporateActionAnnounced], FileReport, [RejectedRow]
    ) {
        let bench = try Bench()
        var rejects: [RejectedRow] = []
        let report = try ActionImporter(bench.writer(), onReject: { rejects.append($0) })
            .run(bench.file(text))
        return (try bench.events(), report, rejects)
    }

    @Test(
        "a file of actions: every kind, known at its ex-date or the morning after it was announced")
    func file() throws {
        let (events, report, _) = try actions(
            """
            Ticker,Ex Date,Kind,Ratio,Amount,New Ticker,Announced
            AAA,2019-03-05,split,4:1,,,2019-02-01
            BBB,2019-03-05,dividend,,0.25,,
            CCC,2019-03-05,spin-off,,3.5,,
            DDD,2019-03-05,spin-off,1.05,,,
            EEE,2019-03-05,symbol-change,,,EEF,2019-03-05
            FFF,2019-03-05,delisting,,12,,

            """)
        #expect(report.added == 6 && report.rejected == 0)
        #expect(
            events.map(\.kind) == [
                .split, .dividend, .spinOff, .spinOff, .symbolChange, .delisting,
            ])
        #expect(events.map(\.ratio) == [4, nil, nil, 1.05, nil, nil])
        #expect(events.map(\.amount) == [nil, 0.25, 3.5, nil, nil, 12])
        #expect(events[4].newTicker == Ticker("EEF"))
        #expect(
            events.map(\.envelope.knownAt.description)
                == ["2019-02-02T05:00:00Z"] + Array(repeating: "2019-03-05T05:00:00Z", count: 5))
    }

    @Test(
        "a row that says no action is refused, with its field",
        arguments: [
            ("AAA,2019-03-05,merger,,,,", "kind"), ("AAA,2019-03-05,split,,,,", "ratio"),
            ("AAA,2019-03-05,split,1,,,", "ratio"), ("AAA,x,split,4,,,", "ex_date"),
            ("AAA,2019-03-05,dividend,,-1,,", "amount"),
            ("AAA,2019-03-05,symbol-change,,,AAA,", "new_ticker"),
            ("AAA,2019-03-05,split,4,,,2019-03-06", "announced"),
            ("AAA,2031-03-05,split,4,,,", "ex_date"), ("^A,2019-03-05,split,4,,,", "ticker"),
        ])
    func refusedRow(_ row: String, _ field: String) throws {
        let (events, report, rejects) = try actions(
            "ticker,ex_date,kind,ratio,amount,new_ticker,announced\n\(row)\n")
        #expect(events.isEmpty && report.rejected == 1 && rejects.first?.field == field)
    }
}
