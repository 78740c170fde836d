public import Events

/// A listed company of a simulated world.
public struct Company: Hashable, Sendable {
    /// `SIM0001` and so on: no exchange lists such a symbol.
    public var ticker: Ticker
    /// Its name.
    public var name: String
    /// The number of its sector.
    public var sector: Int
    /// Number of its last session: that of the world, unless it is delisted.
    public var lastSession: Int
    /// Whether its bars stand in the file whose prices are to be adjusted.
    public var isAdjusted: Bool
    var startPrice: Double
    var volatility: Double
    var sectorLoading: Double
    var jumpVolatility: Double
    var typicalVolume: Double
    var popularity: Double
    var dividendYield: Double

    /// The names of the sectors.
    public static let sectors = [
        "Communication Services", "Consumer Discretionary", "Consumer Staples", "Energy",
        "Financials", "Health Care", "Industrials", "Information Technology", "Materials",
        "Real Estate", "Utilities",
    ]

    private static let heads = [
        "Alder", "Beacon", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Iris",
        "Juniper", "Kestrel", "Lumen", "Meridian", "Nimbus", "Orchard", "Pioneer",
    ]
    private static let tails = [
        "Systems", "Foods", "Energy", "Bank", "Health", "Works", "Materials", "Media", "Motors",
        "Networks", "Realty",
    ]

    /// The companies of a world, in order of ticker.
    static func all(_ parameters: SimulationParameters, sessions: Int) -> [Company] {
        var chance = ChanceStream(seed: parameters.seed, .companies)
        return (0..<parameters.tickers).map { number in
            company(number, years: parameters.years, sessions: sessions, &chance)
        }
    }

    private static func company(
        _ number: Int, years: Int, sessions: Int, _ chance: inout ChanceStream
    ) -> Company {
        let digits = String(number + 10_001).dropFirst()
        guard let ticker = Ticker("\(SimulationMark.tickerPrefix)\(digits)") else {
            preconditionFailure("seven letters and digits are a ticker")
        }
        let head = heads[number % heads.count]
        let tail = tails[number / heads.count % tails.count]
        let series = number / (heads.count * tails.count)
        let isDelisted = chance.happens(min(0.012 * Double(years), 0.5))
        let last = 120 + chance.below(max(sessions - 120, 1))
        return Company(
            ticker: ticker, name: "\(head) \(tail)\(series == 0 ? "" : " \(series + 1)") Inc",
            sector: chance.below(sectors.count),
            lastSession: isDelisted && last < sessions - 1 ? last : sessions - 1,
            isAdjusted: chance.happens(0.3),
            startPrice: 20 * PortableMath.exp(chance.uniform(0, 2.3)),
            volatility: chance.uniform(0.008, 0.020),
            sectorLoading: chance.uniform(0.6, 1.4),
            jumpVolatility: chance.uniform(0.02, 0.05),
            typicalVolume: 300_000 * PortableMath.exp(chance.uniform(0, 3.5)),
            popularity: PortableMath.exp(1.1 * chance.normal()),
            dividendYield: chance.uniform(0, 0.03))
    }
}
