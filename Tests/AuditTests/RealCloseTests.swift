import Audit
import EventLog
import Events
import Market
import TestKit
import TestWorlds
import Testing

@Suite("Closes that were really over: found by verify --causality")
struct RealCloseTests {
    /// A fill at the close of 2019-11-29, a short day, on a filing known at an hour of that day.
    private func findings(
        hour: Int, minute: Int, _ calendar: ExchangeCalendar?
    ) throws -> [String] {
        let folder = TemporaryFolder()
        let day = Day(year: 2019, month: 11, day: 29)!
        let known = Instant(day, hour: hour, minute: minute)
        let decided = Instant(day + 1, hour: 5, minute: 30)
        let filing = DisclosureFiled(
            envelope: Envelope(knownAt: known, recordedAt: known, actor: .timeline),
            rowDigest: Digest(w0: 1, w1: 2, w2: 3, w3: 4), amountLow: nil, amountHigh: nil,
            confidence: 0.9, occurrence: 0, filedOn: day, tradedOn: day - 9,
            ticker: Ticker("ACME")!, side: .buy, transaction: .purchase, owner: .filer, party: nil,
            format: .congressCSV,
            filer: "Ann", filingID: nil, row: [])
        let fill = OrderFilled(
            envelope: Envelope(
                knownAt: decided, recordedAt: decided, correlation: .timeline(1), through: 1,
                actor: .market, flags: [.tradesDecisionClose]),
            order: .none, trigger: .none, quantity: Quantity(shares: 1), remaining: .zero,
            price: 100, marketPrice: 100, commission: .zero, cashChange: Money(dollars: -100),
            executedAt: Instant(day, hour: 18), decidedOn: day, filledOn: day,
            ticker: Ticker("ACME")!, side: .buy, leg: .entry, timing: .sameClose)
        return try Causality.check(
            run: try SmallWorld.log([fill.encoded()], kind: .run, at: "\(folder.path)/run"),
            timeline: try SmallWorld.log(
                [filing.encoded()], kind: .timeline, at: "\(folder.path)/timeline"),
            calendar: calendar
        ).findings.filter { !$0.isDeclared && $0.text.contains("really closed") }.map(\.text)
    }

    @Test("a fill at a close on a filing of that minute or later is named, with both times")
    func found() throws {
        let texts = try findings(hour: 18, minute: 0, .xnys)
        #expect(texts.count == 1)
        #expect(texts.first?.contains("known 2019-11-29T18:00:00Z") == true)
        #expect(texts.first?.contains("closed at 2019-11-29T18:00:00Z") == true)
    }

    @Test("known a minute before it is sound, and a folder without a calendar knows no real close")
    func sound() throws {
        #expect(try findings(hour: 17, minute: 59, .xnys).isEmpty)
        #expect(try findings(hour: 20, minute: 0, nil).isEmpty)
    }
}
