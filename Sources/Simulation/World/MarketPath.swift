/// A bar of the index, logarithms of its level.
public struct MarketBar: Hashable, Sendable {
    /// At the open.
    public var open: Double
    /// Highest.
    public var high: Double
    /// Lowest.
    public var low: Double
    /// At the close.
    public var close: Double
}

/// The two parts of a session: the night before it, and its trading hours.
struct SessionParts: Sendable {
    var night: Double
    var day: Double

    /// Share of a session's variance that falls into the night.
    static let nightShare = 0.25

    init(night: Double, day: Double) {
        self.night = night
        self.day = day
    }

    /// The variance of either part, of a whole session's volatility.
    init(variance volatility: Double) {
        night = volatility * volatility * SessionParts.nightShare
        day = volatility * volatility - night
    }
}

/// What is common to all companies: regimes, the index and the sectors' factors.
///
/// Every factor is lognormal and compensated by half its variance, so that its gross return is
/// expected to be 1; only the index has a drift on top. Regimes scale the index's volatility more
/// than the companies' own, which is what makes correlations rise in a storm.
public struct MarketPath: Sendable {
    /// What a regime scales.
    struct Regime {
        var marketVolatility: Double
        var ownScale: Double
        var stay: Double
        var drift: Double
    }

    /// Sectors.
    static let sectorCount = 11
    /// Yearly drift of the index where regimes do not change it.
    static let drift = 0.07
    static let sectorVolatility = 0.0055

    static let regimes = [
        Regime(marketVolatility: 0.006, ownScale: 0.90, stay: 1 - 1 / 130.0, drift: 0.14),
        Regime(marketVolatility: 0.010, ownScale: 1.00, stay: 1 - 1 / 80.0, drift: 0.07),
        Regime(marketVolatility: 0.022, ownScale: 1.35, stay: 1 - 1 / 45.0, drift: -0.25),
    ]

    /// The regime of each session, 0 calm to 2 storm.
    public private(set) var regime: [Int] = []
    /// The index.
    public private(set) var index: [MarketBar] = []
    /// Each sector's shock in each session: normal, of the variance `sectorVariance`.
    private(set) var sectors: [[SessionParts]] = []
    /// Volatility that the volatility index shows, percent a year.
    public private(set) var impliedVolatility: [Double] = []

    init(_ parameters: SimulationParameters, sessions: Int) {
        drawRegimes(parameters.seed, sessions)
        drawIndex(parameters)
        drawSectors(parameters.seed)
    }

    /// Scale of the companies' own volatility in a session.
    func ownScale(_ session: Int) -> Double { MarketPath.regimes[regime[session]].ownScale }

    private mutating func drawRegimes(_ seed: UInt64, _ sessions: Int) {
        var chance = ChanceStream(seed: seed, .regimes)
        var state = 1
        for _ in 0..<sessions {
            regime.append(state)
            if chance.happens(MarketPath.regimes[state].stay) { continue }
            // From calm and storm only to ordinary; from there to either.
            state = state == 1 ? (chance.happens(0.5) ? 0 : 2) : 1
        }
    }

    private mutating func drawIndex(_ parameters: SimulationParameters) {
        var chance = ChanceStream(seed: parameters.seed, .market)
        var level = PortableMath.log(130)
        var implied = 16.0
        for state in regime {
            let regime = MarketPath.regimes[state]
            let drift = (parameters.hasRegimeDrift ? regime.drift : MarketPath.drift) / 252
            let variance = SessionParts(variance: regime.marketVolatility)
            let open = level + chance.factor(variance: variance.night)
            let close = open + chance.factor(variance: variance.day) + drift
            let range = DayRange(from: open, to: close, variance: variance.day, &chance)
            index.append(MarketBar(open: open, high: range.high, low: range.low, close: close))
            level = close
            let target = regime.marketVolatility * 252.0.squareRoot() * 115
            implied += 0.12 * (target - implied) + 0.6 * chance.normal()
            implied = max(implied, 9)
            impliedVolatility.append(implied)
        }
    }

    private mutating func drawSectors(_ seed: UInt64) {
        for sector in 0..<MarketPath.sectorCount {
            var chance = ChanceStream(seed: seed, .sectors, sector)
            sectors.append(
                regime.indices.map { session in
                    let variance = sectorVariance(session)
                    return SessionParts(
                        night: variance.night.squareRoot() * chance.normal(),
                        day: variance.day.squareRoot() * chance.normal())
                })
        }
    }

    /// The variance of each sector's shock in a session.
    func sectorVariance(_ session: Int) -> SessionParts {
        SessionParts(variance: MarketPath.sectorVolatility * ownScale(session))
    }
}

/// The highest and lowest of a Brownian bridge, so that bars have the ranges that their
/// volatility implies.
struct DayRange {
    let high: Double
    let low: Double

    /// Between two logarithms, `variance` being that of the whole way.
    init(from open: Double, to close: Double, variance: Double, _ chance: inout ChanceStream) {
        let way = close - open
        let up = (way * way + 2 * variance * chance.exponential()).squareRoot()
        let down = (way * way + 2 * variance * chance.exponential()).squareRoot()
        high = open + (way + up) / 2
        low = open + (way - down) / 2
    }
}
