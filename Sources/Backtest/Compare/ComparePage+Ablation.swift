import Learning

extension ComparePage {
    /// What each fix is worth, for a terminal.
    func ablationText(_ ablation: Ablation) -> String {
        let (first, last) = (sides[0].name, sides[1].name)
        var lines = [
            "Each fix alone: what it adds to the information ratio at equal exposure",
            "  p over all \(ablation.rows.count { $0.primary != nil }) rows by Romano and Wolf's stepdown",
        ]
        for isAdded in [true, false] {
            lines.append(isAdded ? "  added alone to \(first)" : "  taken alone from \(last)")
            for row in ablation.rows where row.isAdded == isAdded {
                let primary = row.primary
                let interval = primary.map {
                    "\(Figures.number($0.interval.low)) to \(Figures.number($0.interval.high))"
                }
                lines.append(
                    "    " + Figures.left(row.fix.name, 24)
                        + Figures.right(Figures.number(primary?.difference), 7)
                        + Figures.right(interval ?? "n/a", 18)
                        + "   p " + Figures.number(row.adjusted, 4)
                        + Figures.right("\(Figures.count(row.closedTrades)) trades", 16))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The same as JSON.
    var ablationJSON: String {
        guard let ablation else { return "null" }
        return JSON.list(
            ablation.rows.map { row in
                JSON.object([
                    ("fix", JSON.text(row.fix.name)),
                    (
                        "settings",
                        JSON.list(
                            (row.isAdded ? row.fix.given : row.fix.taken).map {
                                JSON.text($0)
                            })
                    ),
                    ("added", row.isAdded ? "true" : "false"), ("primary", primary(row.primary)),
                    ("adjusted_p", JSON.number(row.adjusted)),
                    ("closed_trades", "\(row.closedTrades)"),
                ])
            })
    }
}
