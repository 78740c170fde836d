import Events

/// One session's bar of a company, adjusted for everything.
public struct SimulatedBar: Hashable, Sendable {
    /// At the open, dollars.
    public var open: Double
    /// Highest.
    public var high: Double
    /// Lowest.
    public var low: Double
    /// At the close.
    public var close: Double
    /// Shares; 0 now and then.
    public var volume: Int
}

/// The prices of one company: the index, its sector's factor, its own, and its filings' drift.
///
/// Without drift, price over index is a martingale: each factor beyond the index is lognormal,
/// independent of the index and of the past, and compensated by half its variance. The simple
/// return less the index's then has expectation 0 as well, because every company moves one to one
/// with the index.
public struct PricePath: Sendable {
    /// The bars, from the world's first session on.
    public private(set) var bars: [SimulatedBar] = []
    /// Logarithm of the open and the close of each session.
    private(set) var logs: [(open: Double, close: Double)] = []
    /// Half the variance of the excess over the index, summed up to each session's open and close.
    private(set) var halfVariance: [(open: Double, close: Double)] = []

    private static let zeroVolume = 1.0 / 2_000

    init(
        _ company: Company, number: Int, seed: UInt64, market: MarketPath, drift: [Double]
    ) {
        var walk = Walk(company, number: number, seed: seed, market: market)
        var volumes = ChanceStream(seed: seed, .volume, number)
        var activity = 0.0
        bars.reserveCapacity(company.lastSession + 1)
        for session in 0...company.lastSession {
            walk.passNight(session, market)
            let open = market.index[session].open + walk.excess
            let halfAtOpen = walk.halfVariance
            walk.passDay(session, market)
            walk.excess += drift[session]
            let close = market.index[session].close + walk.excess
            logs.append((open, close))
            halfVariance.append((halfAtOpen, walk.halfVariance))
            let range = walk.range(session, market, from: open, to: close)
            activity = 0.7 * activity + 0.25 * volumes.normal()
            let isIdle = volumes.happens(PricePath.zeroVolume)
            let usual = company.typicalVolume * market.ownScale(session)
            bars.append(
                SimulatedBar(
                    open: PortableMath.exp(open), high: PortableMath.exp(range.high),
                    low: PortableMath.exp(range.low), close: PortableMath.exp(close),
                    volume: isIdle ? 0 : Int(usual * PortableMath.exp(activity))))
        }
    }
}

/// The logarithm of a company's price over the index, on its way.
private struct Walk {
    var excess: Double
    /// Half the variance so far.
    var halfVariance = 0.0

    private let company: Company
    private let jumpDay: Int
    private var chance: ChanceStream

    /// How often a company's news moves its price over night.
    private static let jumpSessions = 63

    init(_ company: Company, number: Int, seed: UInt64, market: MarketPath) {
        self.company = company
        chance = ChanceStream(seed: seed, .path, number)
        jumpDay = chance.below(Walk.jumpSessions)
        excess = PortableMath.log(company.startPrice) - market.index[0].open
    }

    mutating func passNight(_ session: Int, _ market: MarketPath) {
        let own = SessionParts(variance: company.volatility * market.ownScale(session))
        let shock = market.sectors[company.sector][session]
        pass(own.night, shock.night, market.sectorVariance(session).night)
        guard session % Walk.jumpSessions == jumpDay else { return }
        let variance = company.jumpVolatility * company.jumpVolatility
        excess += chance.factor(variance: variance)
        halfVariance += variance / 2
    }

    mutating func passDay(_ session: Int, _ market: MarketPath) {
        let own = SessionParts(variance: company.volatility * market.ownScale(session))
        let shock = market.sectors[company.sector][session]
        pass(own.day, shock.day, market.sectorVariance(session).day)
    }

    private mutating func pass(_ own: Double, _ shock: Double, _ sectorVariance: Double) {
        let half = company.sectorLoading * company.sectorLoading * sectorVariance / 2
        excess += chance.factor(variance: own) + company.sectorLoading * shock - half
        halfVariance += own / 2 + half
    }

    /// The session's range, as wide as all that moves the price makes it.
    mutating func range(
        _ session: Int, _ market: MarketPath, from open: Double, to close: Double
    ) -> DayRange {
        let own = SessionParts(variance: company.volatility * market.ownScale(session)).day
        let loading = company.sectorLoading
        let index = MarketPath.regimes[market.regime[session]].marketVolatility
        let variance =
            own + loading * loading * market.sectorVariance(session).day
            + SessionParts(variance: index).day
        return DayRange(from: open, to: close, variance: variance, &chance)
    }
}
