import Events
import FeedbackLoop

/// Money that was put into a broker's account and taken out of it: no return of a run.
struct AccountFlows {
    /// What the account had when the run's first session was marked.
    let opening: Money
    private let later: Money

    /// Those of a run's marks; nil at the simulated market, which has none.
    init?(_ marks: [SessionMark]) {
        guard let first = marks.first, let last = marks.last,
            marks.contains(where: { $0.contributed != .zero })
        else { return nil }
        opening = first.contributed
        later = last.contributed - first.contributed
    }

    /// What whoever reads the figures must know.
    var text: String {
        later == .zero
            ? "the account began with \(opening)"
            : "the account began with \(opening); \(later) were put in (or, below zero, taken out) "
                + "since: values are scaled to the returns without that (time-weighted)"
    }
}

/// By what a value is multiplied so that money put in or taken out is no return: each session's
/// return is of the value before with what came (time-weighted, flows at the start of the day: CFA
/// Institute, "Global Investment Performance Standards", 2020, provision 2.A).
struct FlowScale {
    private var factor = 1.0

    /// Another session was marked.
    mutating func take(_ mark: SessionMark, behind before: SessionMark?) {
        guard let before, before.value > .zero else { return }
        let flow = mark.contributed - before.contributed
        guard flow != .zero, before.value + flow > .zero else { return }
        factor *= before.value.dollars / (before.value + flow).dollars
    }

    /// Dollars on the scale of the beginning; the same dollars where nothing came or went.
    func of(_ money: Money) -> Money {
        factor == 1 ? money : Money(dollars: money.dollars * factor)
    }
}
