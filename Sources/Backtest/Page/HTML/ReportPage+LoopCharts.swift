import Events
import Learning
import Pipeline

extension ReportPage {
    /// The champion's share in a confidence, over time.
    var weightCard: String {
        guard let last = loop.weights.last, let first = loop.weights.first else { return "" }
        var plot = Plot("Blend weight", x: sessionRange, y: 0...1)
        plot.axisY { Figures.percent($0, 0) }
        let start = [(at: place(first.at), value: Double(first.previous) / 10)]
        plot.steps(
            start + loop.weights.map { (place($0.at), Double($0.tenths) / 10) },
            until: sessionRange.upperBound, kind: "")
        plot.axisYears(report.daily.map(\.day))
        let moved = loop.weights.filter { $0.tenths != $0.previous }
        let rows = moved.suffix(8).reversed().map { weight in
            [
                Table.Cell("\(weight.at.day)"),
                Table.Cell("\(weight.previous * 10)% → \(weight.tenths * 10)%"),
                Table.Cell(Figures.percent(weight.machineRate, 1)),
                Table.Cell(Figures.percent(weight.heuristicRate, 1)),
            ]
        }
        let columns = [
            Table.Column("Day", isText: true), Table.Column("Weight"),
            Table.Column("Model won", "Wins of what the model alone would have bought."),
            Table.Column("Filings won", "Wins of what the filings alone would have bought."),
        ]
        return "<div class=\"card\"><h3>How much the model counts <small>its share in a confidence "
            + "(blend weight), the filings have the rest; \(last.tenths * 10)% at the end</small></h3>"
            + plot.svg
            + (rows.isEmpty ? "" : Table("Latest changes of the weight", columns, rows).html)
            + "<p><small>\(Figures.count(loop.weights.count)) evaluations moved it "
            + "\(Figures.count(moved.count)) times.</small></p></div>"
    }

    /// From which probability on the champion's word is a purchase or a sale.
    var thresholdsCard: String {
        guard let last = loop.thresholds.last else { return "" }
        let (buys, sells) = (
            loop.thresholds.map { (at: place($0.at), value: Double($0.buyHundredths) / 100) },
            loop.thresholds.map { (at: place($0.at), value: Double($0.sellHundredths) / 100) }
        )
        let values = (buys + sells).map(\.value)
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        var plot = Plot("Thresholds", x: sessionRange, y: (low - 0.03)...(high + 0.03))
        plot.axisY { Figures.fixed($0, 2) }
        plot.steps(buys, until: sessionRange.upperBound, kind: "")
        plot.steps(sells, until: sessionRange.upperBound, kind: "s3")
        plot.axisYears(report.daily.map(\.day))
        return "<div class=\"card\"><h3>Thresholds <small>probability from which the model speaks "
            + "for a purchase (now \(Figures.fixed(Double(last.buyHundredths) / 100, 2))) or a sale "
            + "(\(Figures.fixed(Double(last.sellHundredths) / 100, 2)))</small></h3>\(plot.svg)"
            + Key.html([("s0", "purchase"), ("s3", "sale")]) + "</div>"
    }

    /// What part of each training was the loop's own results.
    var shareCard: String {
        let fitted = loop.trainings.filter { $0.outcomeRows > 0 && $0.rows > 0 }
        guard let last = fitted.last else { return "" }
        let points = fitted.filter { isCharted($0.at) }.map {
            (place($0.at), Double($0.outcomeRows) / Double($0.rows))
        }
        var plot = Plot(
            "Own results in trainings", x: sessionRange, y: Plot.range(points.map(\.1)))
        let decimals = Plot.decimals(plot.y)
        plot.axisY { Figures.percent($0, decimals) }
        plot.line(points)
        plot.axisYears(report.daily.map(\.day))
        return "<div class=\"card\"><h3>Own results in trainings <small>\(fitted.count) trainings "
            + "with results of the loop's own trades; the latest had "
            + "\(Figures.count(last.outcomeRows)) of \(Figures.count(last.rows)) rows, the others "
            + "are what any ticker did after a filing</small></h3>\(plot.svg)</div>"
    }

    /// How old the results were that trainings were fitted on.
    var ageCard: String {
        let known = (report.ages ?? []).filter { $0.newest != nil && $0.median != nil }
        guard let last = known.last else { return "" }
        let charted = known.filter { isCharted($0.at) }
        let newest = charted.map { (place($0.at), Double($0.newest ?? 0)) }
        let middle = charted.map { (place($0.at), $0.median ?? 0) }
        var plot = Plot(
            "Age of own results, days", x: sessionRange,
            y: Plot.range((newest + middle).map(\.1)))
        plot.axisY { Figures.fixed($0, 0) }
        plot.line(newest)
        plot.line(middle, kind: "s2")
        plot.axisYears(report.daily.map(\.day))
        return "<div class=\"card\"><h3>Age of own results <small>days from decision to training; "
            + "of the latest, \(last.newest ?? 0) the newest and "
            + "\(Figures.fixed(last.median ?? 0, 0)) the middle one</small></h3>\(plot.svg)"
            + Key.html([("s0", "newest"), ("s2", "middle (median)")]) + "</div>"
    }

    /// Whether what the champion called likely came as often as it was called.
    var calibrationCard: String {
        let promoted = loop.champion.flatMap { loop.decision($0.comparison)?.bins } ?? []
        let since = loop.performance?.bins ?? []
        guard promoted.count + since.count > 0 else { return "" }
        var plot = Plot("Calibration: predicted and observed share of wins", x: 0...1, y: 0...1)
        plot.axisY { Figures.percent($0, 0) }
        plot.line([(0, 0), (1, 1)], kind: "dash")
        for (bins, kind) in [(promoted, "s2"), (since, "")] {
            plot.line(bins.map { ($0.predicted, $0.observed) }, kind: kind)
            for bin in bins {
                plot.dot(
                    bin.predicted, bin.observed, radius: bin.rows >= 30 ? 4 : 2, kind: kind,
                    title: "predicted \(Figures.percent(bin.predicted, 1)), came "
                        + "\(Figures.percent(bin.observed, 1)) of \(Figures.count(bin.rows))")
            }
        }
        plot.axisX(
            [0, 0.25, 0.5, 0.75, 1].map { ($0, Figures.percent($0, 0)) },
            name: "probability of a win, as predicted")
        var key: [(kind: String, name: String)] = []
        if !promoted.isEmpty { key.append(("s2", "when it was promoted")) }
        if let performance = loop.performance {
            key.append(("s0", "\(performance.windowDays) days to \(performance.day)"))
        }
        var text =
            "On the dashed line wins come as often as predicted; small dots are under 30 rows."
        if let last = loop.calibrations.last, let before = last.before, let after = last.after {
            text +=
                " \(Figures.count(loop.calibrations.count)) calibrations of confidence; the latest, "
                + "\(last.at.day), took the mean squared error (Brier) on its own "
                + "\(Figures.count(last.rows)) rows from \(Figures.fixed(before, 3)) to "
                + "\(Figures.fixed(after, 3))."
        }
        return "<div class=\"card\"><h3>Calibration <small>of the latest champion</small></h3>"
            + "\(plot.svg)\(Key.html(key))<p><small>\(Markup.escaped(text))</small></p></div>"
    }

    /// What the champion's trees split on, and what went with results in the latest analysis.
    var importanceCard: String {
        guard
            let training = (loop.champion.flatMap { loop.training(of: $0.model) })
                ?? loop.trainings.last, !training.gains.isEmpty
        else { return "" }
        let isChampion = loop.champion?.model == training.model
        let total = Moments.sum(training.gains.map(\.gain))
        let gains = training.gains.sorted {
            $0.gain == $1.gain ? $0.feature < $1.feature : $0.gain > $1.gain
        }
        let rows = gains.prefix(12).map { feature, gain in
            let known = FeatureCatalogue.features.indices.contains(feature)
            let late = loop.features?.all.first { $0.number == feature }
            return [
                Table.Cell(
                    known ? Labels.plain(FeatureCatalogue.features[feature].name) : "\(feature)"),
                Table.Cell(known ? FeatureCatalogue.features[feature].formula : ""),
                Table.Cell(
                    Figures.percent(total > 0 ? gain / total : nil, 1),
                    fill: total > 0 ? gain / max(gains[0].gain, 1e-12) : nil),
                .number(late?.correlation, 2), .number(late?.pValue, 3),
                Table.Cell(Figures.percent(late?.winRateHigh, 1)),
                Table.Cell(Figures.percent(late?.winRateLow, 1)),
            ]
        }
        let columns = [
            Table.Column("Feature", "A number that the model reads.", isText: true),
            Table.Column("What it is", isText: true),
            Table.Column("Importance", "Mean gain of its splits / the sum over features."),
            Table.Column("Correlation", "With results, in the latest weekly analysis."),
            Table.Column("p", "Of the correlation, of rows taken as independent."),
            Table.Column("Wins above", "Win rate of rows above its median."),
            Table.Column("Wins below", "At or below it."),
        ]
        let analysis = loop.features.map {
            "; correlations of \($0.day), \(Figures.count($0.rows)) results"
        }
        return "<div class=\"card\"><h3>What the model looks at <small>\(training.model), the "
            + "\(isChampion ? "latest champion" : "model trained last")\(analysis ?? "")</small></h3>"
            + Table("Importance", columns, rows).html + "</div>"
    }
}
