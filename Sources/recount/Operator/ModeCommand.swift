import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Market
import Pipeline

/// `recount mode`
struct ModeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mode",
        abstract: "Show the trading mode of the live run and its history, or change it.",
        discussion: """
            Without an argument: the mode, the account, what a change to the other would lack, and \
            who changed it when and why. paper is the default; live is money.

            A change to live needs all of these, and says which are missing: the owner of the data \
            folder; --phrase "live ACCOUNT EQUITY", which names the live account's id and the \
            dollars that you expect it to be worth (asked for on a terminal); a service (recountd \
            run) that was started with --allow-live and has credentials of the live account; a look \
            at the account that is left, under five minutes old, without a difference; a reason; \
            and that the run is flat, or --adopt. Nobody is asked: it is judged by what recountd \
            recorded last, and recorded as a fact. The first answer of the live host is held \
            against the phrase: another id, or an equity a hundredth off, is custody.

            Example: recount mode --data DIR
                     recount mode live --phrase "live 912345678 25000" --reason "as planned"
            """)

    @Argument(help: "paper or live; nothing to show it.") var mode: String?
    @Option(
        name: .long,
        help: ArgumentHelp("live, the account's id, the dollars expected.", valueName: "text"))
    var phrase: String?
    @Option(name: .long, help: ArgumentHelp("Why; it stays in the log.", valueName: "text"))
    var reason: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Who; the name of the account otherwise.", valueName: "name"))
    var who: String?
    @Flag(
        name: .long,
        help: "Leave what is held behind, and take over what the other account holds.")
    var adopt = false
    @OptionGroup var live: HaltOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard let mode else {
            guard phrase == nil, reason == nil, who == nil, !adopt else {
                throw ValidationError("name the mode that is wanted: recount mode paper|live ...")
            }
            return
        }
        guard mode == "paper" || mode == "live" else {
            throw ValidationError("mode \(mode): write paper or live")
        }
        guard reason?.contains(where: { !$0.isWhitespace }) == true else {
            throw ValidationError(
                "--reason is missing; say why, for example --reason \"as planned\"")
        }
        guard (reason?.utf8.count ?? 0) <= 1_500 else {
            throw ValidationError("--reason takes at most 1,500 bytes")
        }
        guard mode == "live" || phrase == nil else {
            throw ValidationError("--phrase goes with live alone")
        }
        try Person.check(who)
    }

    func run() throws {
        guard let mode else { return try show() }
        let (log, halts) = try live.open()
        var change = ModeChange(
            to: mode == "live" ? .live : .paper, phrase: phrase ?? "", adopts: adopt)
        if change.mode == .live, phrase == nil { change.phrase = try ask() }
        let evidence = try live.evidence(log, halts)
        var ledger = OperatorLedger()
        let recorded = try change.record(
            evidence, run: live.name, who: Person.name(who), reason: reason ?? "", in: log,
            &ledger, now: wallClock())
        let left = change.leftBehind(evidence)
        if json {
            var object = JSONObject()
            object.text("mode", mode)
            object.integer("position", recorded.position)
            object.text("left_behind", left)
            object.text("approval", recorded.approval)
            return print(object.text)
        }
        if let text = ApprovalText.asked(recorded, live.data) { return print(text) }
        print(
            "r\(recorded.position) of the data log: the run trades in the mode \(mode) from now on")
        if let left { print(left) }
        try live.data.printAnchor()
    }

    /// The phrase, typed on a terminal.
    private func ask() throws -> String {
        guard isTerminal(.standardInput), isTerminal(.standardOutput) else { return "" }
        print("Type live, the live account's id, and the dollars that you expect it to be worth:")
        return readLine() ?? ""
    }

    private func show() throws {
        let log = try EventLog.open(at: live.data.folder.log)
        let halts = try StandingHalts(live.run(), data: log)
        let evidence = try live.evidence(log, halts)
        let answer = ModeAnswer(evidence, run: live.name, now: wallClock())
        print(json ? answer.json : ModeText(answer).text)
    }
}

extension HaltOption {
    /// What a change of the account is judged by.
    func evidence(_ log: EventLog, _ halts: StandingHalts) throws -> ModeChange.Evidence {
        try ModeChange.Evidence(run(), halts, data: log, in: data.folder)
    }

    /// What the data log says of the account.
    func history(_ log: EventLog) throws -> AccountHistory {
        guard let manifest = try run().manifest?.live else { throw LiveRunError.notLive(name) }
        return try AccountHistory(manifest, log)
    }
}

/// The mode of a live run for people and programs.
struct ModeText {
    private let answer: ModeAnswer
    private var evidence: ModeChange.Evidence { answer.evidence }

    init(_ answer: ModeAnswer) { self.answer = answer }

    var text: String {
        var lines = ["run       \(answer.run)", "mode      \(answer.mode)"]
        guard let terms = evidence.history.terms else {
            lines.append("The simulated market answers its orders, and has no account.")
            return lines.joined(separator: "\n")
        }
        let account = evidence.standing?.account
        lines.append(
            "account   \(terms.account ?? account?.account ?? "not looked at yet")"
                + (account.map {
                    ", equity \(two($0.equity)), cash \(two($0.cash)), looked at "
                        + "\(Instant(rawValue: $0.second * 1_000_000_000))"
                } ?? ""))
        lines.append("orders    client order ids begin with \(String(terms.prefix, radix: 16))")
        for custody in evidence.history.custody.standing {
            lines.append(
                "custody   \(custody.cause) since \(custody.since): \(custody.text); it ends by "
                    + custody.cause.remedy)
        }
        for alone in evidence.history.leftAlone {
            lines.append("not ours  \(String(decoding: alone.text, as: UTF8.self))")
        }
        for (_, event) in evidence.history.differences {
            lines.append("differs   \(String(decoding: event.text, as: UTF8.self))")
        }
        let other = terms.isLive ? "paper" : "live"
        for objection in answer.lacking { lines.append("to \(other.padded(6)) \(objection)") }
        if answer.lacking.isEmpty {
            lines.append("to \(other.padded(6)) nothing stands against it")
        }
        for change in evidence.history.changes { lines.append("history   \(line(change))") }
        if evidence.history.changes.isEmpty { lines.append("history   made so, never changed") }
        return lines.joined(separator: "\n")
    }

    private func line(_ change: (position: UInt64, change: AccountHistory.Change)) -> String {
        switch change.change {
        case .mode(let event):
            "\(event.envelope.knownAt) r\(change.position) \(event.previous) to \(event.mode) by "
                + "\(event.who): \(String(decoding: event.text, as: UTF8.self))"
        case .takeover(let event):
            "\(event.envelope.knownAt) r\(change.position) taken over by \(event.who): "
                + String(decoding: event.text, as: UTF8.self)
        }
    }

    private func two(_ value: Double) -> String { String(format: "%.2f", value) }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
