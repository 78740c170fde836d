import FeedbackLoop

extension WhyFigure {
    /// A check of the loop, in words: "confidence 0.740; at least 0.750 to trade on a signal
    /// (queue_threshold): missed by 0.010".
    init(_ check: RuleCheck, origin: Origin) {
        let words = RuleWords(check)
        self.init(words.name, check.observed, words.number(check.observed), origin: origin)
        rule = words.rule
        bound = check.bound
        isMet = check.isMet
        margin = words.margin
        distance = words.distance
    }
}

/// A check of the loop in words.
struct RuleWords {
    let name: String
    let rule: String
    /// How far the number is from the bound; nil where there is nothing to be near to.
    let distance: String?
    let margin: String
    private let format: @Sendable (Double) -> String

    func number(_ value: Double) -> String { format(value) }

    init(_ check: RuleCheck) {
        let (name, purpose, format) = RuleWords.words(check.subject)
        self.name = name
        self.format = format
        let bound = format(check.bound)
        let setting = check.setting.map { " (\($0))" } ?? ""
        let verdict = check.isMet ? "met" : "missed"
        switch check.subject {
        case .direction, .opposition, .exits, .pending, .bar, .range:
            // Yes or no: there is nothing to be near to.
            rule = purpose + setting
            distance = nil
            margin = verdict
        default:
            let relation =
                switch check.comparison {
                case .atLeast: "at least \(bound)"
                case .atMost: "at most \(bound)"
                case .below: "fewer than \(bound)"
                case .above: "more than \(bound)"
                }
            rule = "\(relation) \(purpose)\(setting)"
            let words = RuleWords.distance(check, bound, format)
            distance = words
            margin = "\(verdict), \(words)"
        }
    }

    private static func distance(
        _ check: RuleCheck, _ bound: String, _ format: @Sendable (Double) -> String
    ) -> String {
        if check.observed == check.bound { return "exactly at \(bound)" }
        let side = check.observed < check.bound ? "under" : "over"
        let distance = format((check.observed - check.bound).magnitude)
        switch check.subject {
        case .emission, .trade, .crowd: return "\(distance) \(side) the threshold \(bound)"
        default: return "\(distance) \(side) \(bound)"
        }
    }

    private static func words(
        _ subject: RuleCheck.Subject
    ) -> (name: String, purpose: String, format: @Sendable (Double) -> String) {
        let whole: @Sendable (Double) -> String = { WhyNumbers.short($0, 2) }
        let share: @Sendable (Double) -> String = { WhyNumbers.share($0) }
        let yes: @Sendable (Double) -> String = { $0 >= 1 ? "yes" : "no" }
        return switch subject {
        case .politicians: ("filers", "to be a signal", whole)
        case .transactions: ("filed rows", "to be a signal", whole)
        case .direction: ("filings lean one way", "must not say hold", yes)
        case .opposition:
            ("the filings and the model say opposite things", "must not be opposite", yes)
        case .emission: ("confidence", "to be a signal", share)
        case .trade: ("confidence", "to be traded on", share)
        case .crowd: ("confidence", "to enter while so many positions are open", share)
        case .held: ("shares held", "for this", whole)
        case .exits: ("an exit is decided already", "must not be", yes)
        case .pending: ("an order of the ticker waits already", "must not wait", yes)
        case .sinceStop: ("sessions since the ticker was stopped out", "to enter again", whole)
        case .halts: ("halts of entries that stand", "to order anything", whole)
        case .bar: ("the ticker was priced in the session", "must be priced", yes)
        case .range:
            (
                "enough bars for the average true range (how far a price moves in a day)",
                "must be enough", yes
            )
        case .positions: ("open positions", "to open one more", whole)
        case .entries: ("entries ordered for the same open", "to order one more", whole)
        case .shares: ("shares of the size wanted", "for an order", whole)
        case .affordable: ("shares that the free cash buys", "for an order", whole)
        }
    }
}
