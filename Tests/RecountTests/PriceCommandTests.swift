import Foundation
import TestKit
import Testing

/// What is strange about prices is said when they are read, and by every report over them.
@Suite("Prices that a report warns of", .timeLimit(.minutes(10)))
struct PriceCommandTests {
    private let folder = TemporaryFolder()

    /// Bars of a ticker on the weekdays from 2019-01-02 on.
    private func bars(_ ticker: String, _ days: Range<Int>, _ price: (Int) -> Double) -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in days {
            let date = DateText.weekday(number)
            let price = price(number)
            text += "\(ticker),\(date),\(price),\(price),\(price),\(price),1000000\n"
        }
        return text
    }

    private enum DateText {
        /// The date of a weekday, counted from 2019-01-02.
        static func weekday(_ number: Int) -> String {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = TimeZone(secondsFromGMT: 0)!
            let start = calendar.date(from: DateComponents(year: 2018, month: 12, day: 31))!
            let (weeks, days) = (number + 2).quotientAndRemainder(dividingBy: 5)
            let date = start.addingTimeInterval(Double(weeks * 7 + days) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            return String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
        }
    }

    private func write(_ files: [(String, String)]) throws {
        for (name, text) in files {
            try text.write(
                toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
        }
    }

    private func filings(_ ticker: String, _ day: Int) -> String {
        "disclosure_id,politician,ticker,side,transaction_date,disclosure_date,confidence\n"
            + "D0,Person 0,\(ticker),buy,\(DateText.weekday(day - 8)),\(DateText.weekday(day)),0.9\n"
    }

    @Test("raw prices without an action are flagged, and the split that nobody told of is named")
    func unexplained() throws {
        try write([
            ("p.csv", bars("REV", 0..<90) { $0 < 60 ? 5 + Double($0 % 3) / 10 : 100 }),
            ("f.csv", filings("REV", 40)),
        ])
        let answer = try Shell.run(
            """
            set -e
            $R ingest prices p.csv --adjustment none --data d
            $R ingest disclosures f.csv --data d > made
            $R backtest --data d --strategy disclosure-follow --run r
            $R report --data d --run r --json
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(500))")
        #expect(answer.output.contains("REV \(DateText.weekday(60)) ×"))
        #expect(answer.output.contains("\n!! prices are not adjusted and no corporate action"))
        #expect(answer.output.contains("\n!! 1 unexplained jump of a price: REV"))
        #expect(answer.output.contains("\"unexplained_jumps\":1"))
    }

    @Test("with the split told of there is no warning, and no profit from nothing")
    func explained() throws {
        try write([
            ("p.csv", bars("REV", 0..<90) { $0 < 60 ? 5 : 100 }), ("f.csv", filings("REV", 40)),
            (
                "a.csv",
                "ticker,ex_date,kind,ratio\nREV,\(DateText.weekday(60)),split,1:20\n"
            ),
        ])
        let answer = try Shell.run(
            """
            set -e
            $R ingest prices p.csv --adjustment none --data d > made
            $R ingest actions a.csv --data d
            $R ingest disclosures f.csv --data d > made
            $R backtest --data d --strategy disclosure-follow --run r
            $R report --data d --run r --json
            $R verify --run r --data d --causality
            $R reproduce --run r --data d
            $R check-lookahead --run r --data d --cuts 20
            $R project portfolio --run r --data d
            $R project lineage --run r --data d
            $R why holding REV --run r --data d --as-of \(DateText.weekday(65))
            $R sql "SELECT 'cash ' || ROUND(cash - 1e7 - (SELECT SUM(cash_change)
                FROM reference_portfolio_transactions) - (SELECT SUM(cash_change)
                FROM reference_portfolio_actions), 6) AS lost
                FROM reference_portfolio_state" --run r --data d
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(900))")
        #expect(answer.output.contains("a.csv (actions): 1 rows = 1 added"))
        #expect(
            !answer.output.contains("!! prices") && !answer.output.contains("unexplained jump of"))
        #expect(answer.output.contains("\"unexplained_jumps\":0"))
        #expect(answer.output.contains("Hindsight facts used: none"))
        #expect(answer.output.contains(" shares became 200 shares: 0.05 new for one old."))
        #expect(answer.output.contains("cash 0.0"), "every cent of it is a fill or an action")
        #expect(answer.output.contains("0.05 new shares of REV for one old from"))
    }

    @Test("downloads that were adjusted on different days are named at ingest and in the report")
    func seam() throws {
        try write([
            ("old.csv", bars("SEAM", 0..<70) { 400 + Double($0 % 9) }),
            ("new.csv", bars("SEAM", 60..<90) { 100 + Double($0 % 9) / 4 }),
            ("f.csv", filings("SEAM", 40)),
        ])
        let answer = try Shell.run(
            """
            set -e
            $R ingest prices old.csv new.csv --data d
            $R ingest disclosures f.csv --data d > made
            $R backtest --data d --strategy disclosure-follow --run r
            $R report --data d --run r --json
            $R ingest prices old.csv --data d --prefer old.csv
            $R backtest --data d --strategy disclosure-follow --run s
            $R events --data d --type SessionClosed --run s
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(900))")
        let warning =
            "!! 10 bars differ between sources (SEAM; first \(DateText.weekday(60))): "
        // At each ingest, and in the text of both reports.
        #expect(answer.output.components(separatedBy: warning).count > 3)
        #expect(answer.output.contains("differently adjusted downloads, ingest one file of each"))
        #expect(answer.output.contains("1 unexplained jump of a price: SEAM"))
        #expect(answer.output.contains("\"conflicting_bars\":10"))
        #expect(answer.output.contains("the bars of old.csv are taken"))
        let refused = try Shell.run(
            "$R ingest prices old.csv --data d --prefer other.csv", in: folder.path)
        #expect(refused.status == 64 && refused.output.contains("none of the files"))
    }
}
