import ArgumentParser
import EventLog
import Events
import Market
import Pipeline

/// `recount halt`
struct HaltCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halt",
        abstract: "Halt the entries of the live run: nothing is bought until recount resume.",
        discussion: """
            The halt is a fact of the data log, known from now on. The live run cancels the entries \
            that wait for an open at once; every signal to buy is skipped (entriesHalted) from then \
            on. Exits go on, for they protect; with --all no new exit is ordered either, and only \
            the stops that rest stay. It survives restarts.

            Example: recount halt --reason "odd fills" --data DIR
            """)

    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "New exits too; stops that rest stay.") var all = false
    @OptionGroup var halts: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let (log, standing) = try halts.open()
        let before = standing.book.standing.first {
            $0.cause == .person && $0.stopsExits == all
        }
        let recorded =
            before != nil
            ? nil
            : try OperatorLedger.halt(
                .person, stopsExits: all, who: person.name, reason: person.reason,
                flags: try halts.flags(log), in: log, now: wallClock())
        let now = try StandingHalts(halts.run(), data: log)
        guard !json else {
            return print(
                HaltText.json(
                    now, try halts.history(log), position: recorded?.position,
                    isNew: recorded != nil))
        }
        let what = all ? "entries and new exits are halted" : "entries are halted"
        print(
            recorded.map { "r\($0.position) of the data log: \(what)" }
                ?? "\(what) already, since \(before.map { "\($0.since)" } ?? "")")
        print(HaltText.text(now, try halts.history(log)))
        try halts.data.printAnchor()
    }
}

/// `recount resume`
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End the halts of the live run, or those of one cause.",
        discussion: """
            The end is a fact of the data log, known from now on; the next cycle may buy again. \
            Halts by a session without bars, by the clock and by the disk end by themselves once \
            their cause is over. A drawdown is counted from the value at its end on, and a holding \
            above its cap is taken as it is. Status 65 where nothing is halted. With --custody it \
            ends what the run is in custody for instead, where that is a person's to end.

            Example: recount resume --reason "looked at the fills" --data DIR
            """)

    @OptionGroup var person: PersonOption
    @Option(
        name: .long,
        help: ArgumentHelp("Only the halts of this cause, as recount halts names it."))
    var cause: String?
    @Flag(name: .long, help: "End custody, not halts.") var custody = false
    @OptionGroup var halts: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard !custody || cause == nil else {
            throw ValidationError("--custody and --cause: give one of them")
        }
    }

    func run() throws {
        let (log, standing) = try halts.open()
        guard !custody else { return try endCustody(log, standing) }
        let wanted = try cause.map { try HaltText.cause($0) }
        let ended = standing.book.standing.filter { wanted == nil || $0.cause == wanted }
        guard !ended.isEmpty else {
            throw NothingHalted(cause: wanted, standing: standing.book.standing.map(\.cause))
        }
        let recorded = try OperatorLedger.resume(
            wanted, who: person.name, reason: person.reason, flags: try halts.flags(log), in: log,
            now: wallClock())
        let now = try StandingHalts(halts.run(), data: log)
        guard !json else {
            return print(
                HaltText.json(
                    now, try halts.history(log), position: recorded.position, isNew: true))
        }
        print("r\(recorded.position) of the data log ends:")
        for halt in ended { print("  \(HaltText.line(halt))") }
        print(HaltText.text(now, try halts.history(log)))
        try halts.data.printAnchor()
    }
}

extension ResumeCommand {
    private func endCustody(_ log: EventLog, _ standing: StandingHalts) throws {
        let history = try halts.history(log)
        let recorded = try OperatorLedger.endCustody(
            history, who: person.name, reason: person.reason, in: log, now: wallClock())
        guard !json else {
            return print(
                HaltText.json(
                    standing, try halts.history(log), position: recorded.position, isNew: true))
        }
        print("r\(recorded.position) of the data log ends the custody of the run")
        try halts.data.printAnchor()
    }
}

/// `recount halts`
struct HaltsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "halts",
        abstract: "Show what halts the entries of the live run, and how each halt ends.",
        discussion: """
            Read from the run's logs and the facts that wait for it, with its service or without.

            Example: recount halts --data DIR --json
            """)

    @OptionGroup var halts: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let log = try EventLog.open(at: halts.data.folder.log)
        let standing = try StandingHalts(halts.run(), data: log)
        let history = try halts.history(log)
        print(
            json
                ? HaltText.json(standing, history, position: nil, isNew: false)
                : HaltText.text(standing, history))
    }
}

/// Which live run.
struct HaltOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(name: .customLong("run"), help: ArgumentHelp("The live run.", valueName: "name"))
    var name = "live"

    mutating func validate() { name = data.run(named: name) }

    func run() throws -> OpenedRun { try data.folder.openRun(name) }

    /// The data log to write to, and what stands.
    func open() throws -> (EventLog, StandingHalts) {
        _ = try data.folder.existingRun(name)
        let log = try data.openForWriting()
        return (log, try StandingHalts(run(), data: log))
    }

    /// `simulated` where the facts are.
    func flags(_ log: EventLog) throws -> EventFlags { try OperatorLedger.flags(of: log) }
}

/// Nothing is there to be resumed.
struct NothingHalted: Error, CustomStringConvertible {
    let cause: HaltCause?
    let standing: [HaltCause]

    var description: String {
        guard let cause, !standing.isEmpty else {
            return "nothing is halted; recount halts shows what is, recount halt --reason halts"
        }
        let others = standing.map { "\($0)" }.joined(separator: ", ")
        return "nothing is halted by \(cause); what stands is \(others)"
    }
}

/// Halts for people and programs.
enum HaltText {
    /// A cause by its name.
    static func cause(_ text: String) throws -> HaltCause {
        let causes = (0..<UInt8.max).map { HaltCause(wire: $0) }.filter { $0 != .unrecognised }
        guard let cause = causes.first(where: { "\($0)" == text }) else {
            throw ValidationError(
                "--cause \(text): is none of \(causes.map { "\($0)" }.joined(separator: ", "))")
        }
        return cause
    }

    static func line(_ halt: HaltBook.Halt) -> String {
        let scope = halt.stopsExits ? "entries and new exits" : "entries"
        let who = halt.who.map { " (\($0))" } ?? ""
        let end = halt.cause.endsByItself ? "ends by itself" : "ends by recount resume"
        return "\(halt.cause) since \(halt.since)\(who): \(scope); \(halt.text); \(end)"
    }

    static func text(_ halts: StandingHalts, _ account: AccountHistory) -> String {
        let custody = account.custody.standing.map {
            "custody: \($0.cause) since \($0.since): \($0.text); ends by \($0.cause.remedy)"
        }
        guard halts.book.isHalted else {
            return (["nothing is halted"] + custody).joined(separator: "\n")
        }
        var lines = halts.book.standing.map { line($0) } + custody
        if !halts.waiting.isEmpty {
            lines.append(
                "\(halts.waiting.count) of these facts "
                    + (halts.waiting.count > 1 ? "wait" : "waits")
                    + " for the live run's service (recountd run)")
        }
        return lines.joined(separator: "\n")
    }

    static func json(
        _ halts: StandingHalts, _ account: AccountHistory, position: UInt64?, isNew: Bool
    ) -> String {
        let standing = halts.book.standing.map { halt -> String in
            var object = JSONObject()
            object.text("cause", "\(halt.cause)")
            object.text("since", "\(halt.since)")
            object.text("who", halt.who)
            object.text("reason", halt.text)
            object.boolean("exits_too", halt.stopsExits)
            object.boolean("ends_by_itself", halt.cause.endsByItself)
            return object.text
        }
        var object = JSONObject()
        object.boolean("halted", halts.book.isHalted)
        object.json("halts", "[\(standing.joined(separator: ","))]")
        let custody = account.custody.standing.map { entry -> String in
            var object = JSONObject()
            object.text("cause", "\(entry.cause)")
            object.text("since", "\(entry.since)")
            object.text("reason", entry.text)
            object.text("remedy", entry.cause.remedy)
            return object.text
        }
        object.json("custody", "[\(custody.joined(separator: ","))]")
        object.integer("waiting", halts.waiting.count)
        object.integer("position", position)
        object.boolean("recorded", isNew)
        return object.text
    }
}
