import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline

/// `recount record-trade`
struct RecordTradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record-trade",
        abstract: "Tell of a trade made elsewhere: a fact, known from now on.",
        discussion: """
            Every replay that reads it records its outcome. With an entry time it is a row to train \
            on, with the features that the loop had stored for the ticker by then; without one, or \
            without such features, it is an outcome with the reason why it teaches nothing. It never \
            counts in the portfolio or in a shadow arm. A date without an hour means its first \
            instant for the entry and its last for the exit. The same trade twice is one fact; give \
            equal trades an --id each.

            Example: recount record-trade AAPL long --entry 150.10 --exit 161.75 --size 20 \
                       --entered-at 2021-03-01T14:35:00Z --exited-at 2021-04-12 --data DIR
            """)

    @Argument(help: ArgumentHelp("The symbol, in capitals or not.", valueName: "ticker"))
    var ticker: String
    @Argument(help: ArgumentHelp("long or short.", valueName: "direction"))
    var direction: TradeDirection
    @Option(name: .long, help: ArgumentHelp("Price a share paid.", valueName: "dollars"))
    var entry: Double
    @Option(name: .long, help: ArgumentHelp("Price a share got.", valueName: "dollars"))
    var exit: Double
    @Option(name: .long, help: ArgumentHelp("Shares.", valueName: "shares")) var size: Double
    @Option(
        name: .long,
        help: ArgumentHelp("2021-03-01T14:35:00Z or 2021-03-01.", valueName: "when"))
    var enteredAt: String?
    @Option(name: .long, help: ArgumentHelp("When it was closed.", valueName: "when"))
    var exitedAt: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Your own id: the same id is the same trade.", valueName: "id"))
    var id: String?
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Say whether this run had features by the entry.", valueName: "name"))
    var runName: String?
    @OptionGroup var data: DataOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    enum TradeDirection: String, ExpressibleByArgument, CaseIterable {
        case long
        case short
    }

    mutating func validate() { runName = runName.map(data.run(named:)) }

    func run() throws {
        let now = wallClock()
        let act = try TradeAct(
            ticker: ticker, direction: direction == .long ? .long : .short, entry: entry,
            exit: exit, size: size, enteredAt: enteredAt, exitedAt: exitedAt, id: id, at: now)
        let lesson = try act.lesson(for: runName.map { try data.folder.openRun($0) })
        let log = try data.openForWriting()
        // A trade made elsewhere may be of anything; a slip of the pen is told.
        let known = try KnownTickers(log)
        var ledger = OperatorLedger()
        try ledger.read(log)
        let answer = try act.record(in: log, &ledger, lesson: lesson, now: now)
        print(text(answer))
        if !known.contains(ticker) { note("\(known.refusal(of: ticker)); the trade is recorded") }
        if !json { try data.printAnchor() }
    }

    private func text(_ answer: TradeAct.Answer) -> String {
        if json {
            var object = answer.json
            object.text("seal", try? data.anchor())
            return object.text
        }
        let place = "r\(answer.recorded.position) of the data log"
        let first =
            answer.recorded.isNew
            ? "\(place): \(answer.outcome), \(String(format: "%+.2f", answer.netReturn * 100)) %"
            : "nothing added: \(place) is this trade, a \(answer.outcome)"
        let teaches =
            switch answer.lesson.isTrainable {
            case true?: "a row to train on, with the \(answer.lesson.reason)"
            case false?: "no row to train on: \(answer.lesson.reason)"
            case nil: "a row to train on where a replay has features by the entry (--run tells)"
            }
        return "\(first)\n\(teaches)\nThe next replay records the outcome: "
            + "recount backtest --data \(data.data) --run NAME"
    }
}
