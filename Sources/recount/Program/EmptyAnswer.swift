import Backtest
import Events

/// What is said on standard error where there is nothing to show: what is missing, and how to get
/// it.
enum EmptyAnswer {
    /// Of a run that made no trade.
    static func note(_ report: BacktestReport) {
        guard report.trades.isEmpty, report.open.isEmpty else { return }
        let signals = report.signals
        let evaluations = (signals.classes + signals.suppressed).reduce(0) { $0 + $1.count }
        recount.note(
            evaluations == 0
                ? "no trade: nothing was evaluated, since no filing of a ticker with bars is known in "
                    + "the window; recount events --timeline --type DisclosureFiled shows what is "
                    + "there, recount ingest disclosures brings more"
                : "no trade: of \(evaluations) evaluations none became an order that "
                    + "was filled; recount events --type SignalSuppressed and --type SignalSkipped "
                    + "say why of each, recount strategy show the settings (queue_threshold)")
    }

    /// Of a log of which no event passed a filter.
    static func note(events count: UInt64, _ log: LogOption) {
        recount.note(
            count == 0
                ? "no event: the log is empty; recount ingest brings facts"
                : "no event of \(count) passes; leave out an option"
                    + (log.run == nil && !log.timeline
                        ? ", or name a run (--run last): the data log holds facts alone" : ""))
    }

    /// Of a query that found no row.
    static func noteRows(of option: HistoryOption) {
        recount.note(
            "no row of \(option.runName.map { "run \($0)" } ?? "the data log") fits"
                + (option.runName == nil
                    ? "; what runs decided is in theirs: --run last" : "")
                + "; recount sql --tables says what each table holds")
    }
}
