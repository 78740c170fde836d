import ArgumentParser
import EventLog
import Events
import Foundation
import Projections

/// `recount step`
struct StepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Walk a read model event by event, forwards and back, with what each changes.",
        discussion: """
            In a terminal: → or n goes to the next event that changes the read model, ← or p to \
            the one before; / asks for a path (TABLE[KEY].COLUMN, or any expression), N and P go \
            to the next and the last event that changes it: when did this value last change? g \
            goes to a moment, q ends. In a pipe, or with --json, each event is printed with its \
            changes, from the moment on; with --to within the window, --backwards from its end.

            \(EventArgument.explained)

            Example: recount step portfolio --from 2018-06-29 --data DIR --run first
                     recount step portfolio --from end --backwards --limit 1 --data DIR \\
                       --run first --path 'reference_portfolio_positions[AAPL].quantity'
            """)

    @Argument(help: "\(ProjectionCatalogue.names.joined(separator: ", ")).")
    var projection: String
    @OptionGroup var option: HistoryOption
    @Option(name: .long, help: ArgumentHelp("Where to begin.", valueName: "when"))
    var from: String = "0"
    @Option(name: .long, help: ArgumentHelp("Where to end; else the end.", valueName: "when"))
    var to: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Only events that change this value.", valueName: "expression"))
    var path: String?
    @Flag(name: .long, help: "Go back from there.") var backwards = false
    @Option(name: .long, help: ArgumentHelp("At most so many events.", valueName: "events"))
    var limit: Int?
    @Flag(name: .long, help: "One JSON object an event.") var json = false

    func validate() throws {
        guard !History.tables(of: projection).isEmpty else {
            throw ValidationError(ProjectionCatalogue.unknown(projection))
        }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): takes 1 or more") }
    }

    func run() throws {
        let expression = try path.map { text throws in try HistoryExpression(text) }
        let history = try option.open()
        let start = try option.position(from, in: history)
        let end = try option.position(to ?? "end", in: history).position
        guard start.position <= end else {
            throw ValidationError("--from \(from) lies behind --to \(to ?? "end")")
        }
        let projections = [projection] + (expression?.projections ?? [])
        try option.ensure(projections, through: end, in: history)
        // Backwards the window is gone through from its end.
        var walk = HistoryWalk(
            history, projection, at: backwards && to != nil ? end : start.position,
            within: backwards && to == nil ? 0...end : start.position...end, along: expression)
        if !json, limit == nil, isTerminal(.standardOutput), isTerminal(.standardInput) {
            try StepScreen(walk, option).run()
        } else {
            try list(&walk)
        }
    }

    private func list(_ walk: inout HistoryWalk) throws {
        var output = Output()
        var count = 0
        while count < limit ?? .max, !Output.isClosed,
            let position = try backwards ? walk.back() : walk.forth()
        {
            count += 1
            let event = try EventAt(position, in: walk.history)
            let changes = try walk.changes()
            if json {
                var object = JSONObject(fields: String(event.json.dropFirst().dropLast()))
                object.json("changes", JSONObject.list(changes.map(ChangeText.json)))
                output.write(object.text + "\n")
            } else {
                output.line("\(position)  \(event.text)")
                for change in changes {
                    for line in ChangeText.lines(change) { output.line("    \(line)") }
                }
            }
        }
        output.flush()
    }
}

/// A walk along the events that change a read model, or the value of an expression.
struct HistoryWalk {
    let history: History
    let projection: String
    /// The merged ordinals that it does not leave; the first of them is only stood on.
    private let bounds: ClosedRange<UInt64>
    /// Where it stands.
    private(set) var position: UInt64
    /// What it goes along; nil for every row of the read model.
    var expression: HistoryExpression?
    /// Whether the event where it stands was given.
    private var isGiven = false

    init(
        _ history: History, _ projection: String, at position: UInt64,
        within bounds: ClosedRange<UInt64>, along expression: HistoryExpression?
    ) {
        (self.history, self.projection, self.bounds) = (history, projection, bounds)
        (self.position, self.expression) = (position, expression)
    }

    /// The next event's position, nil at the end.
    mutating func forth() throws -> UInt64? {
        let next =
            try expression.map { try history.nextChange(of: $0, after: position) }
            ?? history.next(projection, after: position)
        return take(next.flatMap { $0 <= bounds.upperBound ? $0 : nil })
    }

    /// The position of the last event that is not after where it stands, or before the one given.
    mutating func back() throws -> UInt64? {
        let last = isGiven ? position - min(position, 1) : position
        let found =
            try expression.map { try history.lastChange(of: $0, through: last) }
            ?? history.previous(projection, before: last + 1)
        return take(found.flatMap { $0 > bounds.lowerBound ? $0 : nil })
    }

    private mutating func take(_ found: UInt64?) -> UInt64? {
        if let found { (position, isGiven) = (found, true) }
        return found
    }

    /// Goes to a position.
    mutating func go(to position: UInt64) { (self.position, isGiven) = (position, false) }

    /// What the event where it stands changed in the read model.
    func changes() throws -> [RowChange] {
        var changes: [RowChange] = []
        guard position > 0 else { return [] }
        try history.changes(of: projection, from: position - 1, to: position) {
            changes.append($0)
        }
        return changes
    }
}
