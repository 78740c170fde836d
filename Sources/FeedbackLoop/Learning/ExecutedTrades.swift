public import Events

/// Closed trades of the loop that no judgement of the blend weight has used, so that they can stand
/// beside the arms by the arms' own measure.
///
/// The arms are judged by the return that labels have (`label_return`), by default in excess of the
/// index; an evaluation of the weight counts executed trades by their net returns. Whoever reads a
/// log folds this; the loop decides nothing by it.
public struct ExecutedTrades: Hashable, Sendable {
    /// Executed trades by the arms' measure.
    public struct Measured: Hashable, Sendable {
        /// Trades whose return is known by it.
        public var trades = 0
        /// Wins among them: above .5 %.
        public var wins = 0

        /// Nothing measured.
        public init() {}

        /// Share of wins; nil of nothing.
        public var rate: Double? { trades == 0 ? nil : Double(wins) / Double(trades) }
    }

    /// An entry order and the session that it was decided after.
    public struct Entry: Hashable, Sendable {
        /// The order.
        public var order: Reference
        /// The session.
        public var decidedOn: Day

        /// An entry from its parts.
        public init(order: Reference, decidedOn: Day) {
            (self.order, self.decidedOn) = (order, decidedOn)
        }
    }

    /// A closed trade.
    public struct Trade: Hashable, Sendable {
        /// The session that it was decided after.
        public var decidedOn: Day
        /// Whether it is a win by the labels' measure; nil where that is not known.
        public var isWin: Bool?

        /// A trade from its parts.
        public init(decidedOn: Day, isWin: Bool?) {
            (self.decidedOn, self.isWin) = (decidedOn, isWin)
        }
    }

    /// Which return labels have: `excess` or `net`; nil where no strategy says.
    public var measure: String?
    /// The return above which a trade is a win.
    public var breakeven = 0.005
    /// Entry orders without a fill.
    public var submitted: [Entry] = []
    /// Entry orders with one, whose position is open.
    public var held: [Entry] = []
    /// In the order in which they were closed.
    public var closed: [Trade] = []

    /// Nothing traded.
    public init() {}

    /// The events that it acts on, the evaluations of the weight apart.
    public static let consumed: [any EventMessage.Type] = [
        ConfigurationChanged.self, OrderSubmitted.self, OrderCancelled.self, OrderFilled.self,
        OutcomeRecorded.self,
    ]

    /// Takes the next event of a log; what it does not act on is left out.
    public mutating func take(_ message: RawSpan, _ reference: Reference) throws(DecodingError) {
        switch try MessageHeader(message).templateID {
        case ConfigurationChanged.templateID:
            let change = try ConfigurationChanged(message: message)
            if change.endsRehearsal { (submitted, held) = ([], []) }
            guard change.scope == .strategy else { return }
            let text = String(decoding: change.text, as: UTF8.self)
            measure = ExecutedTrades.setting("label_return", text)
            breakeven = ExecutedTrades.setting("breakeven", text).flatMap(Double.init) ?? 0.005
        case OrderSubmitted.templateID:
            let order = try OrderSubmittedView(message)
            guard order.leg == .entry else { return }
            submitted.append(Entry(order: reference, decidedOn: order.day))
        case OrderCancelled.templateID:
            let order = try OrderCancelledView(message).order
            submitted.removeAll { $0.order == order }
        case OrderFilled.templateID:
            let fill = try OrderFilledView(message)
            let order = fill.order
            guard fill.leg == .entry, let place = submitted.firstIndex(where: { $0.order == order })
            else { return }
            held.append(submitted.remove(at: place))
        case OutcomeRecorded.templateID: close(try OutcomeRecorded(message: message))
        default: break
        }
    }

    private mutating func close(_ outcome: OutcomeRecorded) {
        guard outcome.source == .loop,
            let place = held.firstIndex(where: { $0.order == outcome.entryOrder })
        else { return }
        let entry = held.remove(at: place)
        closed.append(Trade(decidedOn: entry.decidedOn, isWin: isWin(outcome)))
    }

    private func isWin(_ outcome: OutcomeRecorded) -> Bool? {
        guard measure == "excess" else { return outcome.outcome == .win }
        return outcome.excessReturn.map { $0 > breakeven }
    }

    /// The trades beside the arms of an evaluation, decided on the dates that it covers; what it
    /// judged is used, and counts no more.
    public mutating func beside(_ evaluation: BlendWeightEvaluated) -> Measured {
        var measured = Measured()
        guard let from = evaluation.fromDay, let through = evaluation.throughDay else {
            return measured
        }
        for trade in closed where trade.decidedOn >= from && trade.decidedOn <= through {
            guard let isWin = trade.isWin else { continue }
            measured.trades += 1
            if isWin { measured.wins += 1 }
        }
        if OutcomeToBlendWeight.isJudged(evaluation.reason) {
            closed.removeAll { $0.decidedOn <= through }
        }
        return measured
    }

    /// The value of a top-level key of the canonical text.
    private static func setting(_ key: String, _ text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("\(key): ") {
            return String(line.dropFirst(key.utf8.count + 2))
        }
        return nil
    }
}
