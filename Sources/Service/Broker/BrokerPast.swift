import EventLog
import Events

/// What a data log holds of a broker: where each order stands, and the account's cash.
struct BrokerPast {
    /// An order as the facts tell it.
    struct Order {
        var brokerOrderID: String?
        var filled = Quantity.zero
        var value = Money.zero
        /// Whether it is over, and nothing of it is to be looked for.
        var isOver = false
        /// Whether it was given up without the broker's word.
        var isGivenUp = false
    }

    /// Orders by their client order ids.
    private(set) var orders: [String: Order] = [:]
    /// The id of the latest activity that was booked; nil where the account was not opened.
    private(set) var activity: String?
    /// Whether the cash that it began with is there.
    private(set) var isOpened = false

    /// Reads a log behind the position at which the run began: what is before it is another's.
    init(_ data: EventLog, behind position: UInt64) throws {
        try data.read(from: position + 1, through: .max, check: .checksum) { record in
            try take(record.message)
            return .proceed
        }
    }

    private mutating func take(_ message: RawSpan) throws {
        switch try MessageHeader(message).templateID {
        case OrderAccepted.templateID:
            let event = try OrderAccepted(message: message)
            change(event.clientOrderID) { $0.brokerOrderID = event.brokerOrderID }
        case OrderFilled.templateID:
            let event = try OrderFilled(message: message)
            change(event.clientOrderID) {
                $0.filled = $0.filled + event.quantity
                let paid = event.cashChange < .zero ? -event.cashChange : event.cashChange
                $0.value += paid
                if event.remaining <= .zero { $0.isOver = true }
            }
        case OrderRejected.templateID:
            change(try OrderRejected(message: message).clientOrderID) { $0.isOver = true }
        case OrderExpired.templateID:
            change(try OrderExpired(message: message).clientOrderID) { $0.isOver = true }
        case OrderCancelled.templateID:
            let event = try OrderCancelled(message: message)
            change(event.clientOrderID) {
                // What was never seen may appear.
                $0.isGivenUp = event.reason == .gaveUp
                $0.isOver = !$0.isGivenUp
            }
        case TradingModeChanged.templateID:
            // Another account, with cash and activities of its own.
            (isOpened, activity) = (false, nil)
        case CashMoved.templateID:
            let event = try CashMoved(message: message)
            isOpened = true
            // An account without any activity was opened by its own id, which has no such mark.
            activity = event.activityID.contains("::") ? event.activityID : activity
        default: break
        }
    }

    private mutating func change(_ id: String?, _ body: (inout Order) -> Void) {
        guard let id else { return }
        body(&orders[id, default: Order()])
    }
}

/// What a data log tells that a run may not have read yet, and that no order is sent or looked up
/// without: halts, and splits.
struct DataWatch {
    private var through: UInt64 = 0
    /// When the latest halt became known that no end followed; nil for none.
    private var latest: Instant?
    /// Splits that are known: the latest word on each.
    private var splits: [CorporateActionAnnounced] = []

    /// Whether a halt stands that a run at an instant cannot have read.
    func isHalted(behind instant: Instant) -> Bool { latest.map { $0 > instant } ?? false }

    /// New shares for one, of the splits of a share behind a day and up to another; nil without.
    func split(of names: [Ticker], behind day: Day, through last: Day) -> Double? {
        let ratios = splits.filter {
            names.contains($0.ticker) && $0.exDay > day && $0.exDay <= last
        }.compactMap(\.ratio)
        return ratios.isEmpty ? nil : ratios.reduce(1, *)
    }

    /// Reads what came.
    mutating func look(_ data: EventLog) throws {
        let head = try data.head().position
        guard head > through else { return }
        var (latest, splits) = (latest, splits)
        try data.read(from: through + 1, through: head, check: .checksum) { record in
            switch try MessageHeader(record.message).templateID {
            case EntriesHalted.templateID:
                latest = try Envelope(message: record.message).knownAt
            case EntriesResumed.templateID: latest = nil
            case CorporateActionAnnounced.templateID:
                let action = try CorporateActionAnnounced(message: record.message)
                guard action.kind == .split, let ratio = action.ratio, ratio > 0 else { break }
                splits.removeAll { $0.ticker == action.ticker && $0.exDay == action.exDay }
                splits.append(action)
            default: break
            }
            return .proceed
        }
        (through, self.latest, self.splits) = (head, latest, splits)
    }
}
