import EventLog
import Events
import FeedbackLoop

// Holdings by the reference of what opened or closed them.
extension Why {
    /// The holding that an order or a signal opened, or that a fill, an exit or an outcome is of:
    /// as it is held, or as it was until it was sold.
    func holding(openedOrNamedBy event: Reference) throws -> WhyNode {
        let entry = try entryOrder(of: event)
        let fills = try fills(of: entry)
        let order = try read(OrderSubmitted.self, entry)
        guard !fills.isEmpty else {
            throw WhyError.missing(
                "\(event) opened no holding by then: no share of order \(entry) was bought; "
                    + "recount why order \(entry) tells what became of it")
        }
        let shares = try shares(fills, of: order.ticker, through: try latestDay())
        return try holding(entry, fills, shares, shares.held)
    }

    /// The entry order of the holding that an event names.
    func entryOrder(of event: Reference) throws -> Reference {
        switch try template(event) {
        case OrderSubmitted.templateID:
            let order = try read(OrderSubmitted.self, event)
            return order.leg == .entry ? event : order.holding
        case OrderFilled.templateID: return try entryOrder(of: try read(OrderFilled.self, event))
        case ExitTriggered.templateID: return try read(ExitTriggered.self, event).holding
        case OutcomeRecorded.templateID:
            let entry = try read(OutcomeRecorded.self, event).entryOrder
            guard !entry.isTimeline else {
                throw WhyError.missing(
                    "\(event) is of a trade that was recorded, which no holding of the loop was; "
                        + "recount why outcome \(event) tells of it")
            }
            return entry
        case SignalGenerated.templateID:
            for edge in try effects(of: event, OrderSubmitted.templateID) {
                let order = try read(OrderSubmitted.self, edge.event)
                if order.leg == .entry, order.signal == event { return edge.event }
            }
            throw WhyError.missing(
                "\(event) opened no holding by then: no order came of the signal; recount effects "
                    + "signal \(event) tells what became of it")
        case let kind:
            let name = EventSchema.message(id: kind)?.name ?? "event of a later version"
            throw WhyError.missing(
                "\(event) is of no holding but a \(name); recount why event \(event) tells of it")
        }
    }
}
