import Backtest

/// What the studies found, as a page: everything that was measured, whatever it says.
public struct StudyPage {
    private let lines: [WorldLine]

    /// A page of lines.
    public init(_ lines: [WorldLine]) { self.lines = lines }

    /// Seeds out of 40 in which the oracle must be shown at the reference edge.
    public static let fewestShown = 39

    /// The smallest edge at which the oracle is shown in enough seeds; nil before it is known.
    public var reference: Int? {
        for edge in Study.edge.edges {
            let found = lines.filter { $0.world.study == Study.edge.name && $0.world.edge == edge }
            guard found.count == Study.edge.seeds.count else { return nil }
            if shown(found) >= StudyPage.fewestShown { return edge }
        }
        return nil
    }

    /// Every study that has lines.
    public var text: String {
        var parts = [
            """
            # What the loop finds where something is planted, and where nothing is

            Written by `studies page` (`Tools/Studies`); do not edit. Edges are basis points over 42
            sessions, the mean of all filings: a fifth of the filers carries five times that. The
            metric, its interval and the verdicts are those of `recount compare`; seeds and sizes
            stand in `Tools/Studies/Runs/Study.swift` and were fixed before any world was looked at.
            """
        ]
        for name in ["edge", "power", "ceiling", "no-edge", "control"] {
            let found = lines.filter { $0.world.study == name }
            if !found.isEmpty { parts.append(section(name, found)) }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// One study's section; empty without a line of it.
    public func section(_ name: String) -> String {
        let found = lines.filter { $0.world.study == name }
        return found.isEmpty ? "" : section(name, found) + "\n"
    }

    private func section(_ name: String, _ found: [WorldLine]) -> String {
        switch name {
        case "edge": edgeSection(found)
        case "control": controlSection(found)
        case "ceiling": ceilingSection(found)
        default: loopSection(name, found)
        }
    }

    private func edgeSection(_ found: [WorldLine]) -> String {
        let rows = byEdge(found).map { edge, lines in
            [
                "\(edge)", "\(lines.count)", "\(shown(lines))",
                number(mean(lines.compactMap { $0.oracle?.ratio })),
            ]
        }
        let chosen = reference.map { "The reference edge is \($0)." } ?? "No reference edge yet."
        return """
            ## The edge: the oracle alone

            The oracle is told whose purchases carry the edge, buys them and holds them for 42 sessions;
            it is compared with holding nothing. \(Study.edge.years) years, \(Study.edge.tickers) tickers. The reference edge is
            the smallest at which it is shown in \(StudyPage.fewestShown) of \(Study.edge.seeds.count) seeds. \(chosen)

            \(table(["edge", "seeds", "shown", "mean information ratio"], rows))
            """
    }

    private func loopSection(_ name: String, _ found: [WorldLine]) -> String {
        let rows = byEdge(found).map { edge, lines in loopRow(edge, lines) }
        let head = [
            "edge", "seeds", "shown", "not shown", "worse", "insufficient", "difference", "error",
            "p ≤ 0", "oracle's gain", "recovered", "win rate after 2", "Sharpe after 2",
        ]
        let study = name == "power" ? Study.power(reference: reference ?? 0) : Study.noEdge
        let aim =
            name == "power"
            ? "Aim at the reference edge: shown in 28 of 40, pooled difference above 0 at p < .001, "
                + "win rate over 30 % and Sharpe ratio over 0 after two cycles."
            : "Aim: shown at most 9 times and worse at most 9 times of 200."
        return """
            ## \(name == "power" ? "Power" : "No edge"): `feedback` against `baseline`

            \(study.years) years, \(study.tickers) tickers. Difference: mean over seeds of the difference of the information
            ratios, its standard error over seeds, and the one-sided p of Student's t. Oracle's gain: its
            mean ratio less the baseline's; recovered: the share of it that the loop has. After 2: trades
            and sessions of `feedback` after the second training with outcomes, pooled and averaged.
            \(aim)

            \(table(head, rows))
            """
    }

    private func ceilingSection(_ found: [WorldLine]) -> String {
        let rows = byEdge(found).map { edge, lines in
            let pooled = PooledMean(lines.compactMap { $0.compared?.difference })
            return [
                "\(edge)", "\(lines.count)", "\(shown(lines))", "\(count(lines, .notShown))",
                "\(count(lines, .worse))", number(pooled?.mean, 3), number(pooled?.error, 3),
            ]
        }
        return """
            ## The ceiling: the oracle under the loop's own rules, against `baseline`

            The worlds of the power study. The oracle is told from the first day whose purchases carry
            the edge, but leaves, sizes and limits its positions as `feedback` does (a stop 1.5 average
            true ranges below the entry, 20 positions): what `feedback` could come to if it had
            nothing left to learn.

            \(table(["edge", "seeds", "shown", "not shown", "worse", "difference", "error"], rows))
            """
    }

    private func loopRow(_ edge: Int, _ lines: [WorldLine]) -> [String] {
        let pooled = PooledMean(lines.compactMap { $0.compared?.difference })
        let baseline = sum(lines) { $0.baseline?.ratio }
        let gain = sum(lines) { $0.oracle?.ratio } - baseline
        let own = sum(lines) { $0.feedback?.ratio } - baseline
        let later = lines.compactMap { $0.feedback?.afterTwoCycles }
        let trades = later.reduce(0) { $0 + $1.trades }
        let wins = later.reduce(0) { $0 + $1.wins }
        return [
            "\(edge)", "\(lines.count)", "\(shown(lines))", "\(count(lines, .notShown))",
            "\(count(lines, .worse))",
            "\(count(lines, .insufficient) + lines.count { $0.compared == nil })",
            number(pooled?.mean, 3), number(pooled?.error, 3),
            pooled.map { small($0.pValue) } ?? "",
            number(gain / Double(lines.count)), edge > 0 && gain > 0 ? percent(own / gain) : "",
            trades > 0 ? percent(Double(wins) / Double(trades)) : "",
            number(mean(later.compactMap(\.sharpe))),
        ]
    }

    private func controlSection(_ found: [WorldLine]) -> String {
        let fixed = Set(Study.control(reference: 0).seeds)
        var groups = byEdge(found).flatMap { edge, lines in
            [
                ("\(edge)", lines.filter { fixed.contains($0.world.seed) }),
                ("\(edge), added", lines.filter { !fixed.contains($0.world.seed) }),
            ]
        }
        groups.removeAll { $0.1.isEmpty }
        let rows = groups.map { name, lines in
            let values = lines.compactMap(\.pValue)
            let (distance, critical) = Uniformity.distance(values)
            return [
                name, "\(values.count)", "\(values.count { $0 <= 0.01 })",
                number(values.sorted()[values.count / 2], 3), number(distance, 3),
                number(critical, 3),
            ]
        }
        return """
            ## The control: tickers permuted among the filings of a week and sector

            p is the share of permuted worlds in which the oracle is at least as good. Aim: at most .01 in
            the worlds with an edge, even between 0 and 1 in those without (Kolmogorov–Smirnov distance
            below the critical one). Added: further seeds, after the first twenty had been looked at.

            \(table(["edge", "seeds", "p ≤ .01", "median p", "distance", "critical"], rows))
            """
    }

    private func byEdge(_ found: [WorldLine]) -> [(Int, [WorldLine])] {
        var edges: [Int] = []
        for line in found where !edges.contains(line.world.edge) { edges.append(line.world.edge) }
        return edges.sorted().map { edge in (edge, found.filter { $0.world.edge == edge }) }
    }

    private func sum(_ lines: [WorldLine], _ value: (WorldLine) -> Double?) -> Double {
        lines.reduce(0) { $0 + (value($1) ?? 0) }
    }

    private func shown(_ lines: [WorldLine]) -> Int { count(lines, .shown) }

    private func count(_ lines: [WorldLine], _ verdict: Verdict) -> Int {
        lines.count { $0.compared?.verdict == verdict.rawValue }
    }
}

/// A Markdown table.
private func table(_ head: [String], _ rows: [[String]]) -> String {
    let marks = head.map { _ in "---:" }
    return ([head, marks] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        .joined(separator: "\n")
}

private func number(_ value: Double?, _ decimals: Int = 2) -> String {
    guard let value, value.isFinite else { return "" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let units = Int((value.magnitude * scale).rounded())
    let digits = String(repeating: "0", count: max(0, decimals + 1 - "\(units)".count)) + "\(units)"
    let sign = value < 0 && units > 0 ? "−" : ""
    return "\(sign)\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
}

/// The plain mean; nil of nothing.
private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

private func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }

private func small(_ probability: Double) -> String {
    probability < 0.0001 ? "< .0001" : number(probability, 4)
}
