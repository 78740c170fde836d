public import Events

/// What the champion alone said of each evaluation: buy, sell or neutral.
///
/// It is the second replaced system's "signal filtering". The heuristic's holds are another number:
/// two strategies that share a heuristic share them, whatever their thresholds.
public struct ChampionCounts: Hashable, Sendable {
    /// How often each was sides.
    public struct Sides: Hashable, Sendable {
        /// Evaluations that it would buy.
        public var buys = 0
        /// Evaluations that it would sell.
        public var sells = 0
        /// Evaluations between the thresholds.
        public var neutrals = 0
        /// Evaluations without a champion that could say anything.
        public var unjudged = 0

        /// Evaluations that it judged.
        public var judged: Int { buys + sells + neutrals }

        /// Share of the judged ones; nil of none.
        public func share(_ count: Int) -> Double? {
            judged == 0 ? nil : Double(count) / Double(judged)
        }

        mutating func add(_ side: MachineSide?) {
            switch side {
            case .buy: buys += 1
            case .sell: sells += 1
            case .neutral: neutrals += 1
            case .unrecognised, nil: unjudged += 1
            }
        }
    }

    /// One year.
    public struct Year: Hashable, Sendable {
        /// The calendar year of the evaluations' sessions.
        public var year: Int
        /// What was said in it.
        public var sides: Sides
    }

    /// All evaluations.
    public private(set) var whole = Sides()
    /// By year, ascending.
    public private(set) var years: [Year] = []

    /// Nothing sides.
    public init() {}

    /// Takes an evaluation of a session; `side` is nil where no champion judged it.
    public mutating func add(_ side: MachineSide?, on day: Day) {
        whole.add(side)
        let year = day.civil.year
        let place = years.firstIndex { $0.year >= year } ?? years.count
        if place == years.count || years[place].year != year {
            years.insert(Year(year: year, sides: Sides()), at: place)
        }
        years[place].sides.add(side)
    }
}
