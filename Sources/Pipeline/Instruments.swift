import Events

/// Which instrument a symbol stands for, as far as it is known at an instant, and what its bars are
/// adjusted for.
///
/// An instrument keeps the symbol under which it first had bars: a change of symbol that becomes
/// known changes nothing that came before. A symbol that is used again by others after its change
/// stands for another instrument, which is named with `~2` behind it.
struct Instruments {
    /// A symbol that an instrument took.
    private struct Alias {
        var symbol: Ticker
        var former: Ticker
        var instrument: Ticker
        var from: Instant
        /// The name of whoever uses the former symbol since; nil while nobody does.
        var successor: Ticker?
    }

    /// The latest bar of an instrument and the one of the session before it.
    private struct Standing {
        var session: Int
        var adjustment: Adjustment
        var before: Adjustment?
    }

    /// Sessions within which an instrument has had a bar if it is traded.
    private static let activeSessions = 20

    private var waiting: [CorporateActionAnnounced]
    private var aliases: [Alias] = []
    private var standings = Lookup<Ticker, Standing>()
    private var sessions = 0
    /// Changes of symbol that were applied.
    private(set) var changed = 0
    /// Changes of symbol that bars do not bear out: the new symbol was traded already, or the old
    /// one was not.
    private(set) var unchanged = 0

    /// Before the first session; `changes` are all changes of symbol.
    init(_ changes: [CorporateActionAnnounced]) {
        waiting = changes.sorted { ($0.exDay, $0.ticker) < ($1.exDay, $1.ticker) }
    }

    /// Whether any symbol stands for an instrument of another name.
    var hasAliases: Bool { !aliases.isEmpty }

    /// Applies the changes of symbol up to a day, by the bars of the sessions before it.
    mutating func begin(_ day: Day) {
        while let change = waiting.first, change.exDay <= day {
            waiting.removeFirst()
            apply(change)
        }
    }

    private mutating func apply(_ change: CorporateActionAnnounced) {
        guard let symbol = change.newTicker, symbol != change.ticker else { return }
        let from = Instant(change.exDay, hour: 5)
        let instrument = self.instrument(change.ticker, at: from)
        guard isActive(instrument), !isActive(self.instrument(symbol, at: from)) else {
            unchanged += 1
            return
        }
        changed += 1
        aliases.append(
            Alias(
                symbol: symbol, former: change.ticker, instrument: instrument, from: from,
                successor: nil))
    }

    private func isActive(_ instrument: Ticker) -> Bool {
        standings[instrument].map { sessions - $0.session <= Instruments.activeSessions } ?? false
    }

    /// The instrument that a symbol stands for at an instant.
    func instrument(_ symbol: Ticker, at instant: Instant) -> Ticker {
        for alias in aliases.reversed() where alias.from <= instant {
            if alias.symbol == symbol { return alias.instrument }
            if alias.former == symbol, alias.instrument == symbol, let other = alias.successor {
                return other
            }
        }
        return symbol
    }

    /// What an instrument is called on a day, by the changes of symbol up to it.
    func symbol(of instrument: Ticker, on day: Day) -> Ticker {
        guard hasAliases || !waiting.isEmpty else { return instrument }
        var there = self
        there.begin(day)
        for alias in there.aliases.reversed() where alias.from.day <= day {
            if alias.instrument == instrument { return alias.symbol }
            if alias.successor == instrument { return alias.former }
        }
        return instrument
    }

    /// The instrument of a bar; nil where a symbol is used again and too long to tell both apart.
    mutating func instrument(ofBar symbol: Ticker, on day: Day) -> Ticker? {
        guard hasAliases else { return symbol }
        let instant = Instant(day, hour: 21)
        for place in aliases.indices.reversed() where aliases[place].from <= instant {
            if aliases[place].symbol == symbol { return aliases[place].instrument }
            if aliases[place].former == symbol, aliases[place].instrument == symbol {
                let successor = aliases[place].successor ?? Ticker("\(symbol)~2")
                aliases[place].successor = successor
                return successor
            }
        }
        return symbol
    }

    /// A session has a bar of an instrument.
    mutating func note(_ instrument: Ticker, _ adjustment: Adjustment) {
        if var known = standings[instrument] {
            guard known.session != sessions else { return }
            known = Standing(
                session: sessions, adjustment: adjustment, before: known.adjustment)
            standings[instrument] = known
        } else {
            standings[instrument] = Standing(
                session: sessions, adjustment: adjustment, before: nil)
        }
    }

    /// A session's bars are noted.
    mutating func endSession() { sessions += 1 }

    /// Whether an action of an instrument is in its prices already: in those before the latest
    /// session, where it was known before that closed (`isBehindSession`), else in the latest.
    func isInPrices(_ action: CorporateActionAnnounced, isBehindSession: Bool) -> Bool {
        guard let standing = standings[action.ticker] else { return false }
        let isLatest = isBehindSession && standing.session == sessions - 1
        guard let adjustment = isLatest ? standing.before : standing.adjustment else {
            return false
        }
        switch action.kind {
        case .split: return adjustment != .none
        case .dividend, .spinOff: return adjustment == .splitsAndDividends
        default: return false
        }
    }

    /// A fact with the symbols of instruments in place of those that it was told with.
    func renamed(_ message: [UInt8], template: UInt16, at instant: Instant) throws -> [UInt8] {
        guard hasAliases else { return message }
        let bytes = message.span.bytes
        switch template {
        case DisclosureFiled.templateID:
            var event = try DisclosureFiled(message: bytes)
            return renamed(&event, \.ticker, instant) ?? message
        case DisclosureAmended.templateID:
            var event = try DisclosureAmended(message: bytes)
            return renamed(&event, \.ticker, instant) ?? message
        case InstrumentClassified.templateID:
            var event = try InstrumentClassified(message: bytes)
            return renamed(&event, \.ticker, instant) ?? message
        case TradeRecorded.templateID:
            var event = try TradeRecorded(message: bytes)
            return renamed(&event, \.ticker, instant) ?? message
        case PredictionsImported.templateID:
            var event = try PredictionsImported(message: bytes)
            for index in event.predictions.indices {
                event.predictions[index].ticker = instrument(
                    event.predictions[index].ticker, at: instant)
            }
            return event.encoded()
        default:
            return message
        }
    }

    private func renamed<Event: EventMessage>(
        _ event: inout Event, _ ticker: WritableKeyPath<Event, Ticker>, _ instant: Instant
    ) -> [UInt8]? {
        let other = instrument(event[keyPath: ticker], at: instant)
        guard other != event[keyPath: ticker] else { return nil }
        event[keyPath: ticker] = other
        return event.encoded()
    }
}
