import Events
import Learning

/// The run's entries beside random ones: the same sessions, dollars and exit rules, other tickers.
///
/// Each draw gives every entry of the run a ticker at random among those that could have been
/// entered at that open (a bar with volume, and the average true range that a stop needs), no
/// ticker twice in a session. All are traded by `TradeSimulator`, the run's own entries too, so
/// that both sides leave by the same rules; opposite signals close neither.
struct NullBand: Sendable {
    /// Draws.
    static let draws = 1_000

    /// One figure: the run's own, and what the draws gave.
    struct Figure: Sendable {
        /// Of the run's entries.
        var observed: Double
        /// Of the draws, ascending.
        var drawn: [Double]

        /// (1 + draws at or above the run's own) / (draws + 1).
        var pValue: Double {
            let above = drawn.count { $0 >= observed }
            return Double(1 + above) / Double(drawn.count + 1)
        }

        /// The lowest drawn value that a share of the draws does not exceed.
        func quantile(_ share: Double) -> Double {
            let rank = Int((share * Double(drawn.count)).rounded(.up))
            return drawn[min(max(rank, 1), drawn.count) - 1]
        }
    }

    /// Entries that were drawn for.
    var entries: Int
    /// Entries left out, because they were not filled at an open or could not be priced.
    var leftOut: Int
    /// Profit of all entries in dollars, each with the dollars that the run paid.
    var profit: Figure
    /// Share of wins among the entries: a net return above .5 %.
    var winRate: Figure
    /// Mean excess over the index a trade; nil without an index.
    var meanExcess: Figure?

    /// An entry that is drawn for: what it came to, and what it would have come to in each ticker.
    struct Unit {
        /// The session of the entry; units of one session stand together.
        var session: Int
        /// Dollars that were paid.
        var dollars: Double
        /// What the entry's own ticker came to by the simulator.
        var own: TradeSimulator.Result
        /// What every ticker that could have been entered came to.
        var choices: [(slot: Int, result: TradeSimulator.Result)]
    }

    /// The band for a run's entries; nil when none can be simulated.
    init?(_ entries: [RunEntry], _ simulator: TradeSimulator, seed: UInt64 = 1) {
        var outcomes = Outcomes(simulator)
        var units: [Unit] = []
        for entry in entries {
            guard entry.timing == .nextOpen,
                let session = simulator.prices.session(of: entry.day),
                let slot = simulator.prices.slot(of: entry.order.ticker),
                let exits = TradeSimulator.Exits(entry, simulator),
                let result = simulator.trade(slot, session, exits)
            else { continue }
            units.append(
                Unit(
                    session: session, dollars: entry.cost, own: result,
                    choices: outcomes.choices(exits, session)))
        }
        self.init(units, leftOut: entries.count - units.count, seed: seed)
    }

    /// The band for units; nil for none.
    init?(_ units: [Unit], leftOut: Int, seed: UInt64 = 1) {
        guard !units.isEmpty else { return nil }
        entries = units.count
        self.leftOut = leftOut
        let (own, dollars) = (units.map(\.own), units.map(\.dollars))
        var draws = SplitMix64(seed: seed)
        var profits: [Double] = []
        var rates: [Double] = []
        var excesses: [Double] = []
        for _ in 0..<NullBand.draws {
            let drawn = NullBand.draw(units, &draws)
            profits.append(NullBand.profit(drawn, dollars))
            rates.append(NullBand.winRate(drawn))
            if let mean = NullBand.meanExcess(drawn) { excesses.append(mean) }
        }
        profit = Figure(observed: NullBand.profit(own, dollars), drawn: profits.sorted())
        winRate = Figure(observed: NullBand.winRate(own), drawn: rates.sorted())
        if let observed = NullBand.meanExcess(own), excesses.count == NullBand.draws {
            meanExcess = Figure(observed: observed, drawn: excesses.sorted())
        }
    }

    /// One random result a unit; units of one session differ in ticker.
    private static func draw(_ units: [Unit], _ draws: inout SplitMix64)
        -> [TradeSimulator.Result]
    {
        var taken: [Int] = []
        var session = -1
        var drawn: [TradeSimulator.Result] = []
        drawn.reserveCapacity(units.count)
        for unit in units {
            if unit.session != session {
                session = unit.session
                taken.removeAll(keepingCapacity: true)
            }
            var choice = unit.choices[draws.below(unit.choices.count)]
            // A session has no more entries than tickers, but other rules may offer fewer.
            var attempts = 0
            while taken.contains(choice.slot), attempts < 100 {
                choice = unit.choices[draws.below(unit.choices.count)]
                attempts += 1
            }
            taken.append(choice.slot)
            drawn.append(choice.result)
        }
        return drawn
    }

    private static func profit(_ results: [TradeSimulator.Result], _ dollars: [Double]) -> Double {
        Moments.sum(zip(results, dollars).map { $0.netReturn * $1 })
    }

    private static func winRate(_ results: [TradeSimulator.Result]) -> Double {
        Double(results.count { TradeMetrics.outcome(of: $0.netReturn) == .win })
            / Double(results.count)
    }

    private static func meanExcess(_ results: [TradeSimulator.Result]) -> Double? {
        Moments.mean(results.compactMap(\.excess))
    }
}

/// What every ticker would have come to, by entry session and exit rules.
private struct Outcomes {
    private struct Key: Hashable {
        var exits: TradeSimulator.Exits
        var session: Int
    }

    private let simulator: TradeSimulator
    private var known = Lookup<Key, [(slot: Int, result: TradeSimulator.Result)]>()

    init(_ simulator: TradeSimulator) {
        self.simulator = simulator
    }

    /// The outcomes for a session and rules; equal ones share their memory.
    mutating func choices(_ exits: TradeSimulator.Exits, _ session: Int)
        -> [(slot: Int, result: TradeSimulator.Result)]
    {
        let key = Key(exits: exits, session: session)
        if let known = known[key] { return known }
        var found: [(slot: Int, result: TradeSimulator.Result)] = []
        for slot in simulator.prices.tickers.indices {
            if let result = simulator.trade(slot, session, exits) { found.append((slot, result)) }
        }
        known[key] = found
        return found
    }
}
