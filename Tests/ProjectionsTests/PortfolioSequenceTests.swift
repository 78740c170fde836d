import Events
import Market
import TestKit
import Testing

@testable import Projections

/// The read model recounts independently of the engine's portfolio: of every sequence of orders and
/// answers, legal or not, both think the same.
@Suite("What the portfolio's read model makes of orders and answers")
struct PortfolioSequenceTests {
    @Test(
        "it takes what the engine's portfolio takes, refuses what that refuses, and holds the same")
    func agreement() throws {
        var taken = 0
        var refused = 0
        for seed in 1...400 {
            var sequence = OrderSequence(seed: UInt64(seed))
            for _ in 0..<40 {
                if try sequence.step() { taken += 1 } else { refused += 1 }
                try #require(
                    sequence.difference == nil, "seed \(seed): \(sequence.difference ?? "")")
            }
        }
        #expect(taken > 4_000 && refused > 1_000, "\(taken) taken, \(refused) refused")
    }

    @Test("its state, written and read again in the middle, goes on the same")
    func snapshots() throws {
        var (plain, read) = (OrderSequence(seed: 7), OrderSequence(seed: 7))
        for _ in 0..<40 {
            _ = try plain.step()
            _ = try read.step()
            try read.readAgain()
            #expect(plain.state == read.state)
        }
    }
}

/// Orders and answers drawn by a seed, given to the engine's portfolio and to the read model.
private struct OrderSequence {
    private static let decided = Day("2020-01-06")!
    private static let filled = Day("2020-01-07")!
    private static let tickers = [Ticker("A")!, Ticker("B")!]
    private var generator: SeededGenerator
    private var portfolio = Portfolio(cash: Money(dollars: 100_000))
    private var projection = PortfolioProjection()
    private var rows = RowChanges(tables: PortfolioProjection.tables)
    private var position: UInt64 = 1
    private var submitted: [OrderSubmitted] = []
    private var references: [Reference] = []
    private var fills: [OrderFilled] = []
    /// In what the two differ; nil while they do not.
    private(set) var difference: String?

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        let first = ConfigurationChanged(
            envelope: envelope, digest: .zero, scope: .strategy, name: "x", parent: nil,
            forkedAt: .none, startDay: nil, endDay: nil, text: Array("start_cash: 100000.0".utf8))
        do {
            try projection.evolve(
                ProjectedEvent(
                    position: 1, reference: .own(1), message: first.encoded().span.bytes), &rows)
        } catch {
            difference = "\(error)"
        }
    }

    var state: [UInt8] {
        var writer = SnapshotWriter()
        projection.snapshot(&writer)
        return writer.bytes
    }

    mutating func readAgain() throws {
        var reader = SnapshotReader(state)
        projection = try PortfolioProjection(snapshot: &reader, rows: NoRows())
    }

    private var envelope: Envelope {
        Envelope(
            knownAt: Instant(rawValue: 1), recordedAt: Instant(rawValue: Int64(position)),
            actor: .loop)
    }

    /// The next event; false when both refuse it.
    mutating func step() throws -> Bool {
        position += 1
        let reference = Reference.own(position)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1, 2: return try submit(reference)
        case 3:
            guard let order = references.randomElement(using: &generator) else { return true }
            return try give(
                OrderCancelled(
                    envelope: envelope, order: mistaken(order), quantity: Quantity(shares: 1),
                    day: OrderSequence.decided, ticker: OrderSequence.tickers[0], reason: .noBar),
                reference
            ) { try $0.apply($1) }
        case 4:
            guard let holding = portfolio.holdings.randomElement(using: &generator) else {
                return true
            }
            return try give(
                ExitTriggered(
                    envelope: envelope, holding: holding.id, signal: .none, level: nil,
                    observed: 1, day: OrderSequence.decided, decidedOn: OrderSequence.decided,
                    ticker: holding.ticker, reason: .timeout), reference
            ) { $0.apply($1, at: reference) }
        case 5:
            // An answer that comes twice.
            guard let fill = fills.randomElement(using: &generator) else { return true }
            return try give(fill, reference) {
                try $0.apply($1, at: reference, session: 1, slot: 0)
            }
        default: return try fill(reference)
        }
    }

    /// Now and then an order that nobody submitted.
    private mutating func mistaken(_ order: Reference) -> Reference {
        Int.random(in: 0..<12, using: &generator) == 0 ? .own(9_999) : order
    }

    private mutating func submit(_ reference: Reference) throws -> Bool {
        let exit = portfolio.holdings.randomElement(using: &generator)
        let isExit = exit?.isExitDue ?? false
        let ticker = OrderSequence.tickers.randomElement(using: &generator)!
        let shares = Int64.random(in: 2...9, using: &generator)
        let event = OrderSubmitted(
            envelope: envelope, signal: .none, holding: isExit ? exit!.id : .none, trigger: .none,
            quantity: isExit ? exit!.quantity : Quantity(shares: shares), referencePrice: 1,
            stopDistance: 5, targetFraction: 0.25, reservedCash: .zero, calibration: .none,
            day: OrderSequence.decided, timeoutDays: 0, attempt: 0,
            ticker: isExit ? exit!.ticker : ticker,
            side: isExit ? .sell : .buy, leg: isExit ? .exit : .entry, orderType: .market,
            timing: .nextOpen)
        let isTaken = try give(event, reference) { try $0.apply($1, at: reference) }
        if isTaken {
            submitted.append(event)
            references.append(reference)
        }
        return isTaken
    }

    private mutating func fill(_ reference: Reference) throws -> Bool {
        guard let index = submitted.indices.randomElement(using: &generator) else { return true }
        let order = submitted[index]
        let shares = Quantity(
            shares: Int64.random(in: 1...max(1, Int64(order.quantity.shares)), using: &generator))
        let price = Double(Int.random(in: 90...110, using: &generator))
        // A sale's rest is told as it is; a fill that says nothing is left of more is told too.
        let left =
            order.side == .sell && Bool.random(using: &generator) ? .zero : order.quantity - shares
        let event = OrderFilled(
            envelope: envelope, order: mistaken(references[index]), trigger: .none,
            quantity: shares, remaining: left, price: price, marketPrice: price,
            commission: .zero,
            cashChange: Money(
                dollars: shares.shares * price * (order.side == .buy ? -1 : 1)),
            executedAt: Instant(rawValue: 1), decidedOn: OrderSequence.decided,
            filledOn: OrderSequence.filled,
            ticker: order.ticker, side: order.side, leg: order.leg, timing: .nextOpen)
        let isTaken = try give(event, reference) {
            try $0.apply($1, at: reference, session: 1, slot: 0)
        }
        if isTaken { fills.append(event) }
        return isTaken
    }

    /// Gives an event to both; what is refused changes neither.
    private mutating func give<Event: EventMessage>(
        _ event: Event, _ reference: Reference,
        _ apply: (inout Portfolio, Event) throws -> Void
    ) throws -> Bool {
        var (engine, model) = (portfolio, projection)
        var refusals: (engine: String?, model: String?)
        do { try apply(&engine, event) } catch { refusals.engine = "\(error)" }
        do {
            try model.evolve(
                ProjectedEvent(
                    position: position, reference: reference, message: event.encoded().span.bytes),
                &rows)
        } catch let error as ProjectionRefusal { refusals.model = "\(error)" }
        if (refusals.engine == nil) != (refusals.model == nil) {
            difference = "\(event): \(refusals)"
        }
        guard refusals.engine == nil, refusals.model == nil else { return false }
        (portfolio, projection) = (engine, model)
        compare(after: event)
        return true
    }

    private mutating func compare(after event: some EventMessage) {
        let engine = portfolio.holdings.sorted { $0.id < $1.id }.map {
            "\($0.id) \($0.ticker) \($0.quantity) \($0.entryPrice) \($0.cost) \($0.proceeds) "
                + "\($0.sold) \(String(describing: $0.stopLevel)) "
                + "\(String(describing: $0.targetLevel))"
        }
        let model = projection.holdings.entries.map {
            "\($0.key) \($0.value.ticker) \($0.value.quantity) \($0.value.entryPrice) "
                + "\($0.value.cost) \($0.value.proceeds) \($0.value.sold) "
                + "\(String(describing: $0.value.stopLevel)) "
                + "\(String(describing: $0.value.targetLevel))"
        }
        if engine != model { difference = "after \(event): \(engine) is \(model)" }
        if portfolio.cash != projection.ledger.cash {
            difference = "after \(event): \(portfolio.cash) is \(projection.ledger.cash)"
        }
    }
}

/// A store without rows.
private struct NoRows: RowSource {
    func forEach(_ query: String, _ body: ([RowValue]) throws -> Void) throws {}
}
