import Foundation
import TestKit
import Testing

/// Which calendar a data folder follows is settled by its first ingest, and said.
@Suite("The calendar of a data folder", .timeLimit(.minutes(10)))
struct CalendarCommandTests {
    private let folder = TemporaryFolder()

    /// Bars of a ticker on days from 2019-01-01 on, those of `takes` only; 1 is a Monday.
    private func bars(_ days: Int, _ takes: (Int) -> Bool) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        let start = calendar.date(from: DateComponents(year: 2019, month: 1, day: 1))!
        var text = "ticker,date,open,high,low,close,volume\n"
        for number in 0..<days {
            let day = start.addingTimeInterval(Double(number) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: day)
            guard takes((parts.weekday! + 5) % 7 + 1) else { continue }
            let date = String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
            text += "ACME,\(date),10,11,9,10,1000\n"
        }
        return text
    }

    private func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
    }

    @Test("a new folder follows XNYS from its first fact: bars on a weekend are counted")
    func byDefault() throws {
        try write("p.csv", bars(14) { _ in true })
        let answer = try Shell.run(
            """
            set -e
            $R ingest prices p.csv --data d
            $R events --data d --limit 1
            $R status --data d
            $R status --data d --json
            $R backtest --data d --strategy baseline --set train=false --run r
            """, in: folder.path)
        #expect(answer.status == 0, "\(answer.output.suffix(800))")
        #expect(answer.output.contains("ConfigurationChanged"))
        #expect(answer.output.contains("sessions       of the New York Stock Exchange"))
        #expect(answer.output.contains("\"calendar\":\"xnys\""))
        // New Year's Day and four days of two weekends.
        #expect(answer.output.contains("XNYS: 5 other dates with 5 bars are left out"))
    }

    @Test("bars on most of its holidays are another market's: the folder follows none")
    func otherMarket() throws {
        try write("p.csv", bars(60) { $0 <= 5 })
        let answer = try Shell.run(
            "$R ingest prices p.csv --data d 2>&1; $R status --data d", in: folder.path)
        #expect(answer.output.contains("follows no exchange's calendar (--calendar none;"))
        #expect(answer.output.contains("enough tickers have a bar (--calendar none)"))
        let asked = try Shell.run(
            """
            $R ingest prices p.csv --data e --calendar xnys 2>&1
            $R ingest prices p.csv --data e --calendar none 2>&1
            echo status $?
            """, in: folder.path)
        #expect(!asked.output.contains("follows no exchange's calendar"))
        #expect(asked.output.contains("follows xnys since its first fact"))
        #expect(asked.output.contains("status 64"))
    }

    @Test("prices that come after another file chose the calendar, and contradict it, are named")
    func later() throws {
        try write("p.csv", bars(60) { $0 <= 5 })
        try write("s.csv", "symbol,sector\nACME,Energy\n")
        let answer = try Shell.run(
            """
            $R ingest reference s.csv --data d > made
            $R ingest prices p.csv --data d 2>&1
            $R status --data d --json
            """, in: folder.path)
        #expect(answer.output.contains("!! p.csv: it has bars on most of the weekdays"))
        #expect(answer.output.contains("\"calendar\":\"xnys\""))
    }

    @Test("a simulated world follows none, unless --calendar xnys says so")
    func simulated() throws {
        try write("p.csv", bars(14) { _ in true }.replacing("ACME", with: "SIM0001"))
        let answer = try Shell.run(
            """
            $R ingest prices p.csv --data c --calendar xnys >made; echo status $?
            $R status --data c --json
            $R ingest prices p.csv --data d > made
            $R status --data d --json
            """, in: folder.path)
        #expect(answer.output.contains("status 0"))
        #expect(answer.output.contains("\"calendar\":\"xnys\""))
        #expect(answer.output.contains("\"calendar\":\"none\""))
    }

    @Test("bars outside of its years are refused at the first ingest, and no folder is made")
    func outside() throws {
        try write("p.csv", bars(14) { _ in true }.replacing(",2019-", with: ",1979-"))
        let answer = try Shell.run(
            "$R ingest prices p.csv --data d 2>&1; echo status $?; ls", in: folder.path)
        #expect(answer.output.contains("--calendar none"))
        #expect(answer.output.contains("status 65"))
        #expect(!answer.output.contains("\nd\n"))
    }
}
