import Events

extension RunsPage {
    /// Sessions of a point.
    private static let step = 5

    /// What the page's scripts read, as JSON that is safe inside a script element.
    var payload: String {
        let settings = differing
        let members = [
            ("curves", curveData.map(\.json) ?? "null"),
            ("keys", Markup.array(settings.keys.map(Markup.json))),
            (
                "settings",
                Markup.array(
                    settings.values.map { Markup.array($0.map { $0.map(Markup.json) ?? "null" }) })
            ),
        ]
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",\n") + "}"
    }

    /// The settings in which the runs differ, and each run's value of each, nil where it has none.
    var differing: (keys: [String], values: [[String?]]) {
        let all = runs.map { run in
            run.settings.compactMap { line -> (key: String, value: String)? in
                guard let mark = line.firstRange(of: ": ") else { return nil }
                return ("\(line[..<mark.lowerBound])", "\(line[mark.upperBound...])")
            }
        }
        var keys: [String] = []
        for pairs in all {
            for pair in pairs where !keys.contains(pair.key) { keys.append(pair.key) }
        }
        func value(_ key: String, _ pairs: [(key: String, value: String)]) -> String? {
            pairs.first { $0.key == key }?.value
        }
        let known = zip(runs, all).filter { $0.0.problem == nil }.map(\.1)
        keys = keys.filter { key in
            known.contains { value(key, $0) != known.first.flatMap { value(key, $0) } }
        }
        return (keys, all.map { pairs in keys.map { value($0, pairs) } })
    }

    /// Every run's curves over the days of the run with most of them, and of those outside of it.
    var curveData: CurveData? {
        let drawn = runs.compactMap { run in
            run.report.flatMap { $0.daily.count > 1 ? (run.name, $0) : nil }
        }
        guard let first = drawn.first else { return nil }
        var days = Set(first.1.daily.map(\.day))
        for (_, report) in drawn.dropFirst() { days.formUnion(report.daily.map(\.day)) }
        let all = days.sorted()
        var shown = stride(from: 0, to: all.count, by: RunsPage.step).map { all[$0] }
        if let last = all.last, shown.last != last { shown.append(last) }
        func chart(_ id: String, _ levels: (BacktestReport) -> [Double]) -> CurveData.Chart {
            CurveData.Chart(
                id: id, format: "ratio", unit: 0.000_1,
                lines: drawn.enumerated().map { number, run in
                    CurveData.Line(
                        name: run.0, color: number,
                        values: RunsPage.sampled(levels(run.1), run.1.daily.map(\.day), shown),
                        isShown: number < RunsPage.drawnFirst)
                })
        }
        return CurveData(
            days: shown,
            charts: [
                chart("excess-chart") { report in
                    var level = 1.0
                    return ExcessPairs.excess(report).map { change in
                        level *= 1 + (change ?? 0)
                        return level
                    }
                },
                chart("value-chart") { report in
                    report.daily.map { $0.value.dollars / report.facts.startingValue.dollars }
                },
            ])
    }

    /// The latest value on or before each day, nil before the first and after the last session.
    private static func sampled(_ values: [Double], _ days: [Day], _ shown: [Day]) -> [Double?] {
        var place = 0
        return shown.map { day in
            while place + 1 < days.count, days[place + 1] <= day { place += 1 }
            guard let last = days.last, days[place] <= day, day <= last + RunsPage.step else {
                return nil
            }
            return values[place]
        }
    }
}
