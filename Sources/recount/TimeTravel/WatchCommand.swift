import ArgumentParser
import EventLog
import Events
import Projections

/// The stretch of a history, and the expression that is followed through it.
struct ExpressionOption: ParsableArguments {
    @Argument(
        help: """
            Of the read model whose tables the expression names, for you to read; it may name \
            those of others too.
            """)
    var projection: String
    @Argument(
        help: """
            TABLE.COLUMN, TABLE[KEY].COLUMN and numbers, joined by + - * /, < <= > >= = !=, and, \
            or, not; exists(TABLE[KEY]).
            """)
    var expression: String
    @OptionGroup var option: HistoryOption
    @Option(name: .long, help: ArgumentHelp("Begin after a moment.", valueName: "when"))
    var from: String?
    @Option(name: .long, help: ArgumentHelp("End with a moment.", valueName: "when"))
    var to: String?

    func validate() throws {
        guard !History.tables(of: projection).isEmpty else {
            throw ValidationError(ProjectionCatalogue.unknown(projection))
        }
    }

    /// The history, made as far as needed, and the stretch.
    func open(_ expression: HistoryExpression) throws
        -> (history: History, first: UInt64, last: UInt64)
    {
        let history = try option.open()
        let first = try from.map { try option.position($0, in: history).position } ?? 0
        let last = try option.position(to ?? "end", in: history).position
        guard first <= last else {
            throw ValidationError("--from \(from ?? "0") lies behind --to \(to ?? "end")")
        }
        try option.ensure(expression.projections, through: last, in: history)
        return (history, first, last)
    }
}

/// `recount watch`
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "An expression over read models, at every event that changes it.",
        discussion: """
            Where a row that the expression reads is not there, its value is null.

            \(EventArgument.explained)

            Example: recount watch portfolio reference_portfolio_state.cash --data DIR --run first
                     recount watch signals 'trading_signals[AAPL].confidence_score - \\
                       reference_portfolio_config.emit_threshold' --data DIR --run first --json
            """)

    @OptionGroup var watched: ExpressionOption
    @Flag(name: .long, help: "One JSON object a line.") var json = false
    @Flag(name: .long, help: "Comma-separated values.") var csv = false

    func validate() throws {
        guard !(json && csv) else { throw ValidationError("choose --json or --csv") }
    }

    func run() throws {
        let expression = try HistoryExpression(watched.expression)
        let (history, first, last) = try watched.open(expression)
        var printer = RowPrinter(json ? .json : csv ? .csv : .table)
        printer.begin(["position", "event", "known_at", "type", "value"])
        try history.watch(expression, from: first, through: last) { found in
            let event = try EventAt(found.position, in: history)
            printer.add([
                .integer(Int64(found.position)), event.reference, event.knownAt, event.type,
                expression.isCondition ? WatchCommand.truth(found.value) : found.value,
            ])
            return .proceed
        }
        printer.finish()
    }

    private static func truth(_ value: RowValue) -> RowValue {
        switch value {
        case .integer(0): .text("false")
        case .integer: .text("true")
        default: value
        }
    }
}

/// `recount bisect`
struct BisectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bisect",
        abstract: "The first event after which an expression holds.",
        discussion: """
            Every event that changes a row which the expression reads is looked at, in order: \
            nothing is assumed of how values move. Ends with 1 when it never holds.

            Example: recount bisect portfolio \\
                       'reference_portfolio_state.portfolio_value < 95000' --data DIR --run first
            """)

    @OptionGroup var watched: ExpressionOption
    @Flag(name: .long, help: "Print one JSON object.") var json = false

    func run() throws {
        let expression = try HistoryExpression(watched.expression)
        let (history, first, last) = try watched.open(expression)
        let found = try history.first(expression, from: first, through: last)
        if json {
            var object = JSONObject()
            object.text("expression", expression.text)
            object.json("found", try found.map { try EventAt($0, in: history).json } ?? "null")
            Swift.print(object.text)
        } else if let found {
            let event = try EventAt(found, in: history)
            print("holds first after position \(found): \(event.text)")
        }
        if found == nil {
            if !json { note("\(expression.text) never holds from position \(first) to \(last)") }
            throw ExitCode(1)
        }
    }
}
