public import EventLog
public import Events
public import FeedbackLoop
public import Learning
public import Pipeline

/// How two finished runs differ: where they part, and what it came to.
public struct RunDifference: Sendable {
    /// What a run came to.
    public struct Side: Sendable {
        /// Its name.
        public let name: String
        /// What it says of itself as a fork; nil for what is none.
        public let fork: ForkOrigin?
        /// Its trades, closed ones in order of closing, then those held.
        public let trades: [TradeFacts]
        /// Cash before the first session.
        public let start: Money
        /// Value after the last.
        public let end: Money

        /// Return over the whole run, as a fraction.
        public var totalReturn: Double { start == .zero ? 0 : end.dollars / start.dollars - 1 }
    }

    /// The first run.
    public let left: Side
    /// The second.
    public let right: Side
    /// Events that both share: a fork's past.
    public let shared: MergedPosition
    /// Settings that differ.
    public let settings: [SettingChange]
    /// Facts that differ; nil where both read one timeline.
    public let facts: FactChanges?
    /// Where they part.
    public let search: Divergence.Search
    /// Trades that differ.
    public let trades: [TradeDifference]

    /// Trades that both made, and that came to the same.
    public var sameTrades: Int {
        left.trades.count - trades.reduce(0) { $0 + ($1.left == nil ? 0 : 1) }
    }

    /// Replays a strategy over two timelines in memory, and compares what it decides over each.
    ///
    /// - Throws: what a replay throws.
    public init(
        _ built: BuiltStrategy, window: ReplayWindow, trainer: (any Trainer)?,
        left: (name: String, timeline: EventLog), right: (name: String, timeline: EventLog),
        progress: (Day) -> Void = { _ in }
    ) throws {
        let sides = try [left, right].map { name, timeline in
            var messages: [[UInt8]] = []
            func event(_ message: RawSpan) {
                messages.append(message.withUnsafeBytes { Array($0) })
            }
            let result =
                switch built {
                case .loop(let loop):
                    try Run.rehearse(
                        loop, timeline: timeline, window: window, trainer: trainer,
                        progress: progress, event: event)
                case .follow(let follow):
                    try Run.rehearse(
                        follow, timeline: timeline, window: window, progress: progress,
                        event: event)
                }
            let side = try Side(
                name, messages, result, startCash: built.strategy.startCash)
            return (side: side, messages: messages)
        }
        (self.left, self.right) = (sides[0].side, sides[1].side)
        (shared, settings) = (.start, [])
        facts = try FactChanges(from: left.timeline, to: right.timeline)
        search = try Divergence.search(
            DecisionStream(sides[0].messages, after: 0),
            DecisionStream(sides[1].messages, after: 0),
            ReferencePairs(shared: 0, left.timeline, right.timeline))
        trades = TradeDifference.all(self.left.trades, self.right.trades)
    }

    /// Compares two runs.
    public init(_ left: OpenedRun, _ right: OpenedRun) throws {
        let (one, other) = (try RunOrigin.read(left.log), try RunOrigin.read(right.log))
        self.left = try Side(left, one)
        self.right = try Side(right, other)
        shared = try left.merged.commonPast(with: right.merged)
        settings = SettingChange.all(
            from: one.strategy.strategy.canonicalText, to: other.strategy.strategy.canonicalText)
        let isOneTimeline = try left.timeline.head().seal == right.timeline.head().seal
        facts = isOneTimeline ? nil : try FactChanges(from: left.timeline, to: right.timeline)
        search = try Divergence.search(left.merged, right.merged)
        trades = TradeDifference.all(self.left.trades, self.right.trades)
    }
}

extension RunDifference.Side {
    init(_ run: OpenedRun, _ origin: RunOrigin) throws {
        let strategy = origin.strategy.strategy
        let result = try RunReading.result(
            of: run.merged, strategy: strategy, window: origin.window)
        var trades: [TradeFacts] = []
        try run.merged.readOwn { _, message in
            if try MessageHeader(message).templateID == OutcomeRecorded.templateID {
                let event = try OutcomeRecorded(message: message)
                if let trade = TradeFacts(event) { trades.append(trade) }
            }
            return .proceed
        }
        trades += result.open.map { TradeFacts($0) }
        self.init(
            name: run.name, fork: try ForkOrigin.read(run), trades: trades,
            start: strategy.startCash, end: result.marks.last?.value ?? strategy.startCash)
    }
}

extension RunDifference.Side {
    /// What a replay in memory came to.
    init(_ name: String, _ messages: [[UInt8]], _ result: Run.Result, startCash: Money) throws {
        var trades: [TradeFacts] = []
        for message in messages {
            let bytes = message.span.bytes
            guard try MessageHeader(bytes).templateID == OutcomeRecorded.templateID else {
                continue
            }
            if let trade = TradeFacts(try OutcomeRecorded(message: bytes)) { trades.append(trade) }
        }
        self.init(
            name: name, fork: nil, trades: trades + result.open.map { TradeFacts($0) },
            start: startCash, end: result.marks.last?.value ?? startCash)
    }
}

extension TradeFacts {
    /// A closed trade of the loop; nil for one made elsewhere.
    init?(_ event: OutcomeRecorded) {
        guard event.source == .loop, let entryDay = event.entryDay else { return nil }
        self.init(
            ticker: event.ticker, entryDay: entryDay, exitDay: event.exitDay,
            quantity: event.quantity, entryPrice: event.entryPrice, exitPrice: event.exitPrice,
            profit: event.returnDollars, reason: event.reason.map { "\($0)" } ?? "unknown")
    }

    /// What is held at the end, at its latest close.
    init(_ open: Run.OpenHolding) {
        self.init(
            ticker: open.ticker, entryDay: open.entryDay, exitDay: nil, quantity: open.bought,
            entryPrice: open.entryPrice, exitPrice: open.lastClose, profit: open.profit,
            reason: "open")
    }
}
