import EventLog
import Events
import Testing

@testable import Audit

@Suite("Where two runs part")
struct DivergenceTests {
    private static let noon = Instant(Day(year: 2020, month: 1, day: 2)!, hour: 12)

    private func envelope(_ hours: Int64, causation: Reference = .none, ordinal: UInt16 = 0)
        -> Envelope
    {
        let at = DivergenceTests.noon.adding(seconds: hours * 3_600)
        return Envelope(
            knownAt: at, recordedAt: at, causation: causation, through: UInt64(hours),
            ordinal: ordinal, actor: .loop)
    }

    private func skip(_ ticker: String, _ reason: SkipReason, of signal: UInt64, _ hours: Int64)
        -> [UInt8]
    {
        SignalSkipped(
            envelope: envelope(hours, causation: .own(signal)), signal: .own(signal),
            day: DivergenceTests.noon.day, ticker: Ticker(ticker)!, reason: reason
        ).encoded()
    }

    private func started(_ hours: Int64, ordinal: UInt16 = 0) -> [UInt8] {
        JobStarted(
            envelope: envelope(hours, ordinal: ordinal),
            scheduledAt: DivergenceTests.noon.adding(seconds: hours * 3_600), job: .cycle,
            attempt: 0, trigger: .scheduled
        ).encoded()
    }

    private var settings: [UInt8] {
        ConfigurationChanged(
            envelope: envelope(0), digest: .zero, scope: .strategy, name: "x", parent: nil,
            forkedAt: .none, startDay: nil, endDay: nil, text: []
        ).encoded()
    }

    private func search(_ left: [[UInt8]], _ right: [[UInt8]], shared: UInt64 = 0) throws
        -> Divergence.Search
    {
        try Divergence.search(
            DecisionStream(left, after: shared), DecisionStream(right, after: shared),
            ReferencePairs(shared: shared, nil, nil))
    }

    @Test("is nowhere, though numbers have moved and what is counted at an instant has")
    func moved() throws {
        let left = [started(1), skip("AAA", .cooldown, of: 1, 2), skip("BBB", .cooldown, of: 1, 3)]
        let right = [
            settings, started(1, ordinal: 7), skip("AAA", .cooldown, of: 2, 2),
            skip("BBB", .cooldown, of: 2, 3),
        ]
        let found = try search(left, right)
        #expect(found.parting == nil && found.equal == 3)
        // An event that stands for none of the other's is another.
        let other = try search(left, right.dropLast() + [skip("BBB", .cooldown, of: 3, 3)])
        #expect(other.equal == 2)
        #expect(
            other.parting?.fields.map(\.path) == ["envelope.causation", "signal"])
    }

    @Test("is the first decision that is another, with both values of each field")
    func changed() throws {
        let left = [started(1), skip("AAA", .cooldown, of: 1, 2)]
        let right = [started(1), skip("AAA", .alreadyHeld, of: 1, 2)]
        let found = try search(left, right)
        let parting = try #require(found.parting)
        #expect(parting.left?.reference == .own(2) && parting.right?.reference == .own(2))
        #expect(
            parting.fields == [
                Parting.FieldDifference(
                    path: "reason", left: "\"cooldown\"", right: "\"alreadyHeld\"")
            ])
        #expect(found.order == nil)
    }

    @Test("is what only one has: earlier, at the same instant, or at the end")
    func missing() throws {
        let (one, two) = (skip("AAA", .cooldown, of: 1, 2), skip("BBB", .cooldown, of: 1, 2))
        let later = skip("CCC", .cooldown, of: 1, 3)
        for (left, right, onlyLeft) in [
            ([started(1), one, two], [started(1), two], true),
            ([started(1), two], [started(1), one, two], false),
            ([started(1), one], [started(1), later], true),
            ([started(1), one, two], [started(1), one], true),
        ] {
            let parting = try #require(try search(left, right).parting)
            #expect((parting.left != nil) == onlyLeft && (parting.right == nil) == onlyLeft)
            #expect(parting.fields.isEmpty)
        }
    }

    @Test("shared events are named by equal numbers alone")
    func shared() throws {
        let left = [skip("AAA", .cooldown, of: 3, 2)]
        #expect(try search(left, left, shared: 5).parting == nil)
        let other = try search(left, [skip("AAA", .cooldown, of: 4, 2)], shared: 5)
        #expect(other.parting?.left?.reference == .own(6))
    }

    private func trade(_ ticker: String, _ day: Int, profit: Double) -> TradeFacts {
        TradeFacts(
            ticker: Ticker(ticker)!, entryDay: Day(rawValue: Int32(day)),
            exitDay: Day(rawValue: Int32(day + 9)), quantity: Quantity(rawValue: 1),
            entryPrice: 1, exitPrice: 2, profit: Money(dollars: profit), reason: "stop")
    }

    @Test("trades are paired by ticker and entry, and what is equal is left out")
    func trades() throws {
        let left = [
            trade("AAA", 1, profit: 5), trade("BBB", 2, profit: 1), trade("CCC", 3, profit: 1),
        ]
        let right = [
            trade("DDD", 0, profit: 7), trade("BBB", 2, profit: 4), trade("CCC", 3, profit: 1),
        ]
        let found = TradeDifference.all(left, right)
        #expect(found.map { "\($0.ticker)" } == ["DDD", "AAA", "BBB"])
        #expect(found.map(\.gain) == [7, -5, 3].map { Money(dollars: $0) })
        #expect(found[0].left == nil && found[1].right == nil)
        #expect(TradeDifference.all(left, left).isEmpty)
    }
}
