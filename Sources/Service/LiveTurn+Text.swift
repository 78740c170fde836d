import Events
public import Pipeline

extension LiveTurn {
    /// The turn in words.
    public func text(_ rules: DayRules) -> String {
        switch self {
        case .due(let instant, _, _): "\(instant): \(purpose)"
        case .waiting(let standing): standing.text(rules)
        case .idle(let day): "the session of \(day), whose bars are due from 21:00 UTC on"
        }
    }

    /// Whether it is what a person asked for.
    var isAct: Bool {
        if case .due(_, .act, _) = self { true } else { false }
    }

    /// What an instant is for, in words.
    var purpose: String {
        switch self {
        case .due(_, .session, let day?): "the close of \(day)"
        case .due(_, .missed, let day?):
            "the session of \(day) is missed, for its bars did not come in time"
        case .due(_, .act, _): "a halt, or what a person asked for"
        default: "the schedule"
        }
    }

    /// What a service does then.
    var state: String {
        switch self {
        case .due: "running"
        case .waiting: "waiting"
        case .idle: "idle"
        }
    }
}

extension DayStanding {
    /// What of the session is missing, in words.
    public func text(_ rules: DayRules) -> String {
        var missing: [String] = []
        if !hasIndex { missing.append("the index") }
        if tickers == 0 {
            missing.append("all bars")
        } else if !self.missing.isEmpty {
            let names = self.missing.prefix(5).map { "\($0)" }.joined(separator: ", ")
            let others = self.missing.count > 5 ? " and others" : ""
            missing.append(
                "bars of \(self.missing.count) of \(expected) tickers (\(names)\(others))")
        }
        return "the session of \(day): \(missing.joined(separator: " and ")) "
            + (missing.count > 1 ? "are" : "is")
            + " missing; from \(rules.ready(day)) on the index and "
            + "\(rules.enoughPercent) % of the bars are enough"
            + (adjusted == 0
                ? ""
                : "; \(adjusted) imports of it are of adjusted prices, and with a broker only prices "
                    + "as traded close a session (recount ingest --adjustment none)")
    }
}
