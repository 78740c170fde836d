import Audit
import Events
import TestKit
import TestWorlds
import Testing

/// Look-aheads at corporate actions, planted into what the loop is fed: an action that is known or
/// applied early, prices that know tomorrow's factor, a symbol that is mapped before its change.
@Suite("Planted look-aheads at corporate actions: found by check-lookahead")
struct PlantedActionTests {
    typealias Plant = @Sendable (ActionWorld, [[UInt8]]) throws -> [[UInt8]]

    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let plant: Plant
        var testDescription: String { name }
    }

    @Test("the table has twenty, no two alike")
    func table() {
        #expect(Set(Self.plants.map(\.name)).count == Self.plants.count)
        #expect(Self.plants.count >= 20)
    }

    @Test("the loop itself decides the same whatever actions come after the cut")
    func honest() throws {
        #expect(try firstDifference { $1 } == nil)
    }

    @Test("each plant is found", arguments: plants)
    func found(_ named: Named) throws {
        #expect(try firstDifference(named.plant) != nil, "\(named.name) is not found")
    }

    /// The first decision up to a cut that changes when the facts after it are scrambled.
    private func firstDifference(_ plant: Plant) throws -> UInt64? {
        let world = try ActionWorld()
        let recorded = try SmallWorld.replay(try plant(world, world.facts))
        // The hours in which an action is as good as known, and is not.
        for day in world.exDays {
            let cut = Instant(day, hour: 1)
            let facts = try plant(world, try SmallWorld.scrambled(world.facts, after: cut))
            let again = try SmallWorld.replay(facts)
            for position in 1...max(recorded.count, again.count) {
                guard position <= recorded.count, position <= again.count else { return position }
                let message = Array(try recorded.message(position))
                if try Envelope(message: message.span.bytes).recordedAt > cut { break }
                if try again.message(position) != recorded.message(position) { return position }
            }
        }
        return nil
    }

    static let plants: [Named] =
        [1, 2, 5, 21].map { lag in
            Named(name: "splits applied \(lag) sessions early") { world, facts in
                try world.move(facts, by: lag) { $0.kind == .split }
            }
        }
        + [1, 5, 21].map { lag in
            Named(name: "dividends paid \(lag) sessions early") { world, facts in
                try world.move(facts, by: lag) { $0.kind == .dividend }
            }
        }
        + [2, 5, 21].map { lag in
            Named(name: "a symbol mapped \(lag) sessions before its change") { world, facts in
                try world.map(facts, early: lag)
            }
        }
        + [
            Named(name: "a symbol mapped from the beginning") { world, facts in
                try world.map(facts, early: 1_000)
            },
            Named(name: "prices divided by all later splits") { world, facts in
                try world.adjust(facts, .split, prices: true, volumes: false)
            },
            Named(name: "prices less all later dividends") { world, facts in
                try world.adjust(facts, .dividend, prices: true, volumes: false)
            },
            Named(name: "volumes multiplied by all later splits") { world, facts in
                try world.adjust(facts, .split, prices: false, volumes: true)
            },
            Named(name: "the ratio of the split that comes next") { world, facts in
                try world.swap(facts, .split)
            },
            Named(name: "the amount of the dividend that comes next") { world, facts in
                try world.swap(facts, .dividend)
            },
        ]
        + [5, 21].map { days in
            Named(name: "no filing of a ticker that is split within \(days) days") { world, facts in
                try world.leaveOut(facts) { action, filing in
                    action.kind == .split && action.ticker == filing.ticker
                        && action.exDay > filing.filedOn && action.exDay - filing.filedOn <= days
                }
            }
        }
        + [
            Named(name: "no filing of a ticker before a dividend of more than two dollars") {
                world, facts in
                try world.leaveOut(facts) { action, filing in
                    action.kind == .dividend && action.ticker == filing.ticker
                        && action.exDay > filing.filedOn && action.exDay - filing.filedOn <= 30
                        && (action.amount ?? 0) > 2
                }
            },
            Named(name: "a share valued at what its delisting will pay") { world, facts in
                try world.payEarly(facts)
            },
        ]
}

/// A small market as it was traded: shares are split, pay dividends, are delisted, and filings
/// name a symbol that one of them takes later.
struct ActionWorld {
    let facts: [[UInt8]]
    let days: [Day]
    /// When shares change, ascending.
    let exDays: [Day]
    /// The symbol that is taken, and when.
    static let newSymbol = Ticker("NEW")!

    init() throws {
        let world = SmallWorld()
        days = world.days
        var actions: [CorporateActionAnnounced] = []
        func announce(
            _ ticker: Int, _ session: Int, _ kind: CorporateActionKind, ratio: Double? = nil,
            amount: Double? = nil, newTicker: Ticker? = nil
        ) {
            let knownAt = Instant(world.days[session], hour: 5)
            actions.append(
                CorporateActionAnnounced(
                    envelope: Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline),
                    ratio: ratio, amount: amount, exDay: world.days[session],
                    ticker: SmallWorld.tickers[ticker], newTicker: newTicker, kind: kind,
                    source: .zero))
        }
        for session in stride(from: 22, to: 150, by: 4) {
            announce(session % 10, session, .split, ratio: [2, 3, 0.5, 4][session / 4 % 4])
        }
        for session in stride(from: 21, to: 150, by: 3) {
            announce(session % 10, session, .dividend, amount: 0.5 + Double(session % 7) / 2)
        }
        announce(7, world.days.count * 2 / 3 + 1, .delisting, amount: 500)
        announce(3, 110, .symbolChange, newTicker: ActionWorld.newSymbol)
        exDays = Set(actions.map(\.exDay)).sorted()
        var facts = world.facts
        for session in [98, 106, 108] { facts += ActionWorld.filings(on: world.days[session]) }
        self.facts = try ActionWorld.traded(facts, actions, changeOn: world.days[110])
    }

    /// Filings of three persons who bought what will have the new symbol.
    private static func filings(on day: Day) -> [[UInt8]] {
        (0..<3).map { person in
            let knownAt = Instant(day + 1, hour: 5)
            return DisclosureFiled(
                envelope: Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline),
                rowDigest: Digest(w0: UInt64(day.rawValue), w1: UInt64(person), w2: 1, w3: 1),
                amountLow: Money(dollars: 250_001), amountHigh: Money(dollars: 500_000),
                occurrence: 0, filedOn: day, tradedOn: day - 3, ticker: newSymbol, side: .buy,
                transaction: .purchase, owner: .filer,
                party: person % 2 == 0 ? .democrat : .republican, format: .congressCSV,
                filer: "Buyer \(person)", row: Array("\(day),\(person)".utf8)
            ).encoded()
        }
    }

    /// Facts with bars as they were traded under splits, and the actions among them; filings of one
    /// ticker name its later symbol, half of the time before they can.
    private static func traded(
        _ facts: [[UInt8]], _ actions: [CorporateActionAnnounced], changeOn day: Day
    ) throws -> [[UInt8]] {
        var made: [(knownAt: Instant, rank: Int, message: [UInt8])] = []
        for action in actions { made.append((action.envelope.knownAt, 0, action.encoded())) }
        for (number, fact) in facts.enumerated() {
            let knownAt = try Envelope(message: fact.span.bytes).knownAt
            var message = fact
            if var session = try? SessionClosed(bytes: fact) {
                for index in session.bars.indices {
                    let split = actions.filter {
                        $0.kind == .split && $0.exDay <= session.day
                            && $0.ticker == session.bars[index].ticker
                    }.reduce(1.0) { $0 * ($1.ratio ?? 1) }
                    session.bars[index].scale(1 / split, split)
                }
                message = session.encoded()
            } else if var filing = try? DisclosureFiled(bytes: fact),
                filing.ticker == SmallWorld.tickers[3], filing.filedOn < day, number % 2 == 0
            {
                filing.ticker = newSymbol
                message = filing.encoded()
            }
            made.append((knownAt, 1, message))
        }
        return made.enumerated().sorted {
            ($0.element.knownAt, $0.element.rank, $0.offset)
                < ($1.element.knownAt, $1.element.rank, $1.offset)
        }.map(\.element.message)
    }

    private static func actions(_ facts: [[UInt8]]) -> [CorporateActionAnnounced] {
        facts.compactMap { try? CorporateActionAnnounced(bytes: $0) }
    }

    /// Each fact as `change` makes it, nil to leave it out, in order of knowledge again.
    private func changed(_ facts: [[UInt8]], _ change: ([UInt8]) throws -> [UInt8]?) throws
        -> [[UInt8]]
    {
        var made: [(knownAt: Instant, offset: Int, message: [UInt8])] = []
        for (offset, fact) in facts.enumerated() {
            guard let message = try change(fact) else { continue }
            made.append((try Envelope(message: message.span.bytes).knownAt, offset, message))
        }
        return made.sorted { ($0.knownAt, $0.offset) < ($1.knownAt, $1.offset) }.map(\.message)
    }

    /// Actions known, and applied, so many sessions early.
    func move(
        _ facts: [[UInt8]], by lag: Int, _ isMoved: (CorporateActionAnnounced) -> Bool
    ) throws -> [[UInt8]] {
        try changed(facts) { fact in
            guard var action = try? CorporateActionAnnounced(bytes: fact), isMoved(action),
                let session = days.firstIndex(of: action.exDay)
            else { return fact }
            action.exDay = days[max(1, session - lag)]
            action.envelope.knownAt = Instant(action.exDay, hour: 5)
            action.envelope.recordedAt = action.envelope.knownAt
            return action.encoded()
        }
    }

    /// Filings of a symbol taken for those of the instrument that will take it.
    func map(_ facts: [[UInt8]], early sessions: Int) throws -> [[UInt8]] {
        let change = ActionWorld.actions(facts).first { $0.newTicker == ActionWorld.newSymbol }
        guard let change, let at = days.firstIndex(of: change.exDay) else { return facts }
        let from = days[max(0, at - sessions)]
        return try changed(facts) { fact in
            guard var filing = try? DisclosureFiled(bytes: fact),
                filing.ticker == ActionWorld.newSymbol, filing.filedOn >= from
            else { return fact }
            filing.ticker = change.ticker
            return filing.encoded()
        }
    }

    /// Bars that know the factors of all later actions, which are left out.
    func adjust(
        _ facts: [[UInt8]], _ kind: CorporateActionKind, prices: Bool, volumes: Bool
    ) throws -> [[UInt8]] {
        let actions = ActionWorld.actions(facts).filter { $0.kind == kind }
        return try changed(facts) { fact in
            if let action = try? CorporateActionAnnounced(bytes: fact), action.kind == kind {
                return nil
            }
            guard var session = try? SessionClosed(bytes: fact) else { return fact }
            for index in session.bars.indices {
                let later = actions.filter {
                    $0.exDay > session.day && $0.ticker == session.bars[index].ticker
                }
                let split = later.reduce(1.0) { $0 * ($1.ratio ?? 1) }
                let paid = later.reduce(1.0) { $0 * (1 - ($1.amount ?? 0) / 400) }
                session.bars[index].scale(prices ? paid / split : 1, volumes ? split : 1)
            }
            return session.encoded()
        }
    }

    /// Each action with the number of the next of its kind.
    func swap(_ facts: [[UInt8]], _ kind: CorporateActionKind) throws -> [[UInt8]] {
        let actions = ActionWorld.actions(facts).filter { $0.kind == kind }
        return try changed(facts) { fact in
            guard var action = try? CorporateActionAnnounced(bytes: fact), action.kind == kind,
                let next = actions.first(where: { $0.exDay > action.exDay })
            else { return fact }
            (action.ratio, action.amount) = (next.ratio, next.amount)
            return action.encoded()
        }
    }

    /// Filings that an action to come speaks against are left out.
    func leaveOut(
        _ facts: [[UInt8]],
        _ speaksAgainst: (CorporateActionAnnounced, DisclosureFiled) -> Bool
    ) throws -> [[UInt8]] {
        let actions = ActionWorld.actions(facts)
        return try changed(facts) { fact in
            guard let filing = try? DisclosureFiled(bytes: fact) else { return fact }
            return actions.contains { speaksAgainst($0, filing) } ? nil : fact
        }
    }

    /// Closes of a share that will be delisted, half way to what a holder will get.
    func payEarly(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        let pays = ActionWorld.actions(facts).filter { $0.kind == .delisting }
        return try changed(facts) { fact in
            guard var session = try? SessionClosed(bytes: fact) else { return fact }
            for pay in pays where session.day < pay.exDay {
                for index in session.bars.indices where session.bars[index].ticker == pay.ticker {
                    let close = (session.bars[index].close + (pay.amount ?? 0)) / 2
                    session.bars[index].close = close
                    session.bars[index].high = max(session.bars[index].high, close)
                }
            }
            return session.encoded()
        }
    }
}

extension SessionClosed.Bar {
    fileprivate mutating func scale(_ price: Double, _ volume: Double) {
        open *= price
        high *= price
        low *= price
        close *= price
        self.volume *= volume
    }
}
