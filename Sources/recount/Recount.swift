import ArgumentParser
import Events

/// The command `recount`.
struct Recount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recount",
        abstract: "An event-sourced feedback loop for disclosure-driven trading.",
        discussion: """
            Facts and decisions are events in an append-only log; everything else is recounted from \
            it. Start with:

              recount ingest prices bars.csv --data DIR
              recount ingest disclosures filings.csv --data DIR
              recount backtest --data DIR --strategy feedback --run first
            """,
        version: Program.versionText,
        subcommands: [
            IngestCommand.self, SimulateCommand.self, BacktestCommand.self, ForkCommand.self,
            LateCommand.self, AuditTradesCommand.self, FilersCommand.self, StrategyCommand.self,
            CompareCommand.self, SweepCommand.self, TrialsCommand.self,
            ModelsCommand.self, EventsCommand.self, VerifyCommand.self, SealCommand.self,
            CertifyCommand.self, ReportCommand.self,
            ReproduceCommand.self,
            CheckLookaheadCommand.self, WhyCommand.self,
            EffectsCommand.self,
            SignalCommand.self, RecordTradeCommand.self, RetrainCommand.self, StatsCommand.self,
            PredictionsCommand.self,
            TrainingSetCommand.self, ProjectCommand.self, UpCommand.self, DriftCommand.self,
            StatusCommand.self, SQLCommand.self, AtCommand.self, WatchCommand.self,
            BisectCommand.self, StepCommand.self, DiffCommand.self,
            ExportCommand.self, ImportCommand.self, BackupCommand.self, RestoreCommand.self,
            ReadersCommand.self,
        ])
}
