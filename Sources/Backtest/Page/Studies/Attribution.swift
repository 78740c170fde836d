import Events

/// Results of closed trades by something: filer, sector, lag …
///
/// By filer, party, chamber and lag a trade is split equally over the purchases that counted in its
/// signal, and each part goes to the group of its purchase. By sector, regime and confidence a
/// trade belongs to one group as a whole.
struct Attribution: Sendable {
    /// What trades are grouped by.
    var title: String
    /// Whether a trade may belong to several groups in parts.
    var isSplit: Bool
    /// Groups in the order they are to be shown.
    var groups: [Group]

    /// One part of a trade.
    struct Part: Sendable {
        /// The share of the trade, up to 1.
        var weight: Double
        /// Net return of the trade.
        var netReturn: Double
        /// Whether the trade is a win by its net return.
        var isWin: Bool
        /// Dollars of the whole trade.
        var profit: Double
        /// Excess over the index of the trade, nil without an index.
        var excess: Double?
    }

    /// The results of one group.
    struct Group: Sendable {
        /// Its name.
        var name: String
        /// All of it.
        var all: Figures
        /// Without the five parts that earned most.
        var withoutBest: Figures
    }

    /// Figures of some parts.
    struct Figures: Hashable, Sendable {
        /// Trades, parts counted by their weight.
        var trades: Double
        /// Share of the weight that is wins (a net return above .5 %), nil without any.
        var winRate: Double?
        /// Dollars.
        var profit: Double
        /// Mean net return, weighted; nil without any.
        var meanReturn: Double?
        /// Mean excess over the index, weighted, over the parts that have one.
        var meanExcess: Double?

        /// The figures of some parts.
        init(_ parts: [Part]) {
            trades = Moments.sum(parts.map(\.weight))
            profit = Moments.sum(parts.map { $0.weight * $0.profit })
            guard trades > 0 else { return }
            winRate = Moments.sum(parts.map { $0.isWin ? $0.weight : 0 }) / trades
            meanReturn = Moments.sum(parts.map { $0.weight * $0.netReturn }) / trades
            let compared = parts.filter { $0.excess != nil }
            let weight = Moments.sum(compared.map(\.weight))
            guard weight > 0 else { return }
            meanExcess = Moments.sum(compared.map { $0.weight * ($0.excess ?? 0) }) / weight
        }
    }

    /// Groups the parts that `shares` gives for each trade; names with equal rank stand by weight.
    init(
        _ title: String, _ entries: [RunEntry],
        shares: (RunEntry) -> [(name: String, rank: Int, weight: Double)]
    ) {
        self.title = title
        isSplit = false
        var names: [(name: String, rank: Int)] = []
        var numbers = Lookup<String, Int>()
        var parts: [[Part]] = []
        for entry in entries {
            guard let outcome = entry.outcome else { continue }
            for share in shares(entry) {
                if share.weight < 1 { isSplit = true }
                let number = numbers[share.name] ?? names.count
                if number == names.count {
                    numbers[share.name] = number
                    names.append((share.name, share.rank))
                    parts.append([])
                }
                parts[number].append(
                    Part(
                        weight: share.weight, netReturn: outcome.netReturn,
                        isWin: outcome.outcome == .win,
                        profit: outcome.returnDollars.dollars, excess: outcome.excessReturn))
            }
        }
        let made = names.indices.map { number in
            (
                rank: names[number].rank,
                group: Group(
                    name: names[number].name, all: Figures(parts[number]),
                    withoutBest: Figures(Attribution.withoutBest(5, parts[number])))
            )
        }
        groups = made.sorted {
            ($0.rank, $1.group.all.trades, $0.group.name)
                < ($1.rank, $0.group.all.trades, $1.group.name)
        }.map(\.group)
    }

    /// The parts without the `count` that earned most; the earlier of equals goes first.
    static func withoutBest(_ count: Int, _ parts: [Part]) -> [Part] {
        let order = parts.indices.sorted {
            let left = parts[$0].weight * parts[$0].profit
            let right = parts[$1].weight * parts[$1].profit
            return left == right ? $0 < $1 : left > right
        }
        let best = order.prefix(count)
        return parts.indices.filter { !best.contains($0) }.map { parts[$0] }
    }
}
