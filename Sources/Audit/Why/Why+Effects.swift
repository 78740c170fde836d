import EventLog
import Events
import FeedbackLoop

extension Why {
    /// All that an event led to by the moment that was asked for.
    ///
    /// An event has a part in each that names it, or was decided under it, and in what follows from
    /// those. It does not say what would have been without it.
    public func effects(_ question: WhyQuestion) throws -> Effects {
        let root = try subject(of: question)
        var effects = Effects(event: root, title: try alone(root).title)
        var tally = EffectTally()
        var seen: [Reference: Bool] = [root: true]
        var next = [root]
        while let event = next.popLast() {
            var edges = try lineage.effects(of: event, nil, through: through)
            if event == root { edges += try decidedUnder(root, try template(root)) }
            for edge in edges where seen[edge.event] == nil {
                let template = edge.kind
                let isEvaluation =
                    template == SignalGenerated.templateID
                    || template == SignalSuppressed.templateID
                if isEvaluation, edge.relation == .model {
                    // Asked in shadow: it had no say.
                    effects.shadow += event == root ? 1 : 0
                    continue
                }
                if !edge.isLed { continue }
                seen[edge.event] = true
                effects.events += 1
                try tally.take(edge.event, template, self, &effects)
                next.append(edge.event)
            }
        }
        tally.finish(&effects)
        effects.trades = try tally.entries.sorted().compactMap { try trade($0) }
        return effects
    }

    /// The event that a question names.
    private func subject(of question: WhyQuestion) throws -> Reference {
        switch question.subject {
        case .event(let event):
            _ = try template(event)
            try expectKnown(event)
            return question.kind == .holding ? try entryOrder(of: event) : event
        case .ticker(let ticker):
            guard let event = try latest(question.kind.templates, of: ticker) else {
                throw WhyError.missing("there is no \(question.kind.rawValue) of \(ticker) by then")
            }
            return event
        case .latest:
            guard let event = try latest(question.kind.templates, of: nil) else {
                throw WhyError.missing(
                    "nothing is recorded of a \(question.kind.rawValue) by then")
            }
            return event
        }
    }

    /// The trade that an entry order opened; nil when nothing of it was filled.
    private func trade(_ entry: Reference) throws -> Effects.Trade? {
        let order = try read(OrderSubmitted.self, entry)
        let fills = try fills(of: entry).map(\.fill)
        let bought = fills.filter { $0.side == .buy }
        guard let first = bought.first else { return nil }
        var trade = Effects.Trade(
            entry: entry, ticker: order.ticker,
            quantity: bought.reduce(.zero) { $0 + $1.quantity },
            cost: bought.reduce(.zero) { $0 - $1.cashChange }, boughtOn: first.filledOn)
        for edge in try effects(of: entry, OutcomeRecorded.templateID) {
            let outcome = try read(OutcomeRecorded.self, edge.event)
            guard outcome.entryOrder == entry else { continue }
            (trade.outcome, trade.result) = (edge.event, outcome.returnDollars)
            (trade.soldOn, trade.outcomeClass) = (outcome.exitDay, outcome.outcome)
        }
        return trade
    }
}

extension LineageEdge {
    /// Whether the later event came of the earlier one. A chain's beginning is no cause of what
    /// else came of the chain; whoever follows another, or is compared with it, is not its work.
    fileprivate var isLed: Bool {
        switch relation {
        case .correlation, .previous, .follows, .replaced, .successor, .ended: false
        case .champion: kind != ModelCompared.templateID
        default: true
        }
    }
}

/// Counts what an event led to.
private struct EffectTally {
    /// Entry orders.
    private(set) var entries: [Reference] = []
    private var suppressed: [String: Int] = [:]
    private var skipped: [String: Int] = [:]

    mutating func take(
        _ event: Reference, _ template: UInt16, _ why: Why, _ effects: inout Effects
    ) throws {
        switch template {
        case SignalGenerated.templateID:
            effects.evaluations += 1
            effects.signals += 1
        case SignalSuppressed.templateID:
            effects.evaluations += 1
            let reason = try why.read(SignalSuppressed.self, event).reason
            suppressed[WhyWords.suppression(reason), default: 0] += 1
        case SignalSkipped.templateID:
            let reason = try why.read(SignalSkipped.self, event).reason
            skipped[WhyWords.skip(reason), default: 0] += 1
        case OrderSubmitted.templateID:
            guard try why.read(OrderSubmitted.self, event).leg == .entry else { return }
            effects.entries += 1
            entries.append(event)
        case ExitTriggered.templateID: effects.exits += 1
        case OrderFilled.templateID: effects.fills += 1
        case OrderCancelled.templateID, OrderRejected.templateID: effects.unfilled += 1
        case TrainingRequested.templateID: effects.requests += 1
        case ModelTrained.templateID: effects.models += 1
        case ModelPromoted.templateID: effects.promotions += 1
        default: break
        }
    }

    func finish(_ effects: inout Effects) {
        effects.suppressed = EffectTally.ordered(suppressed)
        effects.skipped = EffectTally.ordered(skipped)
    }

    /// The most frequent first, then by words.
    private static func ordered(_ counts: [String: Int]) -> [(reason: String, count: Int)] {
        counts.map { (reason: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    }
}
