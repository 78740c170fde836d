import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Service

#if RECOUNT_NETWORK
import ServiceWebhooks
#endif

/// `recountd alert`
struct AlertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert",
        abstract: "Try the channels by which people are told, and see what went out.",
        discussion: """
            Example: recountd alert test --data DIR
                     recountd alert history --data DIR --limit 20
            """,
        subcommands: [AlertTestCommand.self, AlertHistoryCommand.self])
}

extension ServiceSettings {
    /// What sends alerts by these settings.
    ///
    /// - Throws: `AlertRefusal` where a channel cannot be had.
    func senders() throws -> [any AlertSender] {
        #if RECOUNT_NETWORK
        let network: (any WebhookPost)? = HTTPPost()
        #else
        let network: (any WebhookPost)? = nil
        #endif
        return try AlertChannels.senders(
            alerts, environment: ProcessInfo.processInfo.environment, network: network)
    }
}

/// `recountd alert test`
struct AlertTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a test alert through each configured channel now.",
        discussion: """
            Each channel is tried once. The status is 0 when all took it, 69 when one did not, 78 \
            when none is configured or one cannot be had.

            Example: recountd alert test --data DIR --set alert_command=/usr/local/bin/page-me
            """)

    @OptionGroup var options: FolderOptions
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a setting of the service; else RECOUNTD_KEY, or service.yaml in the folder.",
            valueName: "key=value"))
    var settings: [String] = []
    @Flag(name: .long, help: "Print JSON.") var json = false

    func run() throws {
        let settings = try ServiceSettings.load(
            options.folder, environment: ProcessInfo.processInfo.environment, flags: settings)
        let senders = try settings.senders()
        guard !senders.isEmpty else {
            throw AlertRefusal(
                description: "no channel is configured: set alert_command or alert_webhook in "
                    + "service.yaml, by RECOUNTD_ALERT_COMMAND or --set alert_command=PATH")
        }
        let outcomes = try DirectAlert.test(
            senders, run: options.run, in: options.folder, clock: SystemClock())
        var lines: [String] = []
        for outcome in outcomes {
            var reason: String?
            if case .refused(let why) = outcome.answer { reason = why }
            if json {
                var object = JSONObject()
                object.text("channel", "\(outcome.channel)")
                object.text("place", outcome.place)
                object.boolean("delivered", reason == nil)
                object.text("reason", reason)
                lines.append(object.text)
            } else {
                print(
                    "\(outcome.channel) to \(outcome.place): "
                        + (reason.map { "NOT TAKEN: \($0)" } ?? "taken"))
            }
        }
        if json { print("[" + lines.joined(separator: ",\n ") + "]") }
        if outcomes.contains(where: { $0.answer != .taken }) { throw ExitCode(69) }
    }
}

/// `recountd alert history`
struct AlertHistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List what went out and what was given up, the newest last.",
        discussion: """
            From the data log: an alert's log and position name its event (recount events).

            Example: recountd alert history --data DIR --limit 20 --json
            """)

    @OptionGroup var options: FolderOptions
    @Flag(name: .long, help: "Print JSON.") var json = false
    @Option(name: .long, help: ArgumentHelp("The newest so many.", valueName: "number"))
    var limit = 50

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit \(limit): write 1 or more") }
    }

    func run() throws {
        let folder = options.folder
        guard EventLog.isLog(folder.log) else { throw ServiceError.noData(folder.path) }
        let ledger = try AlertLedger(options.run, data: try EventLog.open(at: folder.log))
        let entries = ledger.entries.suffix(limit)
        // Tests may have gone out of a run that is not made yet.
        let isThere = EventLog.isLog(try folder.run(options.run)) || options.run == "live"
        guard isThere || !entries.isEmpty else {
            throw DataFolderError.noRun(options.run, known: folder.runNames)
        }
        guard !json else {
            let lines = entries.map { entry in
                var object = JSONObject()
                object.text("time", "\(entry.at)")
                object.text("kind", "\(entry.event.kind)")
                object.text("channel", "\(entry.event.channel)")
                object.text("log", "\(entry.event.source)")
                object.integer("position", entry.event.position)
                object.integer("attempts", entry.event.attempts)
                object.boolean("delivered", entry.event.isDelivered)
                object.text("text", String(decoding: entry.event.text, as: UTF8.self))
                return object.text
            }
            return print("[" + lines.joined(separator: ",\n ") + "]")
        }
        guard !entries.isEmpty else {
            return print(
                "no alert of run \(options.run) went out yet; recountd alert test sends one")
        }
        for entry in entries {
            let event = entry.event
            let mark = event.source == .timeline ? "t" : ""
            let attempts = event.attempts == 1 ? "" : " after \(event.attempts) attempts"
            print(
                "\(entry.at)  \(event.kind) by \(event.channel), \(event.source) "
                    + "\(mark)\(event.position): "
                    + (event.isDelivered ? "delivered" : "GIVEN UP") + "\(attempts): "
                    + String(decoding: event.text, as: UTF8.self))
        }
    }
}
