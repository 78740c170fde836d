import Application
import ArgumentParser
import EventLog
import Events
import Foundation

/// `recount events`
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the events of a log, one a line, once or as it grows.",
        discussion: """
            --follow goes on with each event once it is durable, in the data log or in a run. Of a \
            fork its own events are printed, whose numbers go on behind the past that it shares.

            \(EventArgument.explained) --position t123 shows the timeline without --timeline.

            Example: recount events --data DIR --run first --type OrderFilled --ticker AAPL --json
                     recount events --data DIR --actor person --follow --json
            """)

    @OptionGroup var log: LogOption
    @Option(name: .long, help: ArgumentHelp("Only this type.", valueName: "name")) var type:
        [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only what this actor recorded: \(EventsCommand.actorNames).", valueName: "actor"))
    var actor: [String] = []
    @Option(name: .long, help: ArgumentHelp("Only events of this ticker.", valueName: "symbol"))
    var ticker: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Known then or later: a date or an instant.", valueName: "when"))
    var from: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Known by then: an instant, or a date to its end.", valueName: "when"))
    var to: String?
    @Option(name: .long, help: .hidden) var before: String?
    @Option(
        name: .long,
        help: ArgumentHelp("The first: r45, t123 of the timeline, or a number.", valueName: "event")
    )
    var position: EventArgument?
    @Option(name: .long, help: "Most events.") var limit: Int?
    @Flag(name: .long, help: "Go on as the log grows, until interrupted.") var follow = false
    @Flag(name: .long, help: "One JSON object a line.") var json = false

    private static let actorNames = Actor.allCases.map { "\($0)" }.joined(separator: ", ")

    func run() throws {
        let filter = try filter()
        let log = try chosenLog()
        let events = try EventLog.open(at: try log.path)
        var output = Output()
        let shared = try log.shared
        let letter: Character = log.kind == .timeline ? "t" : "r"
        var (next, count) = (max(position?.position ?? 1, shared + 1) - shared, 0)
        if follow {
            Interruption.install()
            if !events.identity.kind.isAppended {
                note("\(events.path) is finished: it is printed, and nothing will follow")
            }
        }
        let most = limit ?? .max
        repeat {
            let end = try events.head().position
            try events.read(from: next, through: end) { record in
                count += try show(record, letter, behind: shared, filter, in: &output) ? 1 : 0
                return count >= most ? .stop : .proceed
            }
            output.flush()
            next = max(next, end + 1)
        } while try follow && count < most && awaitGrowth(of: events, beyond: next - 1)
        guard count == 0, !follow else { return }
        if let ticker, !log.trials {
            let facts =
                try log.kind == .run ? log.data.folder.openRun(log.run ?? "").timeline : events
            try KnownTickers(facts).check(ticker)
        }
        EmptyAnswer.note(events: try events.head().position, log)
    }

    /// The log that holds the event at which to begin: `t123` stands in the timeline.
    private func chosenLog() throws -> LogOption {
        var log = log
        switch position?.isTimeline {
        case true?:
            guard !log.trials else {
                throw ValidationError("--position: the log of trials has no timeline")
            }
            log.timeline = true
        case false? where log.timeline:
            throw ValidationError("--position: events of a timeline are written t123")
        default: break
        }
        return log
    }

    /// What the options ask for.
    private func filter() throws -> EventFilter {
        var filter = EventFilter(ticker: ticker.map { Ticker.folded($0) })
        for name in type {
            guard let template = EventFilter.template(named: name) else {
                let known = EventSchema.messages.map(\.name)
                throw ValidationError(
                    "--type \(name): no such event\(Suggestion.question(name, known)); known are "
                        + known.joined(separator: ", "))
            }
            filter.types.insert(template)
        }
        for name in actor {
            guard let actor = EventFilter.actor(named: name) else {
                throw ValidationError(
                    "--actor \(name): no such actor"
                        + Suggestion.question(name, Actor.allCases.map { "\($0)" })
                        + "; known are \(EventsCommand.actorNames)")
            }
            filter.actors.insert(actor)
        }
        filter.from = try parsed(from, "--from") { WindowEdge.first($0) }
        filter.before =
            try parsed(to, "--to") { WindowEdge.behind($0) }
            ?? parsed(before, "--before") { Day($0) }.map { Instant($0) }
        return filter
    }

    /// Writes one event; whether the filter let it through.
    private func show(
        _ record: borrowing Record, _ letter: Character, behind shared: UInt64,
        _ filter: EventFilter,
        in output: inout Output
    ) throws -> Bool {
        let position = record.position + shared
        let header = try MessageHeader(record.message)
        let envelope = try Envelope(message: record.message)
        guard filter.admits(header, envelope) else { return false }
        var text = ""
        try EventJSON.render(message: record.message, into: &text)
        guard filter.admits(text: text) else { return false }
        if json {
            var object = "{\"position\":\(position),\(text.dropFirst())"
            if let named = try NamedFeatures.json(of: record.message, header) {
                object = "\(object.dropLast()),\"features_by_name\":\(named)}"
            }
            output.write(object + "\n")
        } else {
            let name = EventSchema.message(id: header.templateID)?.name ?? "?"
            output.write(
                "\(letter)\(position)  \(envelope.knownAt)  \(name)  \(EventLine.text(text))\n")
        }
        return true
    }

    /// Waits for a longer log; false when nobody waits for it any more.
    private func awaitGrowth(of events: EventLog, beyond position: UInt64) throws -> Bool {
        while !Interruption.wasAsked, !Output.isClosed {
            if events.isReplaced {
                note("\(events.path): the log was replaced; follow it again from its beginning")
                throw ExitCode(65)
            }
            if try events.waitForHead(beyond: position, seconds: 0.25).position > position {
                return true
            }
        }
        return false
    }
}

/// Standard output in large pieces.
struct Output {
    private var buffer: [UInt8] = []

    mutating func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count > 1 << 18 { flush() }
    }

    /// A line of which a terminal obeys nothing.
    mutating func line(_ text: String) { write(Terminal.plain(text) + "\n") }

    mutating func flush() {
        FileHandle.standardOutput.write(Data(buffer))
        buffer.removeAll(keepingCapacity: true)
    }

    /// Whether the reader of a pipe went away.
    static var isClosed: Bool {
        var standardOutput = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&standardOutput, 1, 0) > 0 && standardOutput.revents & Int16(POLLERR) != 0
    }
}

/// An event for a person: what follows the envelope, cut to a line of a terminal; whole in a pipe.
enum EventLine {
    static func text(_ json: String) -> String {
        guard let end = json.range(of: "},") else { return json }
        let body = json[end.upperBound...].dropLast()
        return Terminal.cutsText && body.count > 160 ? body.prefix(157) + "..." : String(body)
    }
}
