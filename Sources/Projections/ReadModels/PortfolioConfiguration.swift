import Events
import FeedbackLoop
import Market

/// What the portfolio needs of a strategy's configuration, and its row.
struct PortfolioConfiguration: Sendable {
    var position: UInt64
    var name: String
    var digest: Digest
    var scope: String
    var startDay: Day?
    var endDay: Day?
    var text: String

    /// The settings shown in columns, in their order.
    private static let columns: [(key: String, kind: Kind)] = [
        ("start_cash", .real), ("base_size", .real), ("sizing", .text),
        ("confidence_size_gain", .real), ("max_trade", .real), ("max_position", .real),
        ("max_volume", .real), ("fractional_shares", .boolean), ("max_positions", .integer),
        ("max_entries_per_day", .integer), ("cooldown_sessions", .integer),
        ("crowded_positions", .integer), ("crowded_confidence", .real),
        ("emit_threshold", .real), ("queue_threshold", .real), ("commission_bp", .real),
        ("slippage_bp", .real), ("cash_rate", .real), ("atr_sessions", .integer),
        ("stop_atr", .real), ("trailing_stop", .real), ("take_profit", .real),
        ("timeout_days", .integer), ("no_price_sessions", .integer),
        ("delisting_haircut", .real), ("breakeven", .real),
    ]

    private enum Kind {
        case real
        case integer
        case boolean
        case text
    }

    /// Whether the run decides in the session of a day.
    func contains(_ day: Day) -> Bool {
        (startDay.map { $0 <= day } ?? true) && (endDay.map { day <= $0 } ?? true)
    }

    /// Cash at the start: that of the strategy where it is no setting of it; nothing where nobody
    /// says.
    var startCash: Money {
        if let cash = setting("start_cash").flatMap(Double.init) { return Money(dollars: cash) }
        return setting("strategy") == "disclosure-follow" ? DisclosureFollow().startCash : .zero
    }

    /// Whether fractions of a share are held.
    var hasFractionalShares: Bool { setting("fractional_shares") == "true" }

    /// Interest on cash, a year.
    var cashRate: Double { setting("cash_rate").flatMap(Double.init) ?? 0 }

    /// The value of a top-level key of the canonical text.
    private func setting(_ key: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("\(key): ") {
            return String(line.dropFirst(key.utf8.count + 2))
        }
        return nil
    }

    func encode(mode: String, blendTenths: Int?, into row: inout RowEncoder) {
        row.integer(1)
        row.integer(position)
        row.text(name)
        row.digest(digest)
        row.text(scope)
        row.day(startDay)
        row.day(endDay)
        row.text(mode)
        row.real(
            blendTenths.map { Double($0) / 10 }
                ?? setting("ml_blend_weight").flatMap(Double.init))
        for (key, kind) in PortfolioConfiguration.columns {
            let value = setting(key)
            switch kind {
            case .real: row.real(value.flatMap(Double.init))
            case .integer: row.integer(value.flatMap(Int64.init))
            case .boolean: row.integer(value.map { $0 == "true" ? Int64(1) : 0 })
            case .text: row.text(value)
            }
        }
        row.text(text)
    }

    func write(_ writer: inout SnapshotWriter) {
        writer.word(position)
        writer.text(name)
        writer.text(digest.description)
        writer.text(scope)
        writer.optional(startDay) { $0.integer(Int($1.rawValue)) }
        writer.optional(endDay) { $0.integer(Int($1.rawValue)) }
        writer.text(text)
    }
}

extension PortfolioConfiguration {
    init(_ reader: inout SnapshotReader) throws(SnapshotError) {
        position = try reader.word()
        name = try reader.text()
        guard let digest = Digest(try reader.text()) else { throw SnapshotError(offset: 0) }
        self.digest = digest
        scope = try reader.text()
        startDay = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        endDay = try reader.optional { r throws(SnapshotError) in try Day(reading: &r) }
        text = try reader.text()
    }
}

extension PortfolioProjection {
    /// A configuration took effect; that of a strategy begins the portfolio.
    mutating func configure(
        _ change: ConfigurationChanged, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        if change.endsRehearsal {
            let text = String(decoding: change.text, as: UTF8.self)
            hasBroker = BrokerTerms(recorded: text) != nil
            restart(event, try Envelope(message: event.message), &rows)
        }
        guard change.scope == .strategy || change.scope == .portfolio else { return }
        let configuration = PortfolioConfiguration(
            position: event.position, name: change.name, digest: change.digest,
            scope: try Word.scope(change.scope), startDay: change.startDay,
            endDay: change.endDay, text: String(decoding: change.text, as: UTF8.self))
        if self.configuration == nil { ledger.begin(configuration.startCash) }
        self.configuration = configuration
        put(configuration, &rows)
        putState(event.position, &rows)
    }

    /// A live run begins with the start's cash; what its rehearsal held, ordered and queued is
    /// gone, without sale or outcome.
    private mutating func restart(
        _ event: borrowing ProjectedEvent, _ envelope: Envelope, _ rows: inout RowChanges
    ) {
        for (holding, _) in holdings.entries {
            rows.patch(
                Table.positions, .text(holding.description),
                [
                    (column: 1, value: .integer(Int64(event.position))),
                    (column: 17, value: .integer(0)),
                    (column: 19, value: .text(envelope.knownAt.day.description)),
                    (column: 20, value: .text(Word.rehearsalEnded)),
                ])
        }
        for (signal, queued) in queue.entries {
            rows.put(Table.queue, .text(signal.description)) {
                queued.encode(
                    signal, event.position, status: "failed", reason: Word.rehearsalEnded,
                    envelope.knownAt, &$0)
            }
        }
        (holdings, sold) = (SortedMap([]), SortedMap([]))
        (orders, booked, queue) = (SortedMap([]), SortedMap([]), SortedMap([]))
        (ledger, tally, pending) = (Ledger(), TradeTally(), nil)
        ledger.begin(hasBroker ? .zero : configuration?.startCash ?? .zero)
    }

    /// Writes the row of the configuration.
    func put(_ configuration: PortfolioConfiguration, _ rows: inout RowChanges) {
        let (mode, tenths) = (tradingMode, blendTenths)
        rows.put(Table.config, .integer(1)) {
            configuration.encode(mode: mode, blendTenths: tenths, into: &$0)
        }
    }
}
