import Application
import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Ingest
import Learning
import Pipeline

/// `recount signal`
struct SignalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signal",
        abstract: "Say what the loop thinks of a ticker as of the latest session, and why.",
        discussion: """
            The data log is replayed to its end and the ticker judged by the code that evaluates \
            signals; nothing is recorded. With --like a run that already replayed it to its end is \
            read instead, and nothing is decided again. First stands what the loop does at the next \
            open; beside it what the model thinks. The probability is the champion's, the confidence \
            that of its mixture with the heuristic. Without a champion prices alone answer, marked \
            momentum: no decision of the loop reads them. --all lists every order for the next open. \
            With --bars the ticker's prices are those of a file, in any shape that recount ingest \
            prices takes, its last bar being that of the latest session.

            Example: recount signal AAPL --data DIR --strategy feedback --json
                     recount signal --all --data DIR --like last
                     recount signal AAPL --bars aapl.csv --data DIR
            """)

    @Argument(help: ArgumentHelp("The symbol, in capitals or not.", valueName: "ticker"))
    var ticker: String?
    @OptionGroup var option: StrategyOption
    @Flag(name: .long, help: "Every order that the loop has for the next open.") var all = false
    @Option(
        name: .long, help: ArgumentHelp("The ticker's prices, of your own.", valueName: "file"))
    var bars: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard all != (ticker != nil) else {
            throw ValidationError("name a ticker, or --all for what is done at the next open")
        }
        guard bars == nil || !all else { throw ValidationError("--bars goes with a ticker") }
    }

    func run() throws {
        let symbol = try ticker.map { text in
            guard let symbol = PriceImporter.ticker(text) ?? PriceImporter.ticker(text.uppercased())
            else {
                throw ValidationError("\(text) is no ticker; write 1 to 8 characters like BRK.B")
            }
            return symbol
        }
        let (loop, window) = try option.loop()
        let own = try symbol.flatMap { symbol in
            try bars.map { try OwnBars($0, of: symbol, historySessions: loop.historySessions) }
        }
        let outlook = try outlook(loop, window)
        guard let day = outlook.day else {
            throw ValidationError(
                "there is no session in \(option.data.data); recount ingest prices brings them")
        }
        if let symbol {
            try show(symbol, outlook, own, strategy: loop.name)
        } else {
            let text = OrdersText(outlook: outlook, day: day, strategy: loop.name)
            print(json ? text.json : text.text)
        }
        ModelCache.bound(option.data)
    }

    private func outlook(_ loop: LoopStrategy, _ window: ReplayWindow) throws -> LoopOutlook {
        var progress = Progress()
        defer { progress.clear() }
        let timeline = try option.timeline()
        if let run = try option.finishedRun(timeline) {
            return try Progress.working("folding \(run.name)") {
                try LoopOutlook(
                    of: loop, run: run.merged, window: window, trainer: option.data.trainer)
            }
        }
        let sessions = try TimelineSessions(timeline, window: window)
        return try LoopOutlook(
            of: loop, timeline: timeline, window: window, trainer: option.data.trainer
        ) { day in progress.show(day, of: sessions) }
    }

    private func show(
        _ symbol: Ticker, _ outlook: LoopOutlook, _ own: OwnBars?, strategy: String
    ) throws {
        let known = outlook.tickers
        guard own != nil || known.contains(symbol) else {
            throw KnownTickers(known).refusal(
                of: "\(symbol)", "recount signal \(symbol) --bars FILE judges bars of your own")
        }
        let opinion =
            try own.map { try outlook.opinion(of: symbol, bars: $0.bars) }
            ?? outlook.opinion(of: symbol)
        guard let opinion else { return }
        let answer = try SignalAnswer(
            opinion, outlook.decision(on: symbol), store: option.data.models)
        var text = SignalText(answer, strategy: strategy)
        text.own = own.map { "\($0.bars.count) bars of \(bars ?? "") to \($0.last)" }
        print(json ? answer.json : text.text)
    }
}
