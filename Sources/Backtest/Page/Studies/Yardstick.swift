public import Events
import FeedbackLoop
import Learning
import Market

/// A line that a run is held against, beside the index: a ticker, or copied filings.
struct Yardstick: Sendable {
    /// What it is.
    enum Kind: String, Sendable {
        /// The market index.
        case index
        /// A ticker that was asked for.
        case benchmark
        /// The run's own filings, copied in equal parts.
        case copying
    }

    /// What it is.
    let kind: Kind
    /// Its name.
    let name: String
    /// Simple returns, one a session of the run; nil where it is not known.
    let returns: [Double?]
    /// Sessions without one, the first apart.
    let missing: Int
    /// How it came to be, for a reader.
    var remark: String?

    /// Its figures over the sessions that it has.
    var metrics: ReturnMetrics { ReturnMetrics(returns.compactMap(\.self)) }

    /// What a run is against it, as it is against the index.
    func against(_ report: BacktestReport) -> IndexMetrics {
        let before = [0] + report.daily.map(\.exposure).dropLast()
        let metrics = IndexMetrics(
            returns: report.returns, index: returns, exposuresBefore: before)
        return report.scarcity == nil ? metrics : metrics.withoutRatios()
    }
}

extension Yardstick {
    /// The market index of a report; nil without one.
    static func index(_ report: BacktestReport, name: String?) -> Yardstick? {
        let returns = report.daily.map(\.indexReturn)
        guard returns.contains(where: { $0 != nil }) else { return nil }
        return Yardstick(
            kind: .index, name: name.map { "index \($0)" } ?? "index", returns: returns,
            missing: report.sessionsWithoutIndex)
    }

    /// A ticker's closes over a report's sessions, splits and dividends applied as in the loop's
    /// returns; nil where it has no bar in two of them. A session without a bar has no return, the
    /// next one goes from the last close.
    static func ticker(_ ticker: Ticker, _ report: BacktestReport, _ prices: PriceTable)
        -> Yardstick?
    {
        guard let slot = prices.slot(of: ticker) else { return nil }
        var last: Double?
        var missing = 0
        var returns: [Double?] = []
        for record in report.daily {
            guard let session = prices.session(of: record.day),
                let close = prices.bar(slot, session)?.close
            else {
                missing += 1
                returns.append(nil)
                continue
            }
            returns.append(last.map { close / $0 - 1 })
            last = close
        }
        guard returns.contains(where: { $0 != nil }) else { return nil }
        return Yardstick(
            kind: .benchmark, name: "\(ticker)", returns: returns, missing: missing,
            remark: missing > 0
                ? "\(ticker) has no bar in \(Figures.count(missing)) of "
                    + "\(Figures.count(report.daily.count)) sessions"
                : nil)
    }

    /// A report's filings, copied in equal parts; nil where its sessions are none of the prices'.
    static func copying(
        _ report: BacktestReport, _ facts: TimelineFacts, _ rules: MarketRules,
        configuration: String, follows: (UInt64) -> Bool
    ) -> Yardstick? {
        guard let from = report.daily.first.flatMap({ facts.prices.session(of: $0.day) }),
            let to = report.daily.last.flatMap({ facts.prices.session(of: $0.day) }), from <= to,
            to - from + 1 == report.daily.count
        else { return nil }
        let copied = CopiedFilings(
            facts, sessions: from...to, rules: rules,
            timeout: CopiedFilings.Timeout(configuration), follows: follows)
        let open =
            copied.bought - copied.soldBySale - copied.soldByTimeout - copied.soldWithoutPrice
        return Yardstick(
            kind: .copying, name: "copying in equal parts", returns: copied.returns.map { $0 },
            missing: 0,
            remark: "copied: \(Figures.count(copied.bought)) purchases, sold on the filer's sale "
                + "\(Figures.count(copied.soldBySale)), at the timeout "
                + "\(Figures.count(copied.soldByTimeout)), without a price "
                + "\(Figures.count(copied.soldWithoutPrice)), open \(Figures.count(open)); "
                + "not bought, as held or without a bar: \(Figures.count(copied.left))")
    }

    /// The index, the ticker that was asked for, and copied filings.
    static func all(
        _ report: BacktestReport, _ facts: TimelineFacts, _ rules: MarketRules,
        configuration: String, benchmark: Ticker?, follows: (UInt64) -> Bool
    ) throws(BenchmarkError) -> [Yardstick] {
        var lines = [index(report, name: facts.indexSymbol)]
        if let benchmark {
            guard let line = ticker(benchmark, report, facts.prices) else {
                throw .noBars(benchmark)
            }
            lines.append(line)
        }
        lines.append(
            copying(report, facts, rules, configuration: configuration, follows: follows))
        return lines.compactMap(\.self)
    }

    /// A run and the lines that it is held against, as a table.
    static func table(_ run: String, _ report: BacktestReport, _ lines: [Yardstick]) -> [String] {
        guard !lines.isEmpty else { return [] }
        func row(_ name: String, _ cells: [String]) -> String {
            "  " + Figures.left(name, 26) + cells.map { Figures.right($0, 15) }.joined()
        }
        func figures(_ metrics: ReturnMetrics) -> [String] {
            [
                Figures.percent(metrics.totalReturn), Figures.percent(metrics.annualReturn),
                Figures.percent(metrics.volatility), Figures.number(metrics.sharpe),
                Figures.percent(metrics.maximumDrawdown),
            ]
        }
        return [
            "Beside it: what else the money could have been in, and the run against each at equal "
                + "exposure",
            row(
                "",
                [
                    "total return", "a year", "volatility", "Sharpe ratio", "drawdown",
                    "excess a year", "IR",
                ]), row(run, figures(report.whole.returns)),
        ]
            + lines.map { line in
                let against = line.against(report)
                return row(
                    line.name,
                    figures(line.metrics) + [
                        Figures.percent(against.equalExposureAnnual),
                        Figures.number(against.equalExposureInformationRatio),
                    ])
            } + lines.compactMap { $0.remark.map { "  \($0)" } }
    }

    /// It as an object, with its returns.
    func json(_ report: BacktestReport) -> String {
        let (metrics, against) = (metrics, against(report))
        return JSON.object([
            ("kind", JSON.text(kind.rawValue)), ("name", JSON.text(name)),
            ("missing_sessions", "\(missing)"), ("total_return", JSON.number(metrics.totalReturn)),
            ("annual_return", JSON.number(metrics.annualReturn)),
            ("volatility", JSON.number(metrics.volatility)),
            ("sharpe", JSON.number(metrics.sharpe)),
            ("max_drawdown", JSON.number(metrics.maximumDrawdown)),
            ("excess_at_equal_exposure", JSON.number(against.equalExposureAnnual)),
            ("information_ratio", JSON.number(against.equalExposureInformationRatio)),
            ("returns", JSON.list(returns.map { JSON.number($0) })),
        ])
    }
}

/// Why a run cannot be held against a ticker.
public enum BenchmarkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No bar has this ticker; what may be meant.
    case unknownTicker(String, near: [String])
    /// It has bars, but not in two sessions of the run.
    case noBars(Ticker)

    /// What is wrong and what to write.
    public var description: String {
        switch self {
        case .unknownTicker(let text, let near):
            "--benchmark \(text): no bar of it is in the log"
                + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", or "))?")
        case .noBars(let ticker):
            "--benchmark \(ticker): it has no bar in two sessions of the window"
        }
    }
}

extension PriceTable {
    /// The ticker of a text, in any case.
    ///
    /// - Throws: `BenchmarkError.unknownTicker`.
    func known(_ text: String) throws(BenchmarkError) -> Ticker {
        let symbol = Ticker.folded(text)
        if let ticker = Ticker(symbol), slot(of: ticker) != nil { return ticker }
        throw .unknownTicker(
            text, near: Suggestion.nearest(to: symbol, among: tickers.map { "\($0)" }, atMost: 3))
    }
}
