import ArgumentParser
import EventLog
import Events
import Projections

/// Whose history, and by which clock.
struct HistoryOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Flag(
        name: .long,
        help: """
            Dates and instants are meant by the time at which the log took an event, not by that \
            at which it could be known.
            """)
    var recorded = false

    mutating func validate() { runName = runName.map(data.run(named:)) }

    /// Where the view stood at a moment.
    func position(_ when: String, in history: History) throws -> MergedPosition {
        try history.view.merged.position(AsOf(when, by: recorded ? .recorded : .knowledge))
    }

    /// The history, as far as a moment and this many projections need it; progress is shown.
    func open() throws -> History { try History(data.folder, run: runName) }

    /// Makes what is not there yet, with progress on a terminal.
    func ensure(_ projections: [String], through position: UInt64, in history: History) throws {
        var progress = Progress()
        defer { progress.clear() }
        try withoutActuallyEscaping({ (name: String, position: MergedPosition, end: UInt64) in
            progress.show(
                "\(name): every version, read \(position.position) of \(end) events",
                done: Double(position.position) / Double(max(end, 1)))
        }) { try history.ensure(projections, through: position, tell: $0) }
    }
}

/// A moment of a view, as it is said to a person.
struct ViewMoment {
    let position: MergedPosition
    /// The event that it stands after; none at the start.
    let event: Reference
    /// When that was known.
    let knownAt: Instant?

    init(_ position: MergedPosition, in history: History) throws {
        self.position = position
        event = try history.view.merged.event(at: position)
        var found: Instant?
        try history.view.merged.event(event) { found = try Envelope(message: $0).knownAt }
        knownAt = found
    }

    /// The position, the event before it and its time.
    var text: String {
        guard let knownAt else { return "position 0, before the first event" }
        return "position \(position.position), after \(event) of \(knownAt)"
    }

    /// The same as fields of a JSON object.
    var json: String {
        var object = JSONObject()
        object.integer("position", position.position)
        object.text("event", event == .none ? nil : "\(event)")
        object.text("known_at", knownAt.map { "\($0)" })
        return object.text
    }
}
