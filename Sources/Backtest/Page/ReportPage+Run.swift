public import EventLog
import Events
import FeedbackLoop
public import Pipeline

extension BacktestReport {
    /// The report on a finished run, from its own events and its timeline; nothing is decided anew.
    public init(run: EventLog, timeline: EventLog, origin: RunOrigin, name: String) throws {
        let strategy = origin.strategy.strategy
        let result = try RunReading.result(
            of: run, timeline: timeline, strategy: strategy, window: origin.window)
        try self.init(
            result, log: run, name: name, strategy: strategy.name, startCash: strategy.startCash)
    }
}

extension ReportPage {
    /// Reads a finished run and its timeline again; nothing is decided anew.
    public init(run: EventLog, timeline: EventLog, origin: RunOrigin, name: String) throws {
        let strategy = origin.strategy.strategy
        var facts = TimelineFacts()
        let result = try RunReading.result(
            of: run, timeline: timeline, strategy: strategy, window: origin.window
        ) { position, message in
            try facts.take(message, at: position)
        }
        var tally = RunTally()
        var entries = RunEntries()
        try run.read { record in
            try tally.take(record.message)
            try entries.take(record.message, at: record.position)
            return .proceed
        }
        var report = BacktestReport(
            result, tally, name: name, strategy: strategy.name, startCash: strategy.startCash)
        report.facts.indexName = facts.indexSymbol
        self.init(report, entries, facts, strategy.rules)
    }
}
