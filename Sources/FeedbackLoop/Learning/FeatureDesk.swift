import Events
import Learning
import Market

/// What features read beside filings and prices: sectors, and how filers have done.
struct FeatureDesk: Sendable {
    var sectors = Sectors()
    var record = FilerRecord()
    var skill: FilerSkill

    init(_ configuration: LoopConfiguration) { skill = FilerSkill(configuration) }
}

/// Gathers the features of evaluations; what a session's evaluations share is computed once.
struct FeatureMemo: Sendable {
    private var session = -1
    private var classified = 0
    private var breadth = Double.nan
    private var sectorReturns: [Double?] = []

    /// The features of an evaluation, Float32 in catalogue order.
    mutating func features(
        _ entry: borrowing DisclosureBook.Entry, _ evidence: borrowing Evidence, day: Day,
        filers: borrowing Filers, _ desk: borrowing FeatureDesk, _ world: borrowing World,
        _ configuration: borrowing LoopConfiguration
    ) -> [Float] {
        if session != world.session || classified != desk.sectors.classified {
            begin(desk.sectors, world)
        }
        let bars = configuration.featureHistorySessions + 1
        let prices =
            world.prices.slot(of: entry.ticker)
            .map { PriceWindow(world.prices, slot: $0, bars: bars) } ?? PriceWindow()
        var filings = FeatureMemo.filings(entry, evidence, day, configuration)
        filings.committeeRelevance = FeatureMemo.committeeRelevance(
            entry, since: day - configuration.lookbackDays, desk.sectors, filers)
        let inputs = FeatureInputs(
            filings: filings,
            market: market(entry.ticker, desk.sectors, world), prices: prices,
            tickerRegime: FeatureMemo.regime(prices, configuration),
            trailingScore: desk.record.score(evidence.filers),
            skilledNetBuying: desk.record.skilledNetBuying(evidence.filers, evidence.filerNet),
            skilledFlow: desk.skill.flow(evidence.trades, day))
        return FeatureCatalogue.values(inputs)
    }

    private mutating func begin(_ sectors: borrowing Sectors, _ world: borrowing World) {
        (session, classified) = (world.session, sectors.classified)
        sectorReturns = Array(repeating: nil, count: sectors.members.count)
        var (above, known) = (0, 0)
        for slot in world.prices.tickers.indices where world.prices.bar(slot) != nil {
            guard let isAbove = PriceWindow.isAboveMean(world.prices, slot: slot, bars: 50)
            else { continue }
            known += 1
            if isAbove { above += 1 }
        }
        breadth = known == 0 ? .nan : Double(above) / Double(known)
    }

    private static func filings(
        _ entry: borrowing DisclosureBook.Entry, _ evidence: borrowing Evidence, _ day: Day,
        _ configuration: borrowing LoopConfiguration
    ) -> FeatureInputs.Filings {
        var filings = FeatureInputs.Filings()
        filings.politicians = evidence.politicians
        filings.recent = evidence.recent
        filings.isBipartisan = evidence.isBipartisan
        filings.netVolume = evidence.netVolume
        filings.democrats = evidence.democrats
        filings.republicans = evidence.republicans
        guard evidence.transactions > 0 else { return filings }
        filings.buySellRatio = evidence.ratio(cap: configuration.ratioCap)
        filings.meanDelay = Double(evidence.delayDays) / Double(evidence.transactions)
        filings.cluster = cluster(entry, since: day - configuration.lookbackDays)
        filings.recency = evidence.newestFiling.map { Double(day - $0) } ?? .nan
        return filings
    }

    /// Most distinct filers whose trade dates lie within 7 days of each other.
    private static func cluster(_ entry: borrowing DisclosureBook.Entry, since: Day) -> Int {
        var most = 0
        for start in entry.rows where start.tradedOn > since {
            var seen: [Int] = []
            for row in entry.rows
            where row.tradedOn >= start.tradedOn && row.tradedOn - start.tradedOn < 7
                && !seen.contains(row.filer)
            {
                seen.append(row.filer)
            }
            most = max(most, seen.count)
        }
        return most
    }

    /// The share of the rows that count whose filer sat on a committee that oversees the ticker's
    /// sector when they were filed.
    private static func committeeRelevance(
        _ entry: borrowing DisclosureBook.Entry, since: Day, _ sectors: borrowing Sectors,
        _ filers: borrowing Filers
    ) -> Double {
        guard filers.hasCommittees, let sector = sectors.standard(of: entry.ticker) else {
            return .nan
        }
        var (rows, relevant) = (0, 0)
        var isKnown = false
        for row in entry.rows where row.tradedOn > since {
            rows += 1
            guard let oversees = filers.oversees(row.filer, sector, on: row.filedOn) else {
                continue
            }
            isKnown = true
            if oversees { relevant += 1 }
        }
        return isKnown ? Double(relevant) / Double(rows) : .nan
    }

    private mutating func market(
        _ ticker: Ticker, _ sectors: borrowing Sectors, _ world: borrowing World
    ) -> FeatureInputs.Market {
        var market = FeatureInputs.Market()
        market.return20 = world.index.simpleReturn(sessions: 20) ?? .nan
        market.return60 = world.index.simpleReturn(sessions: 60) ?? .nan
        market.volatilityIndex = world.day.flatMap { world.volatility.close(of: $0) } ?? .nan
        market.breadth = breadth
        if let sector = sectors.sector(of: ticker), sector < sectorReturns.count {
            let known = sectorReturns[sector] ?? sectorReturn(sectors.members[sector], world)
            sectorReturns[sector] = known
            market.sectorReturn20 = known
        }
        return market
    }

    private func sectorReturn(_ members: [Ticker], _ world: borrowing World) -> Double {
        var (sum, known) = (0.0, 0)
        for ticker in members {
            guard let slot = world.prices.slot(of: ticker), let bar = world.prices.bar(slot),
                world.prices.barCount(slot) > 20
            else { continue }
            sum += bar.close / world.prices.bar(slot, age: 20).close - 1
            known += 1
        }
        return known == 0 ? .nan : sum / Double(known)
    }

    private static func regime(
        _ prices: borrowing PriceWindow, _ configuration: borrowing LoopConfiguration
    ) -> Regime {
        func known(_ value: Double) -> Double? { value.isNaN ? nil : value }
        return RegimeDecider.regime(
            known(prices.simpleReturn(20)), known(prices.simpleReturn(60)),
            known(prices.volatility(20)), configuration)
    }
}
