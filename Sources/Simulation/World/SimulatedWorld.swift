import Events

/// A simulated world: companies, people, their filings, and prices that know of them.
///
/// Everything follows from the parameters. Prices are made a company at a time when they are asked
/// for, so that a world of any size takes little memory.
public struct SimulatedWorld: Sendable {
    /// What it is made from.
    public let parameters: SimulationParameters
    /// Its sessions.
    public let calendar: TradingCalendar
    /// The companies, in order of ticker.
    public let companies: [Company]
    /// Everyone who files.
    public let people: [Person]
    /// Every row that is no dirt, in order of filing.
    public let filings: [SimulatedFiling]
    /// The index and what moves companies together.
    public let market: MarketPath
    /// Numbers of the people whose filings carry the edge.
    public var skilled: [Int] { skill.skilled }

    private let skill: Skill
    /// The numbers of each company's filings that carry the edge.
    private let carriers: [[Int]]

    /// Makes a world.
    public init(_ parameters: SimulationParameters) {
        self.parameters = parameters
        calendar = TradingCalendar(years: parameters.years)
        let sessions = calendar.sessions.count
        companies = Company.all(parameters, sessions: sessions)
        people = Person.all(parameters)
        var plan = FilingPlan(parameters, calendar, people, companies)
        filings = plan.rows()
        skill = Skill(parameters, people: people.count, rows: filings)
        market = MarketPath(parameters, sessions: sessions)
        var carriers = Array(repeating: [Int](), count: companies.count)
        for (number, filing) in filings.enumerated() where filing.role == .first {
            carriers[filing.company].append(number)
        }
        self.carriers = carriers
    }

    /// What a filing adds to its company's excess over 42 sessions, in its direction: a logarithm.
    public func edge(of filing: SimulatedFiling) -> Double {
        filing.role == .first ? skill.edge[filing.person] : 0
    }

    /// The prices of company number `company`.
    public func prices(of company: Int) -> PricePath {
        PricePath(
            companies[company], number: company, seed: parameters.seed, market: market,
            drift: drift(of: company))
    }

    /// What the filings of a company add to its trading hours, by session: each a 42nd of its edge
    /// in each of 42 sessions from the first open after it is known; several add up.
    func drift(of company: Int) -> [Double] {
        var drift = Array(repeating: 0.0, count: calendar.sessions.count)
        for number in carriers[company] {
            let filing = filings[number]
            let edge = edge(of: filing)
            guard edge != 0, let first = calendar.firstOpen(afterFilingOn: filing.filed) else {
                continue
            }
            let share = filing.sign * edge / Double(SimulationParameters.edgeSessions)
            let end = min(first + SimulationParameters.edgeSessions, drift.count)
            for session in first..<end { drift[session] += share }
        }
        return drift
    }

    /// Takes into `tally` what the filings of a company came to.
    func measure(_ company: Int, _ path: PricePath, into tally: inout EdgeTally) {
        for number in carriers[company] {
            let filing = filings[number]
            guard let first = calendar.firstOpen(afterFilingOn: filing.filed) else { continue }
            let last = first + SimulationParameters.edgeSessions - 1
            guard last <= companies[company].lastSession else { continue }
            let own = path.logs[last].close - path.logs[first].open
            let index = market.index[last].close - market.index[first].open
            let half = path.halfVariance[last].close - path.halfVariance[first].open
            tally.add(
                isBuy: filing.sign > 0, isSkilled: skill.isSkilled[filing.person],
                planted: edge(of: filing), realised: filing.sign * (own - index + half))
        }
    }
}
