import Events
import Market
import Pipeline

/// Pairs what a live run and a backtest beside it have, and prices what is apart.
///
/// Of a position that both have, the profit that the live run lacks is split, to the last digit:
/// what the entry cost more than the model's price for the same shares; what the shares lacking
/// earned at the model's prices; and all else, which is the exit's.
struct ShadowPairing {
    let live: ShadowSide
    let shadow: ShadowSide
    let reason: ShadowReason
    let hasBroker: Bool
    private(set) var differences: [ShadowDifference] = []
    /// Positions that both have, equal in all.
    private(set) var same = 0
    /// Evaluations that say the same with another confidence.
    private(set) var confidences = 0

    /// Less than half a cent is no difference: it is the rounding of a part.
    private static let rounding = Money(dollars: 0.005)

    /// Whether two prices are the same as a broker prints them, to a hundredth of a cent.
    private static func isSame(_ one: Double, _ other: Double) -> Bool {
        (one - other).magnitude < 0.000_051
    }

    init(
        _ live: ShadowSide, _ shadow: ShadowSide, late: [LateMove], hasBroker: Bool,
        through instant: Instant
    ) {
        (self.live, self.shadow, self.hasBroker) = (live, shadow, hasBroker)
        reason = ShadowReason(
            live: live, shadow: shadow,
            late: Dictionary(late.map { ($0.position, $0) }, uniquingKeysWith: { one, _ in one }))
        let (ours, theirs) = (live.positionsByKey(), shadow.positionsByKey())
        for key in Set(ours.keys).union(theirs.keys).sorted() {
            let before = differences.count
            switch (ours[key], theirs[key]) {
            case (let one?, let other?):
                pair(one, other)
                if differences.count == before { same += 1 }
            case (nil, let other?): miss(other)
            case (let one?, nil): extra(one)
            case (nil, nil): break
            }
        }
        decide(through: instant)
        cash(ours)
    }

    private mutating func miss(_ trade: ShadowTrade) {
        let moment = shadow.entries[trade.key].flatMap { shadow.moments[$0.order.signal] }
        differences.append(
            ShadowDifference(
                .entryMissed, trade.key, live: nil, shadow: .entry(trade), cost: trade.profit,
                of: trade.cost, why: reason.noEntry(trade.key, live, moment),
                fact: reason.fact(trade.key, entry: trade)))
    }

    private mutating func extra(_ trade: ShadowTrade) {
        let moment = live.entries[trade.key].flatMap { live.moments[$0.order.signal] }
        differences.append(
            ShadowDifference(
                .entryExtra, trade.key, live: .entry(trade), shadow: nil, cost: -trade.profit,
                of: trade.cost,
                why: live.adopted.contains(trade.key)
                    ? "a person took it over from the account; the model was given its value"
                    : "the model: " + reason.noEntry(trade.key, shadow, moment),
                fact: reason.fact(trade.key, entry: trade)))
    }

    private mutating func pair(_ one: ShadowTrade, _ other: ShadowTrade) {
        let ratio = one.bought.shares / other.bought.shares
        let isSame = one.bought == other.bought
        let modelled = isSame ? other.cost : Money(dollars: other.cost.dollars * ratio)
        let earned = isSame ? other.profit : Money(dollars: other.profit.dollars * ratio)
        let (entry, size) = (one.cost - modelled, other.profit - earned)
        let bars = reason.bars(other.entryDay, other.key.ticker)
        let isSamePrice = ShadowPairing.isSame(one.entryPrice, other.entryPrice)
        if !isSamePrice || one.entryDay != other.entryDay
            || entry.magnitude >= ShadowPairing.rounding
        {
            differences.append(
                ShadowDifference(
                    .slippage, one.key, live: .entry(one, quantity: false),
                    shadow: .entry(other, quantity: false), cost: entry, of: modelled, fact: bars))
        }
        if !isSame {
            differences.append(
                ShadowDifference(
                    .size, one.key, live: .entry(one), shadow: .entry(other), cost: size,
                    of: other.cost, why: sizes(one.key)))
        }
        exit(one, other, other.profit - one.profit - entry - size)
        if let won = one.outcome, let model = other.outcome, won != model {
            differences.append(
                ShadowDifference(
                    .outcome, one.key, live: .init(label: "\(won)", event: one.exitFill),
                    shadow: .init(label: "\(model)", event: other.exitFill)))
        }
    }

    /// Why the quantities of an entry differ, where its orders tell.
    private func sizes(_ key: ShadowTrade.Key) -> String? {
        guard let one = live.entries[key], let other = shadow.entries[key] else { return nil }
        guard one.order.quantity == other.order.quantity else {
            return "ordered \(ShadowPairing.shares(one.order.quantity)), the model "
                + ShadowPairing.shares(other.order.quantity)
        }
        if case .cancelled(let why, _) = one.end {
            return "the rest was cancelled: \(WhyWords.cancellation(why))"
        }
        if case .cancelled(let why, _) = other.end {
            return "the model's rest was cancelled: \(WhyWords.cancellation(why))"
        }
        return nil
    }

    private static func shares(_ quantity: Quantity) -> String {
        let shares = quantity.shares
        return shares == shares.rounded() ? "\(Int(capped: shares))" : "\(shares)"
    }

    private mutating func exit(_ one: ShadowTrade, _ other: ShadowTrade, _ cost: Money) {
        let isSamePlace = one.exitDay == other.exitDay && one.reason == other.reason
        let isApart =
            !isSamePlace
            || (one.exitDay != nil && !ShadowPairing.isSame(one.exitPrice, other.exitPrice))
            || cost.magnitude >= ShadowPairing.rounding
        guard isApart else { return }
        let kind: ShadowDifference.Kind
        if isSamePlace {
            let allowed = 0.01 + (one.entryPrice - other.entryPrice).magnitude + 1e-9
            let levels = one.level.flatMap { level in other.level.map { (level - $0).magnitude } }
            kind = levels.map { $0 > allowed } ?? false ? .exitLagged : .slippage
        } else if let left = one.reason, let model = other.reason, left != model {
            kind = .exitReason
        } else {
            kind = .exitLagged
        }
        let value =
            kind == .slippage
            ? Money(dollars: one.sold.shares * other.exitPrice) : other.cost
        differences.append(
            ShadowDifference(
                kind, one.key, live: .exit(one, reason: kind != .slippage),
                shadow: .exit(other, reason: kind != .slippage), cost: cost, of: value,
                why: kind == .slippage
                    ? nil : reason.exit(one, other, hasBroker: hasBroker),
                fact: reason.bars(other.exitDay, other.key.ticker)))
    }

    /// Signals that one of both alone has, or that say another thing.
    private mutating func decide(through instant: Instant) {
        let moments = Set(live.evaluations.keys).union(shadow.evaluations.keys)
            .filter { $0.instant <= instant }
        for moment in moments.sorted() {
            let (one, other) = (live.evaluations[moment], shadow.evaluations[moment])
            func signal(_ evaluation: ShadowSide.Evaluation?) -> SignalKind? {
                evaluation.flatMap { $0.suppressed == nil ? $0.kind : nil }
            }
            guard signal(one) != signal(other) else {
                if one?.confidence != other?.confidence { confidences += 1 }
                continue
            }
            guard let key = (one ?? other)?.key else { continue }
            differences.append(
                ShadowDifference(
                    .decision, key, live: one.map(ShadowPairing.figure),
                    shadow: other.map(ShadowPairing.figure), fact: reason.fact(moment)))
        }
    }

    private static func figure(_ evaluation: ShadowSide.Evaluation) -> ShadowDifference.Figure {
        let what = evaluation.suppressed == nil ? "\(evaluation.kind)" : "none"
        let confidence = ShadowReason.price(evaluation.confidence)
        return .init(label: "\(what) \(confidence)", event: evaluation.reference)
    }

    /// Cash that a backtest has not.
    private mutating func cash(_ trades: [ShadowTrade.Key: ShadowTrade]) {
        for (kind, amount) in live.moved.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where !kind.isFromOutside && kind != .dividend && amount != .zero {
            differences.append(
                ShadowDifference(
                    .cash, nil, live: .init(label: "\(kind)"), shadow: nil, cost: -amount))
        }
    }
}
