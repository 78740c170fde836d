import EventLog
import Events
import FeedbackLoop

extension Why {
    /// What is held of a ticker, and why it was bought.
    func holding(of ticker: Ticker) throws -> WhyNode {
        guard let fill = try latest([OrderFilled.templateID], of: ticker) else {
            throw WhyError.missing("\(ticker) was never held by then: no order of it was filled")
        }
        let latestFill = try read(OrderFilled.self, fill)
        let entry = try entryOrder(of: latestFill)
        let fills = try fills(of: entry)
        let shares = try shares(fills, of: ticker, through: try latestDay())
        let held = shares.held
        guard held > .zero else {
            throw WhyError.missing(
                "\(ticker) is not held by then: what was held last was sold on "
                    + "\(latestFill.filledOn) (\(fill)); recount why exit \(ticker) tells why")
        }
        return try holding(entry, fills, shares, held)
    }

    /// A holding, by its entry order and its fills.
    func holding(
        _ entry: Reference, _ fills: [(event: Reference, fill: OrderFilled)],
        _ shares: HeldShares, _ held: Quantity
    ) throws -> WhyNode {
        let order = try read(OrderSubmitted.self, entry)
        let first = fills.first { $0.fill.side == .buy }?.fill
        let since = first.map { " since \($0.filledOn)" } ?? ""
        let ticker = order.ticker
        var title = "\(WhyNumbers.shares(held)) of \(ticker) are held\(since)"
        if held == .zero, let last = fills.last?.fill {
            let bought = fills.filter { $0.fill.side == .buy }
                .reduce(Quantity.zero) { $0 + $1.fill.quantity }
            title =
                "\(WhyNumbers.shares(bought)) of \(ticker) were held\(since), until "
                + "\(last.filledOn)"
        }
        var node = WhyNode(
            entry, type: OrderSubmitted.messageName, knownAt: order.envelope.knownAt, title)
        node.mark = WhyMark(
            kind: .decision, ticker: ticker, day: order.day, price: order.referencePrice)
        if order.signal != .none {
            node.sentences.append("Bought on this: \(try alone(order.signal).title).")
        }
        node.sentences += shares.sentences
        if held > .zero { try value(of: held, fills.map(\.fill), ticker, to: &node) }
        for action in shares.actions { try add("a corporate action", action, to: &node) }
        for fill in fills { try add("a fill", fill.event, to: &node) }
        if !node.causes.contains(where: { $0.node.event == entry }) {
            try add("the order", entry, to: &node)
        }
        return node
    }

    /// The latest session that has closed; nil before the first.
    func latestDay() throws -> Day? {
        guard let session = try latest([SessionClosed.templateID], of: nil) else { return nil }
        var day: Day?
        _ = try log.event(session) { day = try SessionClosedView($0).day }
        return day
    }

    /// What a holding cost and what it is worth.
    private func value(
        of held: Quantity, _ fills: [OrderFilled], _ ticker: Ticker, to node: inout WhyNode
    ) throws {
        let paid = fills.filter { $0.side == .buy }
        let cost = paid.reduce(Money.zero) { $0 - $1.cashChange }
        let shares = paid.reduce(Quantity.zero) { $0 + $1.quantity }
        node.figures.append(
            WhyFigure("paid, costs included", cost.dollars, WhyNumbers.dollars(cost)))
        guard let session = try latest([SessionClosed.templateID], of: nil) else { return }
        var close: (day: Day, price: Double)?
        try log.event(session) { message in
            let view = try SessionClosedView(message)
            close = SessionBar.find(ticker, in: view).map { (view.day, $0.close) }
        }
        guard let close, shares > .zero else { return }
        let value = held.shares * close.price
        node.figures.append(
            WhyFigure(
                "worth at the close of \(close.day)", value, WhyNumbers.dollars(value),
                rule: "\(WhyNumbers.shares(held)) at \(WhyNumbers.dollars(close.price))",
                origin: .recomputed))
    }

    /// The entry order of the holding that a fill belongs to.
    func entryOrder(of fill: OrderFilled) throws -> Reference {
        guard fill.leg != .entry else { return fill.order }
        let order = try read(OrderSubmitted.self, fill.order)
        // A level that rests at the market is carried by the entry order itself.
        return order.leg == .entry ? fill.order : order.holding
    }

    /// Every fill of a holding by the moment that was asked for, in order.
    func fills(of entry: Reference) throws -> [(event: Reference, fill: OrderFilled)] {
        var orders = [entry]
        orders += try effects(of: entry, OrderSubmitted.templateID).map(\.event)
        var fills: [(event: Reference, fill: OrderFilled)] = []
        for order in orders {
            for edge in try effects(of: order, OrderFilled.templateID) {
                let fill = try read(OrderFilled.self, edge.event)
                if fill.order == order { fills.append((edge.event, fill)) }
            }
        }
        return fills.sorted { $0.event < $1.event }
    }

    /// An order: what was asked of the broker, how its size came about, what became of it.
    func order(_ event: Reference) throws -> WhyNode {
        let order = try read(OrderSubmitted.self, event)
        let edges = try causes(of: event, OrderSubmitted.templateID)
        let configuration = try configuration(of: edges)
        let verb = order.side == .buy ? "buy" : "sell"
        let place = order.timing == .sameClose ? "that close" : "the next open"
        var node = WhyNode(
            event, type: OrderSubmitted.messageName, knownAt: order.envelope.knownAt,
            "Order to \(verb) \(WhyNumbers.shares(order.quantity)) of \(order.ticker) at \(place), "
                + "decided after the session of \(order.day)")
        node.mark = WhyMark(
            kind: .decision, ticker: order.ticker, day: order.day, price: order.referencePrice)
        if order.attempt > 0 {
            node.sentences.append(
                "It is attempt \(order.attempt + 1): those before it ended unfilled.")
        }
        try addOutcome(of: event, to: &node)
        if order.leg == .entry {
            node.figures = try size(order, edges, configuration)
        } else {
            node.figures = [
                WhyFigure(
                    "price when it was decided", order.referencePrice,
                    WhyNumbers.dollars(order.referencePrice))
            ]
        }
        try addCauses(of: order, edges, to: &node)
        return node
    }

    private func addCauses(
        of order: OrderSubmitted, _ edges: [LineageEdge], to node: inout WhyNode
    ) throws {
        if order.leg == .entry, order.signal != .none {
            try add("the signal", order.signal, to: &node)
        } else if order.trigger != .none {
            try add("why it is to be closed", order.trigger, to: &node)
        } else if order.envelope.causation != .none {
            try add("what it follows", order.envelope.causation, to: &node)
        }
        if order.calibration != .none {
            try add("the calibration that sized it", order.calibration, to: &node)
        }
        try add(session: edges, of: order.ticker, to: &node)
        if let setting = edges.cause(.configuration) { try add("the settings", setting, to: &node) }
    }

    /// What became of an order by the moment that was asked for.
    private func addOutcome(of event: Reference, to node: inout WhyNode) throws {
        for edge in try effects(
            of: event, OrderFilled.templateID, OrderCancelled.templateID, OrderRejected.templateID)
        {
            let effect = edge.event
            switch edge.kind {
            case OrderFilled.templateID:
                let fill = try read(OrderFilled.self, effect)
                if fill.order == event { node.sentences.append(Why.sentence(fill, effect)) }
            case OrderCancelled.templateID:
                let end = try read(OrderCancelled.self, effect)
                node.sentences.append(
                    "\(WhyNumbers.shares(end.quantity)) were cancelled on \(end.day): "
                        + "\(WhyWords.cancellation(end.reason)) (\(effect)).")
            default:
                let refusal = try read(OrderRejected.self, effect)
                node.sentences.append("The broker refused it: \(refusal.reason) (\(effect)).")
            }
        }
    }

    private static func sentence(_ fill: OrderFilled, _ event: Reference) -> String {
        "\(fill.side == .buy ? "Bought" : "Sold") on \(fill.filledOn): "
            + "\(WhyNumbers.shares(fill.quantity)) at \(WhyNumbers.dollars(fill.price, 4)) "
            + "(\(event))."
    }

    /// A fill: what the market gave.
    func fill(_ event: Reference) throws -> WhyNode {
        let fill = try read(OrderFilled.self, event)
        let edges = try causes(of: event, OrderFilled.templateID)
        var node = WhyNode(
            event, type: OrderFilled.messageName, knownAt: fill.envelope.knownAt,
            "\(fill.side == .buy ? "Bought" : "Sold") \(WhyNumbers.shares(fill.quantity)) of "
                + "\(fill.ticker) at \(WhyNumbers.dollars(fill.price, 4)) on \(fill.filledOn)")
        node.figures = [
            WhyFigure(
                "market price", fill.marketPrice, WhyNumbers.dollars(fill.marketPrice, 4)),
            WhyFigure(
                "price, costs of trading (slippage) included", fill.price,
                WhyNumbers.dollars(fill.price, 4)),
            WhyFigure(
                "change of cash", fill.cashChange.dollars, WhyNumbers.dollars(fill.cashChange)),
        ]
        if fill.commission != .zero {
            node.figures.append(
                WhyFigure(
                    "commission and fees in it", fill.commission.dollars,
                    WhyNumbers.dollars(fill.commission.dollars, 4)))
        }
        node.mark = WhyMark(
            kind: fill.side == .buy ? .bought : .sold, ticker: fill.ticker, day: fill.filledOn,
            price: fill.price)
        if fill.envelope.flags.contains(.tradesDecisionClose) {
            node.sentences.append(
                "It was filled at the close that decided it, which no market gives.")
        }
        if fill.trigger != .none {
            try add("why it is to be closed", fill.trigger, to: &node)
        }
        try add("the order", fill.order, to: &node)
        try add(session: edges, of: fill.ticker, to: &node)
        return node
    }
}
