import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline

/// `recount approvals …`
struct ApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approvals",
        abstract: "Acts that a second person must approve, and candidates that await a person.",
        discussion: """
            Where two people are needed (approvals: 2 of the service, or recount approvals require \
            2), promotions, rollbacks, resumes and changes of the mode are asked for and not done: \
            another person approves or refuses. Whoever asked cannot approve. What nobody decided \
            within \(ApprovalBook.validDays) days expires; what is refused or expired never acts.

            Example: recount approvals list --data DIR
                     recount approvals approve d4711 --reason "seen the comparison" --data DIR
            """,
        subcommands: [
            ApprovalsList.self, ApprovalsComment.self, ApprovalsApprove.self,
            ApprovalsRefuse.self, ApprovalsRequire.self,
        ], defaultSubcommand: ApprovalsList.self)
}

struct ApprovalsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List what waits for a second person, and candidates that await one.",
        discussion: """
            Candidates are models of the run that were trained and not promoted. Each is held until \
            it is promoted, a person refuses it, or \(AwaitedCandidates.days) days are over, also \
            where a later training has taken its place as challenger. --all lists what was \
            decided, or expired, with the reason.

            Example: recount approvals list --all --run live --data DIR --json
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "The run whose candidates are listed; live where there is one.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "What was decided or expired too.") var all = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    mutating func validate() { runName = runName.map(data.run(named:)) }

    func run() throws {
        let workspace = Workspace(data.folder)
        let named = runName ?? ((try? data.folder.existingRun("live")) == nil ? nil : "live")
        var ledger = OperatorLedger()
        try ledger.read(workspace.log())
        let answer = try ApprovalAnswer(
            ledger.approvals, run: named, all: all, in: workspace)
        print(json ? answer.json : ApprovalText.list(answer, run: named))
    }
}

struct ApprovalsComment: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "comment", abstract: "Say something of a request, for whoever decides.",
        discussion: """
            A fact of the data log, with who; it decides nothing.

            Example: recount approvals comment d4711 "the holdout is short" --data DIR
            """)

    @OptionGroup var request: RequestOption
    @Argument(help: ArgumentHelp("What.", valueName: "text")) var text: String
    @Option(
        name: .long,
        help: ArgumentHelp("Who; the name of the account otherwise.", valueName: "name"))
    var who: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws { try Person.check(who) }

    func run() throws {
        let person = try PersonAct(who: Person.name(who), reason: text)
        try request.say("said", json: json) {
            try ApprovalActs.comment(request.id, by: person, in: $0, &$1)
        }
    }
}

struct ApprovalsApprove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve what another person asks for: it is recorded with that.",
        discussion: """
            The approval and the act are facts of the data log, in one commit. What stands by then \
            is looked at again: an approval is of what was asked for, and of nothing that came \
            since (another champion, a halt).

            Example: recount approvals approve d4711 --reason "seen the comparison" --data DIR
            """)

    @OptionGroup var request: RequestOption
    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func run() throws {
        let act = try person.act
        try request.say("approved; the act is recorded", json: json) {
            try ApprovalActs.approve(request.id, by: act, in: $0, &$1)
        }
    }
}

struct ApprovalsRefuse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        abstract: "Refuse a request, take one's own back, or refuse a candidate.",
        discussion: """
            With --candidate it is a model of the run that awaits a person: it becomes no champion, \
            and is listed no more.

            Example: recount approvals refuse d4711 --reason "too few rows" --data DIR
                     recount approvals refuse --candidate r815 --run live --reason "worse" \
            --data DIR
            """)

    @Argument(help: ArgumentHelp("The request.", valueName: "request")) var id: String?
    @Option(
        name: .long, help: ArgumentHelp("A candidate in place of a request.", valueName: "model"))
    var candidate: String?
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The run of the candidate.", valueName: "name"))
    var runName = "live"
    @OptionGroup var data: DataOption
    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    mutating func validate() throws {
        guard (id == nil) != (candidate == nil) else {
            throw ValidationError("name a request, or a model with --candidate")
        }
        runName = data.run(named: runName)
    }

    func run() throws {
        let act = try person.act
        try ApprovalText.say("refused", data, json: json) { workspace, ledger in
            if let candidate {
                return try ApprovalActs.refuse(
                    candidate: candidate, run: runName, by: act, in: workspace, &ledger)
            }
            return try ApprovalActs.refuse(id ?? "", by: act, in: workspace, &ledger)
        }
    }
}

struct ApprovalsRequire: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "require",
        abstract: "Say how many people such acts need from now on: 1 or 2.",
        discussion: """
            A fact of the data log. To need fewer than before is itself asked for, and a second \
            person approves it.

            Example: recount approvals require 2 --reason "money from Monday on" --data DIR
            """)

    @Argument(help: "1 or 2.") var people: Int
    @OptionGroup var data: DataOption
    @OptionGroup var person: PersonOption
    @Flag(name: .long, help: "One JSON object.") var json = false

    func validate() throws {
        guard (1...2).contains(people) else { throw ValidationError("\(people): takes 1 or 2") }
    }

    func run() throws {
        let act = try person.act
        try ApprovalText.say("such acts need \(people) from now on", data, json: json) {
            try ApprovalActs.require(people, by: act, in: $0, &$1)
        }
    }
}

/// Which request.
struct RequestOption: ParsableArguments {
    @Argument(help: ArgumentHelp("The request.", valueName: "request")) var id: String
    @OptionGroup var data: DataOption

    func say(
        _ what: String, json: Bool,
        _ record: (Workspace, inout OperatorLedger) throws -> OperatorLedger.Recorded
    ) throws {
        try ApprovalText.say("\(id) \(what)", data, json: json, record)
    }
}
