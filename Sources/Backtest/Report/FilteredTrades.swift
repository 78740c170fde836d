public import EventLog
import Events
public import FeedbackLoop
import Market
public import Pipeline

/// The trades of a run that rest on filings which a filter follows, and those filings.
///
/// A trade rests on the filings that counted in the signal of its entry; of a strategy without
/// signals on the one that caused the order. It is listed where the filter follows one of them at
/// least: others may have counted as well.
public struct FilteredTrades: Sendable {
    /// One entry that was filled.
    struct Entry: Sendable {
        var entry: RunEntry
        /// Filings that it rests on, and how many of them the filter follows.
        var filings: Int
        var followed: Int
        /// The trade, nil while the position is open.
        var trade: ClosedTrade?
        /// The position, nil once it is closed.
        var open: Run.OpenHolding?
    }

    /// The run's name.
    let run: String
    /// The name of its strategy.
    let strategy: String
    /// The filter.
    let filter: FilingFilter
    /// The rows that it follows of those that the run had read.
    let filings: FilingList
    /// The entries, in order of their fills.
    private(set) var entries: [Entry] = []
    /// Entries of the run that rest on none of them.
    private(set) var others = 0

    /// Reads a finished run and its timeline; nothing is decided anew.
    public init(_ run: OpenedRun, origin: RunOrigin, filter: FilingFilter) throws {
        let strategy = origin.strategy.strategy
        var filings = FilingList(filter)
        let result = try RunReading.result(
            of: run.merged, strategy: strategy, window: origin.window
        ) { position, message in
            try filings.take(message, at: position)
        }
        var all = RunEntries()
        try run.merged.readOwn { reference, message in
            try all.take(message, at: reference.position)
            return .proceed
        }
        (self.run, self.strategy, self.filter) = (run.name, strategy.name, filter)
        self.filings = filings
        for entry in all.entries {
            let followed = entry.filings.count { filings.holds($0) }
            guard followed > 0 else {
                others += 1
                continue
            }
            let trade = entry.outcome.flatMap { ClosedTrade($0) }
            entries.append(
                Entry(
                    entry: entry, filings: entry.filings.count, followed: followed, trade: trade,
                    open: trade != nil
                        ? nil
                        : result.open.first {
                            $0.holding.ticker == entry.order.ticker
                                && $0.holding.entryDay == entry.day
                        }))
        }
    }

    /// The closed trades, in order of entry.
    var trades: [ClosedTrade] { entries.compactMap(\.trade) }
}
