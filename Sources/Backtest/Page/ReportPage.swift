public import Events
import Market

/// Everything that the page on a run shows, as values; `html` renders them.
public struct ReportPage: Sendable {
    /// The figures that the text report shows too.
    public var report: BacktestReport
    /// Name of the index, nil without one.
    var indexName: String?
    /// The configuration in canonical YAML.
    var configuration: String
    /// Value, drawdown and exposure by session.
    var curves: Curves
    /// Every filled entry.
    var entries: [RunEntry]
    /// The filers of each entry's filings, the ones with most rows first.
    var entryFilers: [[String]]
    /// The rows behind each entry, with their filers' names.
    var entryRows: [[(name: String, filing: FilingFact)]] = []
    /// What it is held against: the index, a ticker that was asked for, copied filings.
    var yardsticks: [Yardstick] = []
    /// Options that were filed, by filer and underlying; they are counted and not traded.
    public var options: [FiledOption.Count] = []
    /// What its events tell of the loop itself.
    var loop = LoopHistory()
    /// What prices did around filings; nil without a session.
    var study: EventStudy?
    /// Results by filer, sector and so on.
    var groups: [Attribution]
    /// The entries beside random ones; nil when none can be simulated.
    var null: NullBand?
    /// The run's decisions at other costs.
    var costs = CostCurve()
    /// What waiting costs its entries.
    var delay = DelayStudy()
    /// The run decided anew with other costs and delays, where that was asked for.
    public var variants = VariantCurves()
}

extension ReportPage {
    /// The page's values, from a run's report, its entries and the facts of its timeline.
    init(
        _ report: BacktestReport, _ entries: RunEntries, _ fills: RunFills,
        _ facts: TimelineFacts, _ rules: MarketRules, benchmark: Ticker? = nil,
        follows: (UInt64) -> Bool = { _ in true }
    ) throws(BenchmarkError) {
        self.report = report
        costs = CostCurve(report, fills, rules.costs)
        delay = DelayStudy(entries.entries, facts)
        self.entries = entries.entries
        indexName = facts.indexSymbol
        configuration = entries.configuration
        curves = Curves(report, facts.prices, indexName: facts.indexSymbol)
        yardsticks = try Yardstick.all(
            report, facts, rules, configuration: entries.configuration, benchmark: benchmark,
            follows: follows)
        curves.add(yardsticks, start: report.facts.startingValue.dollars)
        entryFilers = entries.entries.map { ReportPage.filers($0, facts) }
        entryRows = entries.entries.map { entry in
            entry.filings.compactMap { facts.filing(at: $0) }.map {
                (facts.people.persons[$0.person].name, $0)
            }
        }
        groups = Attribution.all(entries.entries, facts)
        guard let first = report.daily.first?.day, let last = report.daily.last?.day,
            let lastSession = facts.prices.session(of: last)
        else { return }
        study = EventStudy(facts, from: first, to: last)
        let rangeSessions = VariantCurves.setting("atr_sessions", entries.configuration) ?? 20
        null = NullBand(
            entries.entries,
            TradeSimulator(
                prices: facts.prices, index: facts.index, rules: rules,
                rangeSessions: Int(rangeSessions), lastSession: lastSession))
    }

    private static func filers(_ entry: RunEntry, _ facts: TimelineFacts) -> [String] {
        var counts: [(person: Int, rows: Int)] = []
        for position in entry.filings {
            guard let filing = facts.filing(at: position), filing.side == .buy else { continue }
            if let index = counts.firstIndex(where: { $0.person == filing.person }) {
                counts[index].rows += 1
            } else {
                counts.append((filing.person, 1))
            }
        }
        let names = counts.map { (name: facts.people.persons[$0.person].name, rows: $0.rows) }
        return names.sorted { $0.rows == $1.rows ? $0.name < $1.name : $0.rows > $1.rows }
            .map(\.name)
    }
}
