import EventLog
import Events
import Testing

@testable import Backtest

/// Trades of another engine, against a market of ten sessions in three tickers.
@Suite("An audit of another engine's trades")
struct TradeAuditTests {
    private static func day(_ number: Int) -> Day { Day(year: 2020, month: 3, day: 2)! + number }

    /// AAA rises by a dollar a session, BBB falls by one, CCC stands still and is not traded on
    /// session 5; a purchase of AAA on session 1 is known on session 4.
    private static func facts() throws -> TimelineFacts {
        var facts = TimelineFacts()
        var position: UInt64 = 0
        func take(_ message: [UInt8]) throws {
            position += 1
            try facts.take(message.span.bytes, at: position)
        }
        for number in 0..<10 {
            if number == 4 { try take(filing(knownAt: Instant(day(4), hour: 5))) }
            let at = Instant(day(number), hour: 21)
            let envelope = Envelope(knownAt: at, recordedAt: at, actor: .timeline)
            try take(
                IndexClosed(
                    envelope: envelope, source: .zero, close: 100 + Double(number),
                    adjustedClose: nil, day: day(number), series: .market, symbol: "X",
                    conflicts: 0
                ).encoded())
            func bar(_ ticker: String, _ open: Double) -> SessionClosed.Bar {
                SessionClosed.Bar(
                    ticker: Ticker(ticker)!, open: open, high: open + 1, low: open - 1,
                    close: open + 0.5, volume: ticker == "CCC" && number == 5 ? 0 : 1_000)
            }
            try take(
                SessionClosed(
                    envelope: envelope, source: .zero, day: day(number), part: 0, conflicts: 0,
                    unadjusted: 0, adjustment: .splits,
                    bars: [
                        bar("AAA", 50 + Double(number)), bar("BBB", 50 - Double(number)),
                        bar("CCC", 50),
                    ]
                ).encoded())
        }
        return facts
    }

    private static func filing(knownAt: Instant) -> [UInt8] {
        DisclosureFiled(
            envelope: Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline),
            rowDigest: Digest(w0: 1, w1: 0, w2: 0, w3: 0), amountLow: nil, amountHigh: nil,
            occurrence: 0, filedOn: day(3), tradedOn: day(1), ticker: Ticker("AAA")!, side: .buy,
            transaction: .purchase, owner: .filer, format: .congressCSV, filer: "Somebody",
            row: []
        ).encoded()
    }

    private func trade(
        _ symbol: String, _ entry: (Int, Double), _ exit: (Int, Double)?, short: Bool = false,
        quantity: Double = 10, costs: Double = 0, profit: Double? = nil, line: Int = 2
    ) -> ForeignTrade {
        ForeignTrade(
            line: line, symbol: symbol, isShort: short, quantity: quantity,
            entry: ForeignMoment(day: TradeAuditTests.day(entry.0)), entryPrice: entry.1,
            exit: exit.map { ForeignMoment(day: TradeAuditTests.day($0.0)) },
            exitPrice: exit?.1, costs: costs, profit: profit)
    }

    private func audit(_ trades: [ForeignTrade]) throws -> TradeAudit {
        TradeAudit(trades, try TradeAuditTests.facts(), TradeAudit.Options())
    }

    @Test("finds each fault by its name, and nothing in a trade without one")
    func findings() throws {
        let sound = trade("AAA", (5, 55), (7, 57))
        #expect(try audit([sound]).isSound)
        let twice = TradeAudit.Kind.duplicate
        for (trades, kinds) in [
            ([sound, sound], [twice]),
            ([trade("ZZZ", (5, 55), (7, 57))], [.unknownTicker]),
            ([trade("AAA", (20, 55), (21, 57))], [.unknownSession, .unknownSession]),
            ([trade("AAA", (7, 57), (5, 55))], [.exitBeforeEntry]),
            ([trade("AAA", (5, 56.1), (7, 57))], [.outsideBar]),
            ([trade("AAA", (5, 55), (7, 55.9))], [.outsideBar]),
            ([trade("AAA", (5, 56.001), (7, 57))], []),
            ([trade("CCC", (5, 50), (7, 50))], [.noVolume]),
            ([trade("AAA", (2, 52), (7, 57))], [.beforeKnowledge]),
            ([trade("AAA", (2, 52), (7, 57), short: true)], []),
            ([trade("AAA", (5, 55), (7, 57), costs: 1, profit: 19)], []),
            ([trade("AAA", (5, 55), (7, 57), costs: 1, profit: 20)], [.profitDiffers]),
            ([trade("BBB", (5, 45), (7, 43), short: true, costs: 1, profit: 19)], []),
        ] as [([ForeignTrade], [TradeAudit.Kind])] {
            #expect(try audit(trades).findings.map(\.kind) == kinds, "\(trades)")
        }
        var early = trade("AAA", (5, 55), (7, 57))
        early.decided = ForeignMoment(day: TradeAuditTests.day(6))
        #expect(try audit([early]).findings.map(\.kind) == [.beforeDecision])
    }

    @Test("tells a filing that was known in time from one that came later, and from none")
    func knowledge() throws {
        let audit = try audit([
            trade("AAA", (4, 54), (7, 57)), trade("AAA", (3, 53), (7, 57), line: 3),
            trade("BBB", (3, 47), (7, 43), line: 4),
        ])
        #expect(audit.knowledge == TradeAudit.Knowledge(caused: 1, early: 1, without: 1))
        #expect(audit.findings.map(\.line) == [3])
        #expect(audit.findings[0].text.contains("t9 of a trade of 2020-03-03"))
    }

    @Test("measures what fills at the session's own close gained over the next open")
    func gap() throws {
        let audit = try audit([
            trade("AAA", (5, 55.5), (7, 57)), trade("BBB", (5, 45.5), (7, 43), line: 3),
            trade("AAA", (6, 56), (9, 60), line: 4), trade("AAA", (9, 59.5), nil, line: 5),
        ])
        #expect(audit.gap.atClose == 3 && audit.gap.measured == 2)
        // AAA opens at 56, half a dollar above; BBB at 44, a dollar and a half below.
        let mean = (56 / 55.5 - 1 + 44 / 45.5 - 1) / 2
        #expect((try #require(audit.gap.mean) - mean).magnitude < 1e-12)
        #expect((audit.gap.dollars - (5 - 15)).magnitude < 1e-9)
        // One exit at the high of its bar.
        #expect(audit.gap.atBest == 1 && audit.gap.fills == 7 && audit.open == 1)
    }

    @Test("sets positions beside random tickers at the same times, parts of one together")
    func interval() throws {
        let parts = [
            trade("AAA", (5, 55), (6, 56), quantity: 4),
            trade("AAA", (5, 55), (8, 58), quantity: 6, line: 3),
        ]
        let audit = try audit(parts)
        #expect(audit.rows == 2 && audit.positions == 1 && audit.drawnFor == 1)
        let profit = try #require(audit.profitInterval)
        // By its own prices: 4 shares a dollar, 6 shares three.
        #expect((profit.observed - 22).magnitude < 1e-9)
        // At the opens BBB loses as much in dollars of another price, CCC is not traded.
        #expect(
            (profit.low - 550 * (0.4 * (44 / 45.0 - 1) + 0.6 * (42 / 45.0 - 1))).magnitude < 1e-9)
        #expect((profit.high - profit.observed).magnitude < 1e-9)
        #expect(profit.pValue > 0.4 && profit.pValue < 0.6)
        #expect(audit.winInterval?.low == 0 && audit.winInterval?.high == 1)
        let short = try self.audit([trade("BBB", (5, 45), (8, 42), short: true)])
        #expect((try #require(short.profitInterval).observed - 30).magnitude < 1e-9)
    }
}
