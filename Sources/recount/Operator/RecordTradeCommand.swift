import ArgumentParser
import EventLog
import Events
import FeedbackLoop
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
        let trade = try trade(now)
        let lesson = try lesson(trade)
        let log = try data.openForWriting()
        // A trade made elsewhere may be of anything; a slip of the pen is told.
        let known = try KnownTickers(log)
        var ledger = OperatorLedger()
        try ledger.read(log)
        let recorded = try ledger.tell(of: trade, in: log, now: now)
        print(answer(trade, recorded, lesson))
        if !known.contains(ticker) { note("\(known.refusal(of: ticker)); the trade is recorded") }
        if !json { try data.printAnchor() }
    }

    private func trade(_ now: Instant) throws -> TradeRecorded {
        guard let symbol = Ticker(Ticker.folded(ticker)) else {
            throw ValidationError("\(ticker) is no ticker; write 1 to 8 characters like BRK.B")
        }
        try checkNumbers()
        let entered = try parsed(enteredAt, "--entered-at") { Moment.first($0) }
        let exited = try parsed(exitedAt, "--exited-at") { Moment.last($0) }
        for (name, instant, text) in [
            ("--entered-at", entered, enteredAt), ("--exited-at", exited, exitedAt),
        ] {
            if let instant, instant > now {
                throw ValidationError(
                    "\(name) \(text ?? ""): lies in the future; of today give the hour too")
            }
        }
        if let entered, let exited, exited < entered {
            throw ValidationError(
                "--exited-at \(exitedAt ?? "") lies before --entered-at \(enteredAt ?? "")")
        }
        if let id, id.isEmpty || !WireText.fits(id, length: 40) {
            throw ValidationError("--id \(id): takes 1 to 40 ASCII characters")
        }
        return TradeRecorded(
            envelope: Envelope(knownAt: now, recordedAt: now, actor: .person),
            quantity: Quantity(rawValue: Int64(capped: (size * 1e8).rounded())), entryPrice: entry,
            exitPrice: exit,
            enteredAt: entered, exitedAt: exited, ticker: symbol,
            direction: direction == .long ? .long : .short, occurrence: 0, tradeID: id)
    }

    /// Refuses what lies outside the ranges of prices, shares, and what they come to.
    private func checkNumbers() throws {
        for (name, value, range, unit) in [
            ("--entry", entry, InputRange.price, "dollars"),
            ("--exit", exit, InputRange.price, "dollars"),
            ("--size", size, InputRange.shares, "shares"),
            ("--entry times --size", entry * size, InputRange.notional, "dollars"),
            ("--exit times --size", exit * size, InputRange.notional, "dollars"),
        ] where !range.contains(value) {
            throw ValidationError(
                "\(name) \(value): takes \(range.lowerBound) to \(range.upperBound) \(unit)")
        }
        let gain = exit / entry - 1
        if !InputRange.tradeReturn.contains(gain) {
            throw ValidationError(
                "--exit \(exit) is \(exit / entry) times --entry \(entry): takes at most "
                    + "\(InputRange.tradeReturn.upperBound) times; is one of them mistyped?")
        }
    }

    /// Whether the trade will teach anything; nil where that depends on the replay.
    private func lesson(_ trade: TradeRecorded) throws -> (trainable: Bool?, reason: String?) {
        guard let enteredAt = trade.enteredAt else {
            return (false, "no entry time")
        }
        guard let run = runName else { return (nil, "each replay looks for features by the entry") }
        let log = try data.folder.openRun(run).merged
        guard let known = try StoredFeatures.latest(of: trade.ticker, at: enteredAt, in: log) else {
            return (
                false,
                "run \(run) stored no features of \(trade.ticker) in the "
                    + "\(TradeToOutcome.reachDays) days before \(enteredAt)"
            )
        }
        return (true, "features of \(known)")
    }

    private func answer(
        _ trade: TradeRecorded, _ recorded: OperatorLedger.Recorded,
        _ lesson: (trainable: Bool?, reason: String?)
    ) -> String {
        let net = TradeToOutcome.netReturn(of: trade)
        let outcome = FillToOutcome.outcomeClass(net, breakeven: FillToOutcome.breakevenFraction)
        if json {
            var object = JSONObject()
            object.boolean("recorded", recorded.isNew)
            object.integer("position", recorded.position)
            object.text("outcome", "\(outcome)")
            object.real("return_pct", net * 100)
            object.json("trainable", lesson.trainable.map { "\($0)" } ?? "null")
            object.text("reason", lesson.reason)
            object.text("seal", try? data.anchor())
            return object.text
        }
        let place = "r\(recorded.position) of the data log"
        let first =
            recorded.isNew
            ? "\(place): \(outcome), \(String(format: "%+.2f", net * 100)) %"
            : "nothing added: \(place) is this trade, a \(outcome)"
        let teaches =
            switch lesson.trainable {
            case true?: "a row to train on, with the \(lesson.reason ?? "")"
            case false?: "no row to train on: \(lesson.reason ?? "")"
            case nil: "a row to train on where a replay has features by the entry (--run tells)"
            }
        return "\(first)\n\(teaches)\nThe next replay records the outcome: "
            + "recount backtest --data \(data.data) --run NAME"
    }
}

/// An instant, or a date that stands for one; nil for anything else, and for what lies outside the
/// years 1677 to 2262 that instants can tell.
enum Moment {
    /// A date is its first instant.
    static func first(_ text: String) -> Instant? {
        guard let day = Day(text) else { return Instant(text) }
        let first = Instant(day)
        return first.day == day ? first : nil
    }

    /// A date is its last second.
    static func last(_ text: String) -> Instant? {
        guard let day = Day(text) else { return Instant(text) }
        let last = Instant(day, hour: 23, minute: 59).adding(seconds: 59)
        return last.day == day ? last : nil
    }
}

/// What a run stored of tickers.
enum StoredFeatures {
    /// The latest evaluation with features that was known at an instant, none older than the loop
    /// would take.
    static func latest(
        of ticker: Ticker, at instant: Instant, in run: MergedLog
    ) throws -> Reference? {
        var found: (at: Instant, signal: Reference)?
        try run.readOwn { reference, message in
            let template = try MessageHeader(message).templateID
            guard
                template == SignalGenerated.templateID || template == SignalSuppressed.templateID
            else { return .proceed }
            let at = try Envelope(message: message).knownAt
            guard at <= instant else { return .stop }
            let evaluated: Bool
            if template == SignalGenerated.templateID {
                let view = try SignalGeneratedView(message)
                evaluated = view.ticker == ticker && view.featureSchema > 0
            } else {
                let view = try SignalSuppressedView(message)
                evaluated = view.ticker == ticker && view.featureSchema > 0
            }
            if evaluated { found = (at, reference) }
            return .proceed
        }
        guard let found, instant.day - found.at.day <= TradeToOutcome.reachDays else { return nil }
        return found.signal
    }
}
