import Events

extension ChampionCounts {
    private static let columns = [
        "judged", "buy", "sell", "neutral", "buy %", "sell %", "neutral %",
    ]

    /// The whole, then each year, as cells: name, counts, shares.
    var rows: [[String]] {
        ([("all", whole)] + years.map { ("\($0.year)", $0.sides) }).map { name, sides in
            [name] + [sides.judged, sides.buys, sides.sells, sides.neutrals].map(Figures.count)
                + [sides.buys, sides.sells, sides.neutrals].map {
                    Figures.percent(sides.share($0), 1)
                }
        }
    }

    /// The table for a terminal; empty where no champion said anything.
    func table(_ title: String = "The champion said") -> String {
        guard whole.judged > 0 else { return "" }
        let lines = ([[title] + ChampionCounts.columns] + rows).map { cells in
            Figures.left(cells[0], 22) + cells.dropFirst().map { Figures.right($0, 11) }.joined()
        }
        return (lines + ["Without a champion: \(Figures.count(whole.unjudged)) evaluations"])
            .joined(separator: "\n")
    }

    /// The table for a page; empty where no champion said anything.
    func html(_ title: String) -> String {
        guard whole.judged > 0 else { return "" }
        let columns =
            [Table.Column("Year", isText: true)]
            + ChampionCounts.columns.map {
                Table.Column($0.prefix(1).uppercased() + $0.dropFirst())
            }
        return
            "<div class=\"card\"><h3>\(Markup.escaped(title)) <small>what the champion alone said "
            + "of each evaluation</small></h3>"
            + Table(title, columns, rows.map { $0.map { Table.Cell($0) } }).html
            + "<p>\(Figures.count(whole.unjudged)) evaluations had no champion.</p></div>"
    }

    /// Counts and shares, of all and by year.
    var json: String {
        let years = years.map { year in
            JSON.object([("year", "\(year.year)")] + ChampionCounts.fields(year.sides))
        }
        return JSON.object(
            ChampionCounts.fields(whole) + [
                ("unjudged", "\(whole.unjudged)"), ("years", JSON.list(years)),
            ])
    }

    private static func fields(_ sides: Sides) -> [(String, String)] {
        [
            ("judged", "\(sides.judged)"), ("buy", "\(sides.buys)"), ("sell", "\(sides.sells)"),
            ("neutral", "\(sides.neutrals)"), ("buy_share", JSON.number(sides.share(sides.buys))),
            ("sell_share", JSON.number(sides.share(sides.sells))),
            ("neutral_share", JSON.number(sides.share(sides.neutrals))),
        ]
    }
}
