public import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline

/// What a list of runs shows of one.
public struct RunSummary: Sendable {
    /// Its name.
    public var name: String
    /// What the folder says of it; nil where it cannot be read.
    public var manifest: RunManifest?
    /// The settings that it was made with, one a line.
    public var settings: [String] = []
    /// Its report; nil where there is none.
    public var report: BacktestReport?
    /// Why there is no report; nil when there is.
    public var problem: String?

    /// A run that cannot be read.
    public init(name: String, manifest: RunManifest? = nil, problem: String) {
        (self.name, self.manifest, self.problem) = (name, manifest, problem)
    }

    /// A run and its report.
    public init(
        name: String, manifest: RunManifest?, settings: [String], report: BacktestReport
    ) {
        (self.name, self.manifest) = (name, manifest)
        (self.settings, self.report) = (settings, report)
    }

    /// Reads a run of a folder; one that is broken or not finished says so and hides no other.
    public init(_ folder: DataFolder, name: String) {
        let manifest = (try? folder.run(name)).flatMap { try? RunManifest.read(in: $0) }
        do {
            let run = try folder.openRun(name)
            let origin = try RunOrigin.read(run.log)
            let strategy = origin.strategy.strategy
            let result = try RunReading.result(
                of: run.merged, strategy: strategy, window: origin.window)
            self.init(
                name: name, manifest: run.manifest ?? manifest,
                settings: strategy.canonicalText.split(separator: "\n").map { "\($0)" },
                report: try BacktestReport(
                    result, run: run.merged, name: name, strategy: strategy.name,
                    startCash: strategy.startCash))
        } catch {
            let of = name.hasSuffix(".rehearsal") ? "\(name.dropLast(".rehearsal".count))" : nil
            let isPart = of.map { folder.runNames.contains($0) } ?? false
            self.init(
                name: name, manifest: manifest,
                problem: isPart
                    ? "what \(of ?? "") was warmed up with before it began; a part of that run"
                    : "\(error)")
        }
    }

    /// The name of the strategy.
    public var strategy: String { report?.facts.strategy ?? manifest?.strategy ?? "unknown" }

    /// A backtest, a fork of another run, or a live run.
    public var kind: String {
        if manifest?.live != nil { return "live" }
        return manifest?.parent.map { "fork of \($0.run)" } ?? "backtest"
    }

    /// A figure: its name in JSON, its title, and its value.
    struct Figure {
        /// How it is shown.
        enum Style { case count, percent, signedPercent, ratio }

        var name: String
        var title: String
        var style: Style
        var value: Double?

        /// The value as text.
        var text: String {
            guard let value else { return "n/a" }
            switch style {
            case .count: return Figures.count(Int(capped: value))
            case .percent: return Figures.percent(value, 1).replacing("-", with: "−")
            case .signedPercent: return Markup.signedPercent(value)
            case .ratio: return Figures.number(value).replacing("-", with: "−")
            }
        }
    }

    /// What runs are compared by.
    var figures: [Figure] {
        let whole = report?.whole
        let (returns, index, trades) = (whole?.returns, whole?.index, whole?.trades)
        return [
            Figure(
                name: "sessions", title: "Sessions", style: .count,
                value: report.map { Double($0.daily.count) }),
            Figure(
                name: "total_return", title: "Total return", style: .signedPercent,
                value: returns?.totalReturn),
            Figure(
                name: "equal_exposure_annual", title: "Excess at equal exposure",
                style: .signedPercent, value: index?.equalExposureAnnual),
            Figure(
                name: "equal_exposure_information_ratio", title: "Information ratio",
                style: .ratio, value: index?.equalExposureInformationRatio),
            Figure(name: "sharpe", title: "Sharpe ratio", style: .ratio, value: returns?.sharpe),
            Figure(
                name: "maximum_drawdown", title: "Maximum drawdown", style: .signedPercent,
                value: returns?.maximumDrawdown),
            Figure(
                name: "mean_exposure", title: "Mean exposure", style: .percent,
                value: whole?.meanExposure),
            Figure(
                name: "closed_trades", title: "Closed trades", style: .count,
                value: trades.map { Double($0.count) }),
            Figure(name: "win_rate", title: "Win rate", style: .percent, value: trades?.winRate),
            Figure(
                name: "promotions", title: "Promotions", style: .count,
                value: report.map { Double($0.learning.promotions.count) }),
        ]
    }
}

/// The runs of a data folder, as a list and as a page.
public struct RunsPage: Sendable {
    /// The runs, in order of their names.
    public var runs: [RunSummary]

    /// A page on some runs.
    public init(_ runs: [RunSummary]) {
        self.runs = runs
    }

    /// As a JSON list, figures unrounded.
    public var json: String {
        JSON.list(
            runs.map { run in
                let facts: [(String, String)] = [
                    ("run", JSON.text(run.name)), ("strategy", JSON.text(run.strategy)),
                    ("kind", JSON.text(run.kind)),
                    ("first_day", day(run.report?.daily.first?.day)),
                    ("last_day", day(run.report?.daily.last?.day)),
                ]
                let figures = run.figures.map { figure in
                    (
                        figure.name,
                        figure.style == .count
                            ? figure.value.map { "\(Int(capped: $0))" } ?? "null"
                            : JSON.number(figure.value)
                    )
                }
                return JSON.object(
                    facts + figures + [
                        ("warnings", JSON.list((run.report?.warnings ?? []).map(JSON.text))),
                        ("problem", run.problem.map(JSON.text) ?? "null"),
                    ])
            })
    }

    private func day(_ day: Day?) -> String { day.map { JSON.text("\($0)") } ?? "null" }

    /// As a table for a terminal.
    public var text: String {
        let heads = [
            "total", "excess/y", "info", "Sharpe", "drawdown", "exposure", "trades", "wins",
            "promoted",
        ]
        let width = max(3, runs.map { $0.name.count }.max() ?? 0)
        let strategies = max(8, runs.map { $0.strategy.count }.max() ?? 0)
        var lines = [
            Figures.left("run", width + 2) + Figures.left("strategy", strategies + 2)
                + Figures.left("from", 12) + Figures.left("to", 10)
                + heads.map { Figures.right($0, 10) }.joined()
        ]
        for run in runs {
            var line =
                Figures.left(run.name, width + 2) + Figures.left(run.strategy, strategies + 2)
            if let problem = run.problem {
                lines.append(line + problem)
                continue
            }
            line += Figures.left(run.report?.daily.first.map { "\($0.day)" } ?? "", 12)
            line += Figures.left(run.report?.daily.last.map { "\($0.day)" } ?? "", 10)
            line += run.figures.dropFirst().map {
                Figures.right($0.text.replacing("−", with: "-"), 10)
            }.joined()
            lines.append(line)
        }
        return (lines + ["", RunsPage.caution(runs.count)]).joined(separator: "\n") + "\n"
    }

    /// What a list of many runs tempts to.
    static func caution(_ count: Int) -> String {
        "The best of \(count) runs looks good by chance too: no difference between rows is a "
            + "verdict. recount compare gives one, by a metric that is named before; recount trials "
            + "counts what was tried."
    }
}
