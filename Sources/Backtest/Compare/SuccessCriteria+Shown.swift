import Events
import Learning
import Pipeline

extension SuccessCriteria {
    /// The table for a terminal.
    func table(_ title: String) -> String {
        let lines = all.map {
            "  " + Figures.left($0.promise, 48) + Figures.left($0.state.rawValue, 14) + $0.figure
        }
        return ([title] + lines).joined(separator: "\n")
    }

    /// The table for a page.
    func html(_ title: String) -> String {
        let columns = [
            Table.Column("Promised", isText: true), Table.Column("", isText: true),
            Table.Column("Figure", isText: true),
        ]
        let rows = all.map { criterion in
            [
                Table.Cell(criterion.promise),
                Table.Cell(criterion.state.rawValue, tone: SuccessCriteria.tone(criterion.state)),
                Table.Cell(Labels.sentence(criterion.figure.replacing(" -", with: " −"))),
            ]
        }
        return
            "<div class=\"card\"><h3>\(Markup.escaped(title)) <small>what the first replaced system "
            + "would have called a success</small></h3>"
            + Table(title, columns, rows).html + "</div>"
    }

    /// The colour of a state.
    static func tone(_ state: RetrainingCycle.Target) -> String {
        switch state {
        case .met: "up"
        case .notMet: "down"
        case .insufficient: ""
        }
    }

    /// One object a criterion.
    var json: String {
        JSON.list(
            all.map {
                JSON.object([
                    ("criterion", JSON.text($0.key)), ("promise", JSON.text($0.promise)),
                    ("state", JSON.text($0.state.rawValue)), ("figure", JSON.text($0.figure)),
                ])
            })
    }
}

extension BacktestReport {
    /// The five criteria; nil for a run that never retrained by itself.
    var criteria: SuccessCriteria? { SuccessCriteria(self) }

    /// Criteria, promotions and ages for a terminal; empty for a run that does not learn.
    var learningText: String {
        [
            criteria?.table("What the first replaced system promised"), promotionTable, agesText,
        ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static let promotionColumns = [
        "promoted", "model", "before", "rows since", "right", "right before", "",
    ]

    /// A line a promotion: both models on rows that are mature since.
    private var promotionRows: [[String]] {
        (promotions ?? []).map { after in
            let promoted = after.promoted
            let verdict =
                after.problem.map { "not known: \($0)" }
                ?? (after.isRegression ? "REGRESSED" : after.isJudged ? "" : "too few rows")
            let isKnown = after.problem == nil
            return [
                "\(promoted.at.day)", "\(promoted.model)",
                promoted.previous == .none ? "commonest" : "\(promoted.previous)",
                Figures.count(after.rows), isKnown ? Figures.count(after.correctNew) : "n/a",
                isKnown ? Figures.count(after.correctOld) : "n/a", verdict,
            ]
        }
    }

    /// The table of promotions for a terminal; empty without one.
    private var promotionTable: String {
        let rows = promotionRows
        guard !rows.isEmpty else { return "" }
        let regressed = (promotions ?? []).count { $0.isRegression }
        let lines = ([BacktestReport.promotionColumns] + rows).map { cells in
            "  " + Figures.left(cells[0], 12) + Figures.left(cells[1], 10)
                + Figures.left(cells[2], 10)
                + cells[3..<6].map { Figures.right($0, 13) }.joined() + "  \(cells[6])"
        }
        return
            ([
                "Promotions, by rows decided since and mature: \(regressed) of \(rows.count) regressed"
            ]
            + lines).joined(separator: "\n")
    }

    /// How old the outcomes were that trainings fitted.
    private var agesText: String {
        let known = (ages ?? []).filter { $0.newest != nil && $0.model != nil }
        guard let last = known.last else { return "" }
        let newest = known.compactMap { $0.newest.map(Double.init) }
        return "What trainings learnt from: of \(known.count) that fitted outcomes the newest was "
            + "\(Figures.fixed(MiddleValue.median(newest), 0)) days old at the median "
            + "(\(Figures.fixed(newest.min() ?? 0, 0)) to \(Figures.fixed(newest.max() ?? 0, 0)))\n"
            + "  latest, \(last.at.day): \(last.text)"
    }

    /// Criteria and ages for a page; its champions say what came of promotions.
    var learningHTML: String {
        let cards = criteria?.html("Success criteria") ?? ""
        guard !agesText.isEmpty else { return cards }
        return cards + "<p>\(Markup.escaped(agesText.replacing("\n ", with: ";"))).</p>"
    }

    /// Members of the report's JSON object.
    var learningJSON: [(String, String)] {
        [
            ("criteria", criteria?.json ?? "null"),
            ("promotions", promotions.map { JSON.list($0.map(BacktestReport.json)) } ?? "null"),
            (
                "regressed_promotions",
                promotions.map { "\($0.count { $0.isRegression })" } ?? "null"
            ),
            ("outcome_ages", ages.map { JSON.list($0.map(BacktestReport.json)) } ?? "null"),
        ]
    }

    private static func json(_ after: PromotionAfter) -> String {
        let isKnown = after.problem == nil
        return JSON.object([
            ("promoted_at", JSON.text(after.promoted.at)),
            ("model", JSON.text(after.promoted.model)),
            (
                "previous",
                after.promoted.previous == .none ? "null" : JSON.text(after.promoted.previous)
            ),
            ("rows_since", "\(after.rows)"), ("correct", isKnown ? "\(after.correctNew)" : "null"),
            ("correct_previous", isKnown ? "\(after.correctOld)" : "null"),
            ("regressed", after.isJudged ? "\(after.isRegression)" : "null"),
            ("unknown", JSON.text(after.problem)),
        ])
    }

    private static func json(_ age: OutcomeAge) -> String {
        JSON.object([
            ("at", JSON.text(age.at)), ("model", JSON.text(age.model)),
            ("fitted_outcome_rows", "\(age.rows)"),
            ("newest_days", age.newest.map { "\($0)" } ?? "null"),
            ("median_days", JSON.number(age.median)),
        ])
    }
}
