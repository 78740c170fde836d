import Events
import FeedbackLoop
import Learning

extension BacktestReport {
    /// Sessions of which the index has no level.
    public var sessionsWithoutIndex: Int { daily.count { !$0.hasIndex } }

    /// What the figures could not see; nil where the index has a level of every session.
    var blindness: String? {
        let count = sessionsWithoutIndex
        guard count > 0 else { return nil }
        if count == daily.count {
            return "no index for any session: nothing is measured against it, regimes are unknown "
                + "(recount ingest index)"
        }
        return "no index for \(Figures.count(count)) of \(Figures.count(daily.count)) sessions: "
            + "figures against it are of the others, and labels, features and regimes that need "
            + "it are missing"
    }

    /// Warnings, the gravest first.
    var warnings: [String] { facts.flags + [blindness].compactMap(\.self) }

    /// How many tickers of the first year are there at the end; nil where it is not known.
    var survivorship: String? {
        guard let (tickers, survivors) = facts.survival, tickers > 0 else { return nil }
        let all = survivors == tickers && tickers >= 20 ? ": none was ever delisted" : ""
        return "Survivorship: \(Figures.count(survivors)) of \(Figures.count(tickers)) tickers of "
            + "the first year are still traded at the end\(all)"
    }

    /// How many of the filed rows it followed and why not the others; nil where it follows all.
    var followedText: String? {
        guard facts.followed.rows > 0 else { return nil }
        let left = facts.followed.reasons.map { "\(Figures.count($0.rows)) \($0.reason.words)" }
        return "Follows \(Figures.count(facts.followed.followed)) of "
            + "\(Figures.count(facts.followed.rows)) filed rows"
            + (left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))")
    }

    /// The same as an object; `null` where it follows all.
    var followedJSON: String {
        guard facts.followed.rows > 0 else { return "null" }
        return JSON.object([
            ("rows", "\(facts.followed.rows)"), ("followed", "\(facts.followed.followed)"),
            (
                "left_out",
                JSON.object(facts.followed.reasons.map { ($0.reason.rawValue, "\($0.rows)") })
            ),
        ])
    }

    /// Why there is too little to judge by: no ratio at all, under 252 sessions, under 100 closed
    /// trades.
    var thinness: [String] {
        var lines: [String] = []
        if let scarcity { lines.append("Ratios and intervals are n/a: \(scarcity.reason).") }
        if daily.count < 252 {
            lines.append(
                "Only \(daily.count) sessions, under the 252 of a year: the figures are no evidence "
                    + "of skill.")
        }
        if trades.count < 100 {
            lines.append(
                "Only \(trades.count) closed trades: the figures are no evidence of skill.")
        }
        return lines
    }

    /// The five tickers with the most closed profit, and the total return had they earned nothing.
    var withoutBestHoldings: (tickers: [Ticker], totalReturn: Double?) {
        let best = holdings.prefix(5).filter { $0.profit > .zero }
        guard let last = daily.last?.value, facts.startingValue > .zero else {
            return (best.map(\.ticker), nil)
        }
        let rest = best.reduce(last) { $0 - $1.profit }
        return (best.map(\.ticker), rest.dollars / facts.startingValue.dollars - 1)
    }

    /// The index's returns by year, compounded over the sessions whose index return is known; a
    /// year without one is left out.
    var indexByYear: [(year: Int, total: Double)] {
        var years: [(year: Int, total: Double)] = []
        for record in daily {
            guard let change = record.indexReturn else { continue }
            let year = record.day.civil.year
            if years.last?.year != year { years.append((year, 0)) }
            years[years.count - 1].total = (1 + years[years.count - 1].total) * (1 + change) - 1
        }
        return years
    }
}
