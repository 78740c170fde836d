import ArgumentParser
import Events

/// The command `recount`.
struct Recount: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recount",
        abstract: "An event-sourced feedback loop for disclosure-driven trading.",
        discussion: """
            Facts and decisions are events in an append-only log; everything else is recounted from \
            it.

            Example: recount ingest prices bars.csv --data DIR
                     recount ingest disclosures filings.csv --data DIR
                     recount backtest --data DIR --strategy feedback --run first
                     recount report --data DIR --run last --html page.html
            """,
        version: Program.versionText,
        groupedSubcommands: [
            CommandGroup(
                name: "Facts",
                subcommands: [
                    IngestCommand.self, SimulateCommand.self, PredictionsCommand.self,
                    RecordTradeCommand.self, FilersCommand.self, LateCommand.self,
                    ExportCommand.self, ImportCommand.self, BackupCommand.self,
                    RestoreCommand.self, ReadersCommand.self,
                ]),
            CommandGroup(
                name: "Runs",
                subcommands: [
                    BacktestCommand.self, RunsCommand.self, ForkCommand.self, CompareCommand.self,
                    SweepCommand.self, TrialsCommand.self, AuditTradesCommand.self,
                    StrategyCommand.self,
                ]),
            CommandGroup(
                name: "Live",
                subcommands: [
                    HaltsCommand.self, HaltCommand.self, ResumeCommand.self, ModeCommand.self,
                    ApprovalsCommand.self,
                    AdoptCommand.self, TakeoverCommand.self, ShadowCommand.self,
                ]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    ReportCommand.self, SignalCommand.self, StatsCommand.self,
                    EventsCommand.self, WhyCommand.self, EffectsCommand.self, AtCommand.self,
                    DiffCommand.self, StepCommand.self, WatchCommand.self, BisectCommand.self,
                    SQLCommand.self, TradesCommand.self, ReturnsCommand.self, HoldingsCommand.self,
                    ProjectCommand.self, UpCommand.self, StatusCommand.self,
                ]),
            CommandGroup(
                name: "Prove",
                subcommands: [
                    VerifyCommand.self, ReproduceCommand.self, CheckLookaheadCommand.self,
                    SealCommand.self, CertifyCommand.self, DriftCommand.self,
                ]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    ModelsCommand.self, TrainingSetCommand.self, RetrainCommand.self,
                ]),
        ])
}
