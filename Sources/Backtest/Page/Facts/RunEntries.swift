import Events

/// An entry of a run that was filled, with what decided it.
struct RunEntry: Sendable {
    /// The entry order as it was recorded.
    var order: OrderSubmitted
    /// Where it stands among the run's own events.
    var orderPosition: UInt64 = 0
    /// Price paid, dollars a share.
    var price: Double
    /// Shares bought.
    var quantity: Quantity
    /// What it took from cash, dollars.
    var cost: Double
    /// Session of the fill.
    var day: Day
    /// Where in the session it was filled.
    var timing: FillTiming
    /// The signal behind it, nil for a strategy without signals.
    var signal: Signal?
    /// Timeline positions of the filings that counted in its signal; of a strategy without signals
    /// the filing that caused the order.
    var filings: [UInt64]
    /// What became of it, nil while the position is open.
    var outcome: OutcomeRecorded?

    /// What a page shows of a signal.
    struct Signal: Sendable {
        /// The decided confidence.
        var confidence: Double
        /// The index's regime.
        var regime: Regime
        /// Timeline positions of the filings that counted.
        var filings: [UInt64]
    }
}

/// The filled entries of a run, in order of their fills.
struct RunEntries: Sendable {
    /// The entries.
    private(set) var entries: [RunEntry] = []
    /// The configuration in canonical YAML.
    private(set) var configuration = ""
    /// The name of the strategy.
    private(set) var strategy = ""

    private var signals = Lookup<UInt64, RunEntry.Signal>()
    private var orders = Lookup<UInt64, OrderSubmitted>()
    private var numbers = Lookup<UInt64, Int>()

    /// Takes the run's event at a position.
    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        switch try MessageHeader(message).templateID {
        case ConfigurationChanged.templateID:
            let event = try ConfigurationChanged(message: message)
            if event.endsRehearsal { self = RunEntries() }
            guard event.scope == .strategy else { return }
            configuration = String(decoding: event.text, as: UTF8.self)
            strategy = event.name
        case SignalGenerated.templateID:
            let event = try SignalGenerated(message: message)
            signals[position] = RunEntry.Signal(
                confidence: event.confidence, regime: event.regime,
                filings: event.filings.map(\.filing.position))
        case OrderSubmitted.templateID:
            let event = try OrderSubmitted(message: message)
            if event.leg == .entry { orders[position] = event }
        case OrderFilled.templateID: fill(try OrderFilled(message: message))
        case OutcomeRecorded.templateID:
            let event = try OutcomeRecorded(message: message)
            if event.source == .loop, let number = numbers[event.entryOrder.position] {
                entries[number].outcome = event
            }
        default: break
        }
    }

    private mutating func fill(_ event: OrderFilled) {
        guard event.side == .buy, event.leg == .entry, let order = orders[event.order.position]
        else { return }
        let cost = -event.cashChange.dollars
        if let number = numbers[event.order.position] {
            let before = entries[number].quantity.shares
            entries[number].quantity = entries[number].quantity + event.quantity
            let shares = entries[number].quantity.shares
            entries[number].price =
                (entries[number].price * before + event.price * event.quantity.shares) / shares
            entries[number].cost += cost
            return
        }
        numbers[event.order.position] = entries.count
        let signal = order.signal == .none ? nil : signals[order.signal.position]
        let cause = order.envelope.causation
        entries.append(
            RunEntry(
                order: order, orderPosition: event.order.position, price: event.price,
                quantity: event.quantity, cost: cost,
                day: event.filledOn, timing: event.timing, signal: signal,
                filings: signal?.filings ?? (cause.isTimeline ? [cause.position] : [])))
    }
}
