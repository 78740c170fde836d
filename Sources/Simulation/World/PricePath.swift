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

    /// How often a company's news moves its price over night.
    private static let jumpSessions = 63
    private static let zeroVolume = 1.0 / 2_000

    init(
        _ company: Company, number: Int, seed: UInt64, market: MarketPath, drift: [Double]
    ) {
        var chance = ChanceStream(seed: seed, .path, number)
        var volumes = ChanceStream(seed: seed, .volume, number)
        let jumpDay = chance.below(PricePath.jumpSessions)
        var excess = Elementary.log(company.startPrice) - market.index[0].open
        var half = 0.0
        var activity = 0.0
        bars.reserveCapacity(company.lastSession + 1)
        for session in 0...company.lastSession {
            let scale = market.ownScale(session)
            let own = company.volatility * scale
            let step = MarketPath.step(own, &chance)
            let factor = market.sectors[company.sector][session]
            let sectorVolatility = MarketPath.sectorVolatility * scale
            let sectorVariance = sectorVolatility * sectorVolatility
            let loading = company.sectorLoading
            // The sector's factor is compensated for a loading of 1.
            let bend = sectorVariance * loading * (1 - loading) / 2
            let night = MarketPath.nightShare
            excess += step.night + loading * factor.night + bend * night
            half += (own * own + loading * loading * sectorVariance) * night / 2
            if session % PricePath.jumpSessions == jumpDay {
                let variance = company.jumpVolatility * company.jumpVolatility
                excess += company.jumpVolatility * chance.normal() - variance / 2
                half += variance / 2
            }
            let index = market.index[session]
            let open = index.open + excess
            halfVariance.append((half, half))
            excess += step.day + loading * factor.day + bend * (1 - night) + drift[session]
            half += (own * own + loading * loading * sectorVariance) * (1 - night) / 2
            let close = index.close + excess
            logs.append((open, close))
            halfVariance[session].close = half
            let indexVolatility = MarketPath.regimes[market.regime[session]].marketVolatility
            let variance =
                (own * own + loading * loading * sectorVariance
                    + indexVolatility * indexVolatility) * (1 - night)
            let range = DayRange(
                from: open, to: close, volatility: variance.squareRoot(), &chance)
            activity = 0.7 * activity + 0.25 * volumes.normal()
            let isIdle = volumes.happens(PricePath.zeroVolume)
            bars.append(
                SimulatedBar(
                    open: Elementary.exp(open), high: Elementary.exp(range.high),
                    low: Elementary.exp(range.low), close: Elementary.exp(close),
                    volume: isIdle
                        ? 0 : Int(company.typicalVolume * scale * Elementary.exp(activity))))
        }
    }
}
