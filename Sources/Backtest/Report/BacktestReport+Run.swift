public import EventLog
public import Events
import FeedbackLoop
import Market
public import Pipeline

extension BacktestReport {
    /// The report on a finished run: its marks, and what its own events say.
    public init(
        _ result: Run.Result, run: MergedLog, name: String, strategy: String, startCash: Money
    ) throws {
        var tally = RunTally()
        try run.readOwn { _, message in
            try tally.take(message)
            return .proceed
        }
        self.init(
            result, tally, try run.timeline.flatMap { try PriceQuality.read(of: $0) }, name: name,
            strategy: strategy, startCash: startCash)
    }

    /// The report on a run, and what was tallied of its events.
    init(
        _ result: Run.Result, _ tally: RunTally, _ prices: PriceQuality? = nil, name: String,
        strategy: String, startCash: Money
    ) {
        var flags: [String] = []
        if result.isSimulated { flags.append("SIMULATED data") }
        if tally.tradesDecisionClose {
            flags.append("trades the close it decided on: not attainable in a market")
        }
        if result.isIndexPriceOnly { flags.append("the index is price-only: no dividends") }
        flags += prices?.warnings ?? []
        let flows = AccountFlows(result.marks)
        flags += flows.map { [$0.text] } ?? []
        let hindsight = result.hindsight
        self.init(
            facts: RunFacts(
                run: name, strategy: strategy, strategyDigest: tally.strategyDigest,
                seal: result.head.seal, timelineSeal: result.timeline.seal,
                startingValue: flows?.opening ?? startCash, flags: flags,
                hindsight: [
                    NamedCount("sessions of back-adjusted prices", Int(hindsight.sessions)),
                    NamedCount("filings", Int(hindsight.disclosures)),
                    NamedCount("parties and identities", Int(hindsight.politicians)),
                    NamedCount("seats on committees", Int(hindsight.committees)),
                    NamedCount("sectors", Int(hindsight.instruments)),
                    NamedCount("adjusted index closes", Int(hindsight.indices)),
                    NamedCount("imported predictions", Int(hindsight.predictions)),
                    NamedCount("others", Int(hindsight.others)),
                ],
                survival: (result.survival.tickers, result.survival.survivors),
                prices: prices, notes: result.notes),
            daily: BacktestReport.records(result.marks), trades: tally.trades,
            open: result.open.map(BacktestReport.position), signals: tally.signals)
        facts.followed = result.followed
        learning = tally.learning
    }

    static func records(_ marks: [SessionMark]) -> [DailyRecord] {
        var previous: SessionMark?
        var scale = FlowScale()
        return marks.map { mark in
            let before = previous
            previous = mark
            scale.take(mark, behind: before)
            var indexReturn: Double?
            if let level = mark.index, let last = before?.index { indexReturn = level / last - 1 }
            let value = mark.value.dollars
            return DailyRecord(
                day: mark.day, value: scale.of(mark.value), cash: scale.of(mark.cash),
                exposure: value == 0 ? 0 : mark.invested.dollars / value,
                indexReturn: indexReturn, hasIndex: mark.index != nil, openPositions: mark.holdings,
                turnover: mark.turnover - (before?.turnover ?? .zero))
        }
    }

    private static func position(_ open: Run.OpenHolding) -> OpenPosition {
        let holding = open.holding
        let mark = Money(dollars: holding.quantity.shares * open.lastClose)
        let marked = holding.proceeds + holding.income + mark - holding.cost
        return OpenPosition(
            ticker: holding.ticker, entryDay: holding.entryDay, entryPrice: holding.entryPrice,
            lastPrice: open.lastClose, quantity: holding.quantity,
            markedReturn: marked.dollars / holding.cost.dollars, markedProfit: marked,
            noPrice: open.isStale)
    }
}

/// Counts and trades, folded from a run's events.
struct RunTally {
    var trades: [ClosedTrade] = []
    var strategyDigest: Digest?
    var tradesDecisionClose = false
    private var kinds = Counts<SignalKind>()
    private var suppressed = Counts<SuppressionReason>()
    private var skipped = Counts<SkipReason>()
    private var cancelled = Counts<CancellationReason>()
    private var champion = ChampionCounts()
    private(set) var learning = LearningTally()

    var signals: SignalCounts {
        SignalCounts(
            classes: kinds.named, suppressed: suppressed.named, skipped: skipped.named,
            cancelled: cancelled.named, champion: champion)
    }

    mutating func take(_ message: RawSpan) throws {
        try learning.take(message)
        switch try MessageHeader(message).templateID {
        case ConfigurationChanged.templateID:
            let view = try ConfigurationChanged(message: message)
            // What was rehearsed is no part of a live run's figures.
            if view.endsRehearsal { self = RunTally() }
            if view.scope == .strategy { strategyDigest = view.digest }
        case SignalGenerated.templateID:
            let signal = try SignalGeneratedView(message)
            kinds.count(signal.kind)
            champion.add(signal.machineSide, on: signal.day)
        case SignalSuppressed.templateID:
            let signal = try SignalSuppressedView(message)
            suppressed.count(signal.reason)
            champion.add(signal.machineSide, on: signal.day)
        case SignalSkipped.templateID:
            skipped.count(try SignalSkippedView(message).reason)
        case OrderCancelled.templateID:
            cancelled.count(try OrderCancelledView(message).reason)
        case OrderFilled.templateID:
            let flags = try OrderFilledView(message).envelope.flags
            if flags.contains(.tradesDecisionClose) { tradesDecisionClose = true }
        case OutcomeRecorded.templateID:
            take(try OutcomeRecorded(message: message))
        default: break
        }
    }

    private mutating func take(_ event: OutcomeRecorded) {
        if let trade = ClosedTrade(event) { trades.append(trade) }
    }
}

extension ClosedTrade {
    /// The trade of an outcome; nil of one made elsewhere.
    init?(_ event: OutcomeRecorded) {
        guard event.source == .loop, let entryDay = event.entryDay, let exitDay = event.exitDay
        else { return nil }
        self.init(
            ticker: event.ticker, entryDay: entryDay, exitDay: exitDay,
            entryPrice: event.entryPrice, exitPrice: event.exitPrice, quantity: event.quantity,
            netReturn: event.netReturn, profit: event.returnDollars, outcome: event.outcome,
            excessReturn: event.excessReturn, favorableExcursion: event.favourableExcursion,
            adverseExcursion: event.adverseExcursion,
            reason: event.reason.map { "\($0)" } ?? "unknown",
            holdingDays: Int(event.holdingDays), holdingSessions: Int(event.holdingSessions))
    }
}

/// How often each value of an enum came, the values in the order of their numbers.
private struct Counts<Value: RawRepresentable<UInt8>> {
    private var counts: [(value: Value, count: Int)] = []

    mutating func count(_ value: Value) {
        if let index = counts.firstIndex(where: { $0.value.rawValue == value.rawValue }) {
            counts[index].count += 1
            return
        }
        let index =
            counts.firstIndex { $0.value.rawValue > value.rawValue } ?? counts.count
        counts.insert((value, 1), at: index)
    }

    var named: [NamedCount] { counts.map { NamedCount("\($0.value)", $0.count) } }
}
