import Events

/// All facts, for a strategy that must not have them, doctored as a look ahead wants them.
struct Future: Sendable {
    /// By number of the session, as the look ahead shows it.
    private(set) var sessions: [[UInt8]] = []
    /// The index's closes, in order, as the look ahead shows them.
    private(set) var indices: [[UInt8]] = []
    private(set) var volatilities: [[UInt8]] = []
    /// Facts in place of those at a position.
    private(set) var changed = Lookup<UInt64, [UInt8]>()
    /// Filings in order of knowledge.
    private(set) var filings: [(position: UInt64, filing: DisclosureFiled)] = []
    /// Whether the market rises over the sessions ahead, by number of the session.
    private(set) var isRising: [Bool] = []
    /// Filings whose ticker falls over the sessions ahead.
    private(set) var falling = Lookup<UInt64, Bool>()

    init(_ facts: [[UInt8]], _ peek: Peek) throws {
        var real: [SessionClosed] = []
        var closes: [IndexClosed] = []
        var volatility: [IndexClosed] = []
        var sectors: [(position: UInt64, event: InstrumentClassified)] = []
        var seats: [(position: UInt64, event: CommitteeAssigned)] = []
        for (index, fact) in facts.enumerated() {
            let position = UInt64(index + 1)
            switch try MessageHeader(fact.span.bytes).templateID {
            case SessionClosed.templateID: real.append(try SessionClosed(bytes: fact))
            case IndexClosed.templateID:
                let event = try IndexClosed(bytes: fact)
                if event.series == .market {
                    closes.append(event)
                } else {
                    volatility.append(event)
                }
            case DisclosureFiled.templateID:
                filings.append((position, try DisclosureFiled(bytes: fact)))
            case InstrumentClassified.templateID:
                sectors.append((position, try InstrumentClassified(bytes: fact)))
            case CommitteeAssigned.templateID:
                seats.append((position, try CommitteeAssigned(bytes: fact)))
            default: break
            }
        }
        if case .session(_, let sight) = peek.kind {
            sessions = Future.shifted(real, sight, peek.lag)
            indices = Future.shifted(closes, sight == .index ? peek.lag : 0)
            volatilities = Future.shifted(volatility, sight == .volatility ? peek.lag : 0)
        }
        if case .filing(let field) = peek.kind { read(field, peek.lag) }
        if case .sector = peek.kind { classify(sectors, peek.lag) }
        if case .committee = peek.kind { assign(seats, peek.lag) }
        if case .restraint = peek.kind { restrain(closes, real, peek.lag) }
    }

    private static func shifted(_ real: [SessionClosed], _ sight: Peek.Sight, _ lag: Int)
        -> [[UInt8]]
    {
        real.enumerated().map { number, session in
            guard number + lag < real.count else { return session.encoded() }
            let later = real[number + lag].bars
            var session = session
            for index in session.bars.indices {
                guard let bar = later.first(where: { $0.ticker == session.bars[index].ticker })
                else { continue }
                switch sight {
                case .open: session.bars[index].open = bar.open
                case .high: session.bars[index].high = bar.high
                case .low: session.bars[index].low = bar.low
                case .close: session.bars[index].close = bar.close
                case .volume: session.bars[index].volume = bar.volume
                case .bar: session.bars[index] = bar
                case .index, .volatility: break
                }
            }
            return session.encoded()
        }
    }

    private static func shifted(_ real: [IndexClosed], _ lag: Int) -> [[UInt8]] {
        real.enumerated().map { number, event in
            var event = event
            let later = real[min(number + lag, real.count - 1)]
            (event.close, event.adjustedClose) = (later.close, later.adjustedClose)
            return event.encoded()
        }
    }

    private mutating func read(_ field: Peek.Field, _ lag: Int) {
        for (index, entry) in filings.enumerated() {
            let rest = filings[(index + 1)...].map(\.filing)
            let same = field == .ticker ? rest : rest.filter { $0.ticker == entry.filing.ticker }
            guard lag <= same.count else { continue }
            let later = same[lag - 1]
            var filing = entry.filing
            switch field {
            case .side: filing.side = later.side
            case .amount:
                (filing.amountLow, filing.amountHigh) = (later.amountLow, later.amountHigh)
            case .filer: filing.filer = later.filer
            case .tradedOn: filing.tradedOn = later.tradedOn
            case .party: filing.party = later.party
            case .ticker: filing.ticker = later.ticker
            }
            changed[entry.position] = filing.encoded()
        }
    }

    private mutating func classify(
        _ sectors: [(position: UInt64, event: InstrumentClassified)], _ lag: Int
    ) {
        for (index, entry) in sectors.enumerated() {
            let later = sectors[(index + 1)...].filter { $0.event.ticker == entry.event.ticker }
            guard lag <= later.count else { continue }
            var event = entry.event
            event.sector = later[lag - 1].event.sector
            changed[entry.position] = event.encoded()
        }
    }

    private mutating func assign(
        _ seats: [(position: UInt64, event: CommitteeAssigned)], _ lag: Int
    ) {
        for (index, entry) in seats.enumerated() {
            let later = seats[(index + 1)...].filter { $0.event.name == entry.event.name }
            guard lag <= later.count else { continue }
            var event = entry.event
            event.sectors = later[lag - 1].event.sectors
            changed[entry.position] = event.encoded()
        }
    }

    private mutating func restrain(
        _ closes: [IndexClosed], _ real: [SessionClosed], _ lag: Int
    ) {
        isRising = closes.indices.map {
            closes[min($0 + lag, closes.count - 1)].close >= closes[$0].close
        }
        for (position, filing) in filings {
            guard
                let now = real.lastIndex(where: { $0.envelope.knownAt < filing.envelope.knownAt }),
                now + lag < real.count,
                let before = real[now].bars.first(where: { $0.ticker == filing.ticker }),
                let after = real[now + lag].bars.first(where: { $0.ticker == filing.ticker }),
                after.close < before.close
            else { continue }
            falling[position] = true
        }
    }
}
