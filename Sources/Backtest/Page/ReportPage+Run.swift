public import EventLog
public import Events
import FeedbackLoop
public import Learning
public import Pipeline

extension BacktestReport {
    /// The report on a finished run, from its own events and its timeline; nothing is decided anew.
    public init(_ run: OpenedRun, origin: RunOrigin) throws {
        let strategy = origin.strategy.strategy
        let result = try RunReading.result(
            of: run.merged, strategy: strategy, window: origin.window)
        try self.init(
            result, run: run.merged, name: run.name, strategy: strategy.name,
            startCash: strategy.startCash)
        facts.fork = try ForkOrigin.read(run)?.summary
    }
}

extension BacktestReport {
    /// Reads what its trainings learnt from and what its promotions came to; `load` gives a model's
    /// trees by its artefact.
    public mutating func readLearning(
        _ run: OpenedRun, origin: RunOrigin, load: (Digest) throws -> TreeEnsemble
    ) throws {
        guard case .loop(let loop) = origin.strategy, !learning.models.isEmpty else { return }
        let reading = try LearningReading(of: run.merged, loop.configuration, load: load)
        (promotions, ages) = (reading.promotions, reading.ages)
    }
}

extension ReportPage {
    /// Reads a finished run and its timeline again; nothing is decided anew. It is held against
    /// `benchmark`, a ticker in any case, too.
    ///
    /// - Throws: `BenchmarkError` for a ticker without bars, `RunFolderError.unfinished`.
    public init(_ run: OpenedRun, origin: RunOrigin, benchmark: String? = nil) throws {
        let strategy = origin.strategy.strategy
        var facts = TimelineFacts()
        var filings = strategy.filter.isEverybody ? nil : FilingList(strategy.filter)
        let result = try RunReading.result(
            of: run.merged, strategy: strategy, window: origin.window
        ) { position, message in
            try facts.take(message, at: position)
            try filings?.take(message, at: position)
        }
        var tally = RunTally()
        var entries = RunEntries()
        var fills = RunFills()
        var loop = LoopHistory()
        try run.merged.readOwn { reference, message in
            try tally.take(message)
            try entries.take(message, at: reference.position)
            try fills.take(message, at: reference.position)
            try loop.take(message, at: reference.position)
            return .proceed
        }
        var report = BacktestReport(
            result, tally, try run.merged.timeline.flatMap { try PriceQuality.read(of: $0) },
            name: run.name, strategy: strategy.name, startCash: strategy.startCash)
        report.facts.indexName = facts.indexSymbol
        report.facts.fork = try ForkOrigin.read(run)?.summary
        try self.init(
            report, entries, fills, facts, strategy.rules,
            benchmark: benchmark.map { try facts.prices.known($0) }
        ) { filings?.holds($0) ?? true }
        self.loop = loop
    }
}
