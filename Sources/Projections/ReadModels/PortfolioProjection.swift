public import Events
import Market

/// The read model `portfolio`: cash, positions, transactions, sessions and the signal queue,
/// recounted from fills and bars alone, independently of the engine that decided them.
public struct PortfolioProjection: Projection {
    /// Its name.
    public static let name = "portfolio"
    /// Raised with every change.
    public static let version = 7
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        SessionClosed.self, ConfigurationChanged.self, BlendWeightEvaluated.self,
        TradingModeChanged.self, SignalQueued.self, SignalSkipped.self, OrderSubmitted.self,
        OrderCancelled.self, OrderRejected.self, ExitTriggered.self, OrderFilled.self,
        OutcomeRecorded.self, CorporateActionAnnounced.self, CashMoved.self,
        PositionAdopted.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable("reference_portfolio_config", columns: 36),
        ProjectionTable("reference_portfolio_state", columns: 17),
        ProjectionTable(
            "reference_portfolio_positions", columns: 21,
            history: .versions(changing: [
                "position", "quantity", "entry_price", "cost", "current_price", "market_value",
                "unrealized_pnl", "realized_pnl", "stop_loss_price", "trailing_stop_price",
                "take_profit_price", "highest_close", "is_open", "exit_price", "exit_date",
                "exit_reason",
            ])),
        ProjectionTable(
            "reference_portfolio_transactions", columns: 17, history: .since("position")),
        ProjectionTable("reference_portfolio_snapshots", columns: 11),
        ProjectionTable(
            "reference_portfolio_signal_queue", columns: 12,
            history: .versions(changing: [
                "position", "status", "skip_reason", "order_id", "updated_at",
            ])),
        ProjectionTable(
            "reference_portfolio_actions", columns: 12, history: .since("position")),
    ]

    /// The tables' numbers.
    enum Table {
        static let config = 0
        static let state = 1
        static let positions = 2
        static let transactions = 3
        static let snapshots = 4
        static let queue = 5
        static let actions = 6
    }

    var configuration: PortfolioConfiguration?
    var ledger = Ledger()
    /// Orders that are not filled whole, by their reference.
    var orders = SortedMap<Reference, WorkingEntry>()
    /// What is held, by entry order.
    var holdings = SortedMap<Reference, HeldPosition>()
    /// Holdings that were sold whole and whose outcome is due, by entry order: the rest of an entry
    /// may come after its sale.
    var sold = SortedMap<Reference, HeldPosition>()
    /// The fills of each order, and of each holding by its name: one that comes twice adds nothing.
    var booked = SortedMap<Reference, [BookedFill]>()
    /// Signals in the queue that have come to no end, by their reference.
    var queue = SortedMap<Reference, QueuedSignal>()
    /// Corporate actions that are known and whose ex-date has not come.
    var waiting: [AnnouncedAction] = []
    /// A session that has closed and is not yet marked: its fills come first.
    var pending: PendingSession?
    var tradingMode = "paper"
    /// Whether the account is a broker's: its cash is what the broker says moved it.
    var hasBroker = false
    /// The latest blend weight, tenths; nil before it was evaluated.
    var blendTenths: Int?
    var tally = TradeTally()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        let envelope = try Envelope(message: event.message)
        if let pending, event.reference.isTimeline || envelope.recordedAt > pending.knownAt {
            mark(pending, before: event.position, &rows)
            self.pending = nil
        }
        switch event.templateID {
        case SessionClosed.templateID:
            let session = try SessionClosedView(event.message)
            follow(session.day, event, &rows)
            try close(session, knownAt: envelope.knownAt)
        case CorporateActionAnnounced.templateID:
            waiting.append(AnnouncedAction(try CorporateActionAnnouncedView(event.message)))
        case ConfigurationChanged.templateID:
            try configure(try ConfigurationChanged(message: event.message), event, &rows)
        case BlendWeightEvaluated.templateID:
            let tenths = Int(try BlendWeightEvaluatedView(event.message).tenths)
            guard tenths != blendTenths else { break }
            blendTenths = tenths
            if let configuration { put(configuration, &rows) }
        case TradingModeChanged.templateID:
            try change(try TradingModeChangedView(event.message), event, envelope, &rows)
        case SignalQueued.templateID:
            try enqueue(try SignalQueuedView(event.message), event, &rows)
        case SignalSkipped.templateID:
            let skipped = try SignalSkippedView(event.message)
            settle(skipped.signal, "skipped", try Word.skip(skipped.reason), event, envelope, &rows)
        case OrderSubmitted.templateID:
            try submit(try OrderSubmittedView(event.message), event, envelope, &rows)
        case OrderCancelled.templateID:
            let order = try OrderCancelledView(event.message)
            try drop(order.order, Word.cancellation(order.reason), event, envelope, &rows)
        case OrderRejected.templateID:
            let order = try OrderRejectedView(event.message)
            try drop(order.order, Word.rejection(order.reason), event, envelope, &rows)
        case CashMoved.templateID:
            move(try CashMovedView(event.message), at: event.position, &rows)
        case PositionAdopted.templateID:
            adopt(try PositionAdoptedView(event.message), event, envelope, &rows)
        case ExitTriggered.templateID:
            let exit = try ExitTriggeredView(event.message)
            let reason: String = try Word.exit(exit.reason)
            guard var holding = holdings[exit.holding] else {
                guard booked[exit.holding] == nil else { break }
                throw ProjectionRefusal("it closes \(exit.holding), which was never held")
            }
            holding.exitReason = reason
            holdings[exit.holding] = holding
        case OrderFilled.templateID:
            try fill(try OrderFilledView(event.message), event, envelope, &rows)
        case OutcomeRecorded.templateID:
            let outcome = try OutcomeRecordedView(event.message)
            if outcome.source == .loop {
                sold[outcome.entryOrder] = nil
                tally.record(outcome.returnDollars, outcome.outcome)
                putState(event.position, &rows)
            }
        default: break
        }
    }

    /// Writes the row of the portfolio's state.
    func putState(_ position: UInt64, _ rows: inout RowChanges) {
        guard configuration != nil else { return }
        rows.put(Table.state, .integer(1)) { row in
            row.integer(1)
            row.integer(position)
            row.day(ledger.day)
            row.money(ledger.cash)
            row.money(ledger.value)
            row.integer(holdings.count)
            tally.encode(into: &row)
            row.real(ledger.maximumDrawdown)
            row.real(ledger.sharpe(trades: tally.trades))
            row.integer(ledger.entries)
        }
    }

    /// Writes the state in canonical bytes.
    public func snapshot(_ writer: inout SnapshotWriter) {
        writer.optional(configuration) { $1.write(&$0) }
        writer.text(tradingMode)
        writer.integer(hasBroker ? 1 : 0)
        writer.optional(blendTenths) { $0.integer($1) }
        ledger.write(&writer)
        tally.write(&writer)
        writer.list(orders.entries) {
            $0.word($1.key.rawValue)
            $1.value.write(&$0)
        }
        writer.list(holdings.entries) {
            $0.word($1.key.rawValue)
            $1.value.write(&$0)
        }
        writer.list(sold.entries) {
            $0.word($1.key.rawValue)
            $1.value.write(&$0)
        }
        writer.list(booked.entries) { writer, entry in
            writer.word(entry.key.rawValue)
            writer.list(entry.value) { $1.write(&$0) }
        }
        writer.list(queue.entries) {
            $0.word($1.key.rawValue)
            $1.value.write(&$0)
        }
        writer.optional(pending) { $1.write(&$0) }
        writer.list(waiting) { $0.action($1) }
    }

    /// The state as a snapshot says it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        configuration = try reader.optional { r throws(SnapshotError) in
            try PortfolioConfiguration(&r)
        }
        tradingMode = try reader.text()
        hasBroker = try reader.integer() == 1
        blendTenths = try reader.optional { r throws(SnapshotError) in try r.integer() }
        ledger = try Ledger(&reader)
        tally = try TradeTally(&reader)
        orders = SortedMap(
            try reader.list { r throws(SnapshotError) in
                (Reference(rawValue: try r.word()), try WorkingEntry(&r))
            })
        holdings = SortedMap(
            try reader.list { r throws(SnapshotError) in
                (Reference(rawValue: try r.word()), try HeldPosition(&r))
            })
        sold = SortedMap(
            try reader.list { r throws(SnapshotError) in
                (Reference(rawValue: try r.word()), try HeldPosition(&r))
            })
        booked = SortedMap(
            try reader.list { r throws(SnapshotError) in
                let order = Reference(rawValue: try r.word())
                return (order, try r.list { f throws(SnapshotError) in try BookedFill(&f) })
            })
        queue = SortedMap(
            try reader.list { r throws(SnapshotError) in
                (Reference(rawValue: try r.word()), try QueuedSignal(&r))
            })
        pending = try reader.optional { r throws(SnapshotError) in try PendingSession(&r) }
        waiting = try reader.list { r throws(SnapshotError) in try AnnouncedAction(reading: &r) }
    }
}
