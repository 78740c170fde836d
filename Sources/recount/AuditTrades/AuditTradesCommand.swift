import ArgumentParser
import Backtest
import EventLog
import Events
import Foundation
import Pipeline

/// `recount audit-trades`
struct AuditTradesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-trades",
        abstract: "Hold another engine's trades against the bars and filings of a data folder.",
        discussion: """
            The CSV has a header and a trade a row (a partial exit is a row of its own): ticker or \
            symbol, side or direction (long, short; without one the sign of the quantity), quantity \
            or size, entry and exit time and price, costs or fees; many spellings are known, those \
            of vectorbt's records_readable among them. A file of single fills (time, symbol, signed \
            amount, price), as backtrader's Transactions has them, is paired first in first out.

            Found are prices outside the session's low and high, days and tickers without a bar, \
            sessions without volume, duplicates, exits before entries, stated profits that are not \
            those of the prices, entries filled before they were decided, and entries made before \
            the first filing that could have caused them was known. What fills at the close of the \
            very session that decided them are worth over the next open is measured, and the result \
            set beside random tickers traded at the same times with the same dollars. The status is \
            65 where something is found.

            Example: recount audit-trades trades.csv --data DIR
            """)

    @Argument(help: ArgumentHelp("The trades, plain or gzip.", valueName: "csv")) var file: String
    @OptionGroup var data: DataOption
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Basis points by which a price may miss what it is compared with.",
            valueName: "number"))
    var tolerance = 1.0
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Days before an entry within which a filing may have caused it.", valueName: "days"))
    var lookback = 90
    @Option(name: .long, help: "Seed of the draws.") var seed: UInt64 = 1
    @Option(name: .long, help: "Most findings to list.") var limit = 20
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard tolerance >= 0, tolerance.isFinite else {
            throw ValidationError("--tolerance \(tolerance): takes 0 or more")
        }
        guard lookback > 0, lookback <= 36_500 else {
            throw ValidationError("--lookback \(lookback): takes 1 to 36,500")
        }
        guard limit >= 0 else { throw ValidationError("--limit \(limit): takes 0 or more") }
    }

    func run() throws {
        let read = try TradeFile(file)
        let log = try EventLog.open(at: data.folder.log)
        let timeline = try EventLog.open(at: try data.timeline(of: log).path)
        var options = TradeAudit.Options()
        (options.toleranceBasisPoints, options.lookbackDays) = (tolerance, lookback)
        options.seed = seed
        let audit = try Progress.working("holding trades against bars") {
            [options] in try TradeAudit(read.trades, timeline: timeline, options: options)
        }
        let text = AuditTradesText(file: file, read: read, audit: audit, lookback: lookback)
        print(json ? text.json : text.text(limit: limit))
        if !audit.isSound || !read.rejected.isEmpty { throw ExitCode(ExitStatus.data.rawValue) }
    }
}
