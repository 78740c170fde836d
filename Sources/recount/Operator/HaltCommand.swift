import Application
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
        let recorded = try HaltActs.halt(
            standing, stopsExits: all, by: try person.act, in: log, now: wallClock())
        let answer = try HaltAnswer(halts.run(), data: log)
        guard !json else {
            return print(answer.json(position: recorded?.position, isNew: recorded != nil))
        }
        let what = all ? "entries and new exits are halted" : "entries are halted"
        print(
            recorded.map { "r\($0.position) of the data log: \(what)" }
                ?? "\(what) already, since \(before.map { "\($0.since)" } ?? "")")
        print(HaltText.text(answer))
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
        guard !custody else { return try endCustody(log) }
        var ledger = OperatorLedger()
        try ledger.read(log)
        let (ended, recorded) = try HaltActs.resume(
            standing, run: halts.name, cause: try cause.map { try HaltAnswer.cause($0) },
            by: try person.act,
            in: log, &ledger, now: wallClock())
        let answer = try HaltAnswer(halts.run(), data: log)
        guard !json else {
            return print(
                answer.json(
                    position: recorded.position, isNew: recorded.isNew,
                    approval: recorded.approval))
        }
        if let text = ApprovalText.asked(recorded, halts.data) { return print(text) }
        print("r\(recorded.position) of the data log ends:")
        for halt in ended { print("  \(HaltText.line(halt))") }
        print(HaltText.text(answer))
        try halts.data.printAnchor()
    }
}

extension ResumeCommand {
    private func endCustody(_ log: EventLog) throws {
        let recorded = try OperatorLedger.endCustody(
            try halts.history(log), run: halts.name, who: person.name, reason: person.reason,
            in: log,
            now: wallClock())
        guard !json else {
            return print(
                try HaltAnswer(halts.run(), data: log).json(
                    position: recorded.position, isNew: recorded.isNew,
                    approval: recorded.approval))
        }
        if let text = ApprovalText.asked(recorded, halts.data) { return print(text) }
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
        let answer = try HaltAnswer(halts.run(), data: log)
        print(json ? answer.json() : HaltText.text(answer))
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
}

/// Halts for people and programs.
enum HaltText {
    static func line(_ halt: HaltBook.Halt) -> String {
        let scope = halt.stopsExits ? "entries and new exits" : "entries"
        let who = halt.who.map { " (\($0))" } ?? ""
        let end = halt.cause.endsByItself ? "ends by itself" : "ends by recount resume"
        return "\(halt.cause) since \(halt.since)\(who): \(scope); \(halt.text); \(end)"
    }

    static func text(_ answer: HaltAnswer) -> String {
        let (halts, account) = (answer.halts, answer.account)
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
}
