import ArgumentParser
import EventLog
import Events
import Pipeline

/// `recount adopt`
struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Take over what the broker's account shows otherwise than the log.",
        discussion: """
            Every difference that stands (recount mode lists them) is adopted: the broker's shares \
            and cash hold from now on, and the halt for it ends. More shares came at the broker's \
            average price; fewer take their share of the cost with them, without an outcome. What \
            is adopted whole has stop and trailing level from the last close, and its outcome is no \
            training row. The facts say who and why. recount resume --cause reconciliation goes on \
            without adopting anything. Status 65 where nothing differs.

            Example: recount adopt --reason "sold half by hand" --data DIR
            """)

    @OptionGroup var person: PersonOption
    @OptionGroup var live: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let (log, _) = try live.open()
        let (texts, recorded) = try OperatorLedger.adopt(
            try live.history(log), try DaemonStanding.read(live.name, in: live.data.folder),
            who: person.name, reason: person.reason, in: log, now: wallClock())
        if json {
            var object = JSONObject()
            object.json("adopted", JSONObject.list(texts.map { JSONText.quoted($0) }))
            object.integer("position", recorded.position)
            return print(object.text)
        }
        print("r\(recorded.position) of the data log adopts:")
        for text in texts { print("  \(text)") }
        try live.data.printAnchor()
    }
}

/// `recount takeover`
struct TakeoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "takeover",
        abstract: "Take the live run's account over from another copy of its folder.",
        discussion: """
            Where an order carries the run's ids and its log does not have it (a back-up was \
            restored, or a copy runs elsewhere) the run is in custody, and nothing is sent. First \
            make sure that no other copy runs. Then type the account's id: client order ids begin \
            with other bits from now on, the service cancels what works under those of before, \
            books what the broker shows, places its stops, and goes on. Status 65 where nothing is \
            to be taken over.

            Example: recount takeover --account PA3XYZ --reason "the old machine is off"
            """)

    @OptionGroup var person: PersonOption
    @Option(
        name: .long,
        help: ArgumentHelp("The account's id, as recount mode shows it.", valueName: "id"))
    var account: String
    @OptionGroup var live: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let (log, _) = try live.open()
        let prefix = UInt64.random(in: 1 ... .max)
        let recorded = try OperatorLedger.takeOver(
            try live.history(log), try DaemonStanding.read(live.name, in: live.data.folder),
            account: account, prefix: prefix, who: person.name, reason: person.reason, in: log,
            now: wallClock())
        if json {
            var object = JSONObject()
            object.text("prefix", String(prefix, radix: 16))
            object.integer("position", recorded.position)
            return print(object.text)
        }
        print(
            "r\(recorded.position) of the data log: account \(account) is taken over; client order "
                + "ids begin with \(String(prefix, radix: 16)) from now on")
        try live.data.printAnchor()
    }
}
