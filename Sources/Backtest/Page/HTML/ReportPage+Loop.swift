import Events
import Learning
import Pipeline

extension ReportPage {
    /// The loop itself: champions, the gate's decisions and what became of them, weight,
    /// thresholds, calibration, importance, and what trainings were fitted on.
    var loopSection: String {
        let learning = report.learningHTML
        guard loop.requests > 0 || !loop.weights.isEmpty || !loop.reigns.isEmpty else {
            return learning
        }
        return """
            <p>\(Markup.escaped(loopSentences))</p>
            \(championsCard)
            <div class="grid">\(decisionsCard)\(aftermathCard)\(weightCard)\(thresholdsCard)\(shareCard)\
            \(ageCard)\(calibrationCard)</div>
            \(importanceCard)
            \(learning)
            """
    }

    /// What the section comes to, in words that need no glossary.
    var loopSentences: String {
        let promoted = loop.decisions.count { $0.verdict == .promote }
        var text =
            "The loop trains models on what its trades came to. A new model is compared with the "
            + "one that decides, the champion, on results that neither has learnt from; a rule, "
            + "the gate\(loop.gate.map { " (here \($0))" } ?? ""), promotes it or not. "
            + "\(Figures.count(loop.requests)) trainings were asked for and "
            + "\(Figures.count(loop.trainings.count)) gave a model; "
            + "\(Figures.count(loop.decisions.count)) comparisons promoted \(promoted) and held "
            + "the rest"
        let reasons = loop.holds.map { "\(Figures.count($0.count)) \(Self.held($0.name))" }
        if !reasons.isEmpty { text += ": \(reasons.joined(separator: ", "))" }
        text += "."
        if let judged = report.promotions?.filter(\.isJudged), !judged.isEmpty {
            let regressed = judged.count { $0.isRegression }
            text +=
                " Of \(judged.count) promotions that enough results came after, \(regressed) had "
                + "fewer of them right than the model before would have had."
        }
        return text
    }

    private static func held(_ reason: String) -> String {
        switch reason {
        case "gateRefused": "were not better than the champion"
        case "noChampion": "not better than always naming the commonest result, without a champion"
        case "awaitingHoldout": "waited for results"
        case "artefactLost": "had lost their file"
        case "insufficientEvidence": "had too little evidence"
        default: Labels.spaced(reason)
        }
    }

    /// The number of the first session on or after an instant's day, as a place on a chart.
    func place(_ at: Instant) -> Double {
        Double(min(report.firstSession(onOrAfter: at.day), max(report.daily.count - 1, 0)))
    }

    /// Whether an instant lies in the window: what a rehearsal learnt before it is in no chart.
    func isCharted(_ at: Instant) -> Bool {
        report.daily.first.map { at.day >= $0.day } ?? false
    }

    /// The range of all sessions on a chart.
    var sessionRange: ClosedRange<Double> { 0...Double(max(report.daily.count - 1, 1)) }

    private var championsCard: String {
        guard !loop.reigns.isEmpty else {
            return "<div class=\"card\"><h3>Champions over time</h3><p>No model was promoted: the "
                + "filings alone decided throughout.</p></div>"
        }
        let shown = loop.reigns.suffix(20)
        let rows = shown.reversed().map(championRow)
        let columns = [
            Table.Column("From", isText: true), Table.Column("To", isText: true),
            Table.Column("Model", "recount models show MODEL tells of it.", isText: true),
            Table.Column("Fitted on", "Rows of its training."),
            Table.Column("Own results", "Of those, results of the loop's own trades."),
            Table.Column("Right", "Share of results right when it was compared."),
            Table.Column("Before", "The same of the model before, or of the commonest result."),
            Table.Column("Promoted by", isText: true),
            Table.Column(
                "Since then",
                "Results that came after the promotion: how many it had right, and how many the "
                    + "model before would have had.", isText: true),
        ]
        let more = loop.reigns.count - shown.count
        return "<div class=\"card\"><h3>Champions over time</h3>\(championStrip)"
            + Table("Champions", columns, rows).html
            + (more > 0
                ? "<p><small>\(Figures.count(more)) earlier ones are not shown.</small></p>" : "")
            + "</div>"
    }

    private func championRow(_ reign: LoopHistory.Reign) -> [Table.Cell] {
        let training = loop.training(of: reign.model)
        let decision = loop.decision(reign.comparison)
        let after = report.promotions?.last {
            $0.promoted.model == reign.model && $0.promoted.at == reign.from
        }
        var since = "n/a"
        if let after {
            since =
                after.problem.map { "not known: \($0)" }
                ?? "\(Figures.count(after.correctNew)) of \(Figures.count(after.rows)) right, "
                + "\(Figures.count(after.correctOld)) by the one before"
                + (after.isRegression ? ": worse" : after.isJudged ? "" : " (too few to say)")
        }
        return [
            Table.Cell("\(reign.from.day)"),
            Table.Cell(reign.until.map { "\($0.day)" } ?? "the end"),
            Table.Cell("\(reign.model)" + (training.map { " \($0.name)" } ?? "")),
            Table.Cell(training.map { Figures.count($0.rows) } ?? "n/a"),
            Table.Cell(training.map { Figures.count($0.outcomeRows) } ?? "n/a"),
            Table.Cell(Figures.percent(decision?.accuracyNew, 1)),
            Table.Cell(Figures.percent(decision?.accuracyOld, 1)),
            Table.Cell(reign.cause),
            Table.Cell(since, tone: after?.isRegression == true ? "down" : ""),
        ]
    }

    /// So many champions are named one by one.
    private static let namedChampions = 40

    /// One bar over all sessions, a part for each champion.
    private var championStrip: String {
        guard let first = report.daily.first?.day, let last = report.daily.last?.day else {
            return ""
        }
        let end = sessionRange.upperBound
        let parts = loop.reigns.map { reign in
            let from = place(reign.from) / end * 100
            let width = max((reign.until.map(place) ?? end) / end * 100 - from, 0.3)
            let title =
                loop.reigns.count > ReportPage.namedChampions
                ? ""
                : " title=\"\(reign.model), \(reign.from.day) to "
                    + (reign.until.map { "\($0.day)" } ?? "the end") + "\""
            return "<i style=\"left:\(Figures.fixed(from, 1))%;width:\(Figures.fixed(width, 1))%\""
                + "\(title)></i>"
        }
        return
            "<div class=\"strip\" role=\"img\" aria-label=\"Champions over time, as in the table\">"
            + "\(parts.joined())</div><div class=\"ends\"><span>\(first)</span>"
            + "<span>\(last)</span></div>"
    }

    private var decisionsCard: String {
        guard !loop.decisions.isEmpty else { return "" }
        let charted = loop.decisions.filter { isCharted($0.at) }
        let differences = charted.map { $0.accuracyNew - $0.accuracyOld }
        var plot = Plot(
            "Each comparison: share right, new model less champion", x: sessionRange,
            y: Plot.range(differences))
        plot.axisY { Markup.signedPercent($0, 1) }
        let points = zip(charted, differences).map { (place($0.at), $1, $0) }
        plot.points(points.filter { $0.2.verdict != .promote }.map { ($0.0, $0.1) })
        let promoted = points.filter { $0.2.verdict == .promote }
        if promoted.count > ReportPage.namedChampions {
            plot.points(promoted.map { ($0.0, $0.1) }, kind: "s0")
        }
        for (at, difference, decision) in promoted.prefix(
            promoted.count > ReportPage.namedChampions ? 0 : promoted.count)
        {
            plot.dot(
                at, difference, radius: 5,
                title: "\(decision.at.day): \(decision.challenger) promoted, "
                    + "\(Markup.signedPercent(difference)) on \(decision.rows) results")
        }
        plot.axisYears(report.daily.map(\.day))
        return "<div class=\"card\"><h3>Decisions of the gate <small>share of results right, new "
            + "model less the one it would replace</small></h3>\(plot.svg)"
            + Key.html([("s0", "promoted"), ("s1", "held")]) + decisionTable + "</div>"
    }

    /// What each promoted model had right afterwards, beside the model before.
    private var aftermathCard: String {
        let judged = (report.promotions ?? []).filter { $0.isJudged && isCharted($0.promoted.at) }
        guard judged.count > 2 else { return "" }
        let points = judged.map { after in
            (
                place(after.promoted.at),
                Double(after.correctNew - after.correctOld) / Double(after.rows),
                after.isRegression
            )
        }
        var plot = Plot(
            "What became of promotions: share right, promoted less the one before",
            x: sessionRange, y: Plot.range(points.map(\.1)))
        plot.axisY { Markup.signedPercent($0, 1) }
        plot.points(points.filter { !$0.2 }.map { ($0.0, $0.1) }, kind: "up")
        plot.points(points.filter(\.2).map { ($0.0, $0.1) }, kind: "down")
        plot.axisYears(report.daily.map(\.day))
        let regressed = judged.count { $0.isRegression }
        return
            "<div class=\"card\"><h3>What became of promotions <small>share of all later results "
            + "right, promoted model less the one before</small></h3>\(plot.svg)"
            + Key.html([("gain", "at least as many right"), ("loss", "fewer right: \(regressed)")])
            + "</div>"
    }

    private var decisionTable: String {
        var years: [(year: Int, promoted: Int, held: Int, ahead: Int)] = []
        for decision in loop.decisions {
            let year = decision.at.day.civil.year
            if years.last?.year != year { years.append((year, 0, 0, 0)) }
            let last = years.count - 1
            if decision.verdict == .promote {
                years[last].promoted += 1
            } else {
                years[last].held += 1
            }
            if decision.accuracyNew > decision.accuracyOld { years[last].ahead += 1 }
        }
        let columns = [
            Table.Column("Year"), Table.Column("Compared"), Table.Column("Promoted"),
            Table.Column("Held"), Table.Column("Ahead", "More results right than the other."),
        ]
        return Table(
            "Decisions by year", columns,
            years.map { year in
                [year.year, year.promoted + year.held, year.promoted, year.held, year.ahead].map {
                    Table.Cell("\($0)")
                }
            }
        ).html
    }
}
