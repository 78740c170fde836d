import API
import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Service

/// The command `recountd`.
struct Recountd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recountd",
        abstract: "Runs the loop by itself: files in, decisions out, day by day.",
        discussion: """
            Example: recountd check --data DIR --strategy feedback
                     recountd run --data DIR --strategy feedback
                     cp bars.csv DIR/inbox/
                     recountd status --data DIR
            """,
        version: Program.name,
        subcommands: [
            RunCommand.self, CheckCommand.self, StatusCommand.self, StopCommand.self,
            AlertCommand.self, TokenCommand.self, DemoCommand.self,
        ])
}

/// The process: a command, and what it ends with.
@main
enum Main {
    static func main() async {
        do {
            var command = try Recountd.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard Recountd.exitCode(for: error) == .failure, !(error is ExitCode) else {
                Recountd.exit(withError: error)
            }
            let text = PlainText.plain(LogError.text(of: error))
            FileHandle.standardError.write(Data("Error: \(text)\n".utf8))
            exit(ExitStatus.of(error))
        }
    }
}

/// Prints a line in which a terminal obeys nothing: names and texts come from files.
func print(_ text: String, terminator: String = "\n") {
    Swift.print(PlainText.plain(text), terminator: terminator)
}

/// What a process ends with, by the numbers of sysexits(3).
enum ExitStatus {
    static func of(_ error: any Error) -> Int32 {
        if let status = LogError.exitStatus(of: error) { return status }
        return switch error {
        case let error as DataFolderError:
            if case .noRun = error { 66 } else { 64 }
        case is ServiceSettingsError: 64
        case let error as FilingFilterError:
            if case .severalMembers = error { 64 } else { 66 }
        case let error as StrategyFileError: error.isMissing ? 66 : error.isOption ? 64 : 65
        case let error as ServiceError:
            switch error {
            case .noData, .noRun: 66
            case .running: 75
            case .notRunning: 69
            case .noBroker: 78
            }
        case is BrokerRefusal, is AlertRefusal: 78
        case is TokenError, is DemoError: 64
        case let error as ApplicationError:
            switch error {
            case .invalid: 64
            case .missing: 66
            case .refused: 65
            }
        case let error as LiveRunError:
            switch error {
            case .another, .notForBroker, .notLive, .otherStrategy, .warmTooLate: 64
            case .noCalendar, .otherData, .olderTimeline: 65
            case .decidedOtherwise, .misplaced: 70
            case .noSession: 66
            }
        case let error as RunFolderError: error.isMissing ? 66 : 65
        default: 70
        }
    }
}

/// The folder that a command works on.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "The data folder; else RECOUNT_FOLDER, or the one that you stand in or below.",
            valueName: "dir"))
    var named: String?

    func validate() throws {
        guard named?.isEmpty != true else {
            throw ValidationError("--data is empty; name a folder")
        }
        guard named != nil || FoundFolder.current != nil else {
            throw ValidationError(
                "Missing expected argument '--data <dir>'; name a folder, set "
                    + "\(FoundFolder.variable) to one, or stand in or below one")
        }
    }

    var folder: DataFolder { DataFolder(named ?? FoundFolder.current?.path ?? "") }

    /// The folder, which is one.
    func existing() throws -> DataFolder {
        guard folder.isThere else {
            throw ValidationError("--data \(folder.path): is no data folder: it has no log")
        }
        return folder
    }
}

/// Options of every command of a live run.
struct FolderOptions: ParsableArguments {
    @OptionGroup var data: DataOptions
    @Option(name: .customLong("run"), help: ArgumentHelp("The live run's name.", valueName: "name"))
    var run = "live"

    func validate() throws {
        do {
            // A name that means something else where a run is named is refused for a new one.
            if run != "live", !EventLog.isLog(try folder.run(run)) { _ = try folder.newRun(run) }
            _ = try folder.run(run)
        } catch {
            throw ValidationError("--run \(run): \(error)")
        }
    }

    var folder: DataFolder { data.folder }
}

/// What a run is made from and how the service goes about it.
struct RunOptions: ParsableArguments {
    @OptionGroup var folder: FolderOptions
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The strategy of a run that is made: feedback, baseline, disclosure-follow, or a file.",
            valueName: "name"))
    var strategy: String?
    @Option(
        name: .customLong("strategy-set"),
        help: ArgumentHelp("Change a setting of the strategy.", valueName: "key=value"))
    var strategySettings: [String] = []
    @Option(
        name: .customLong("warm-from"),
        help: ArgumentHelp(
            "Of a run that is made: rehearse from this day on, and keep what was learnt; without it "
                + "the run starts cold, without rows and models.",
            valueName: "date"))
    var warmFrom: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What answers the orders of a run that is made: simulated, or alpaca: its paper account, "
                + "with APCA_PAPER_KEY_ID and APCA_PAPER_SECRET_KEY.", valueName: "name"))
    var broker: String?
    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Take over whole shares that the broker's account holds when it is opened; otherwise "
                + "they are left alone, and not traded."))
    var adopt = false
    @Flag(
        name: .customLong("allow-live"),
        help: ArgumentHelp(
            "Trade with money where recount mode live says so; without it such a run is in custody."
        ))
    var allowLive = false
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Change a setting of the service; else RECOUNTD_KEY, or service.yaml in the folder.",
            valueName: "key=value"))
    var settings: [String] = []
    @Option(
        name: .customLong("http-port"),
        help: ArgumentHelp(
            "Answer the API, /metrics, /healthz and /readyz on this port of 127.0.0.1; else "
                + "http_port.",
            valueName: "number"))
    var httpPort: Int?

    func validate() throws {
        guard broker.map({ Broker(rawValue: $0) != nil }) ?? true else {
            throw ValidationError(
                "--broker \(broker ?? ""): write simulated, or alpaca, its paper account; recount "
                    + "mode live turns such a run to money")
        }
        guard warmFrom == nil || strategy != nil else {
            throw ValidationError(
                "--warm-from goes with --strategy: a run that is there was started already")
        }
        guard warmFrom.map({ Day($0) != nil }) ?? true else {
            throw ValidationError("--warm-from \(warmFrom ?? ""): write YYYY-MM-DD")
        }
        guard strategy != nil || strategySettings.isEmpty else {
            throw ValidationError("--strategy-set goes with --strategy")
        }
    }

    func configuration() throws -> Daemon.Configuration {
        let data = folder.folder
        var configuration = Daemon.Configuration(
            folder: data, run: folder.run,
            strategy: try strategy.map {
                try StrategyFile.load(
                    $0, settings: strategySettings, option: "--strategy-set"
                )
                .following(try data.calendar())
            },
            warmFrom: warmFrom.flatMap { Day($0) },
            settings: try ServiceSettings.load(
                data, environment: ProcessInfo.processInfo.environment,
                flags: settings + (httpPort.map { ["http_port=\($0)"] } ?? [])))
        if let broker = broker.flatMap({ Broker(rawValue: $0) }) {
            let made = try RunManifest.read(in: try data.run(folder.run))?.live?.broker
            guard made == nil || made == broker.name else {
                throw ValidationError(
                    "--broker \(broker.rawValue): the run \(folder.run) trades with \(made ?? "?"); "
                        + "leave --broker out, or name another run")
            }
            configuration.broker = broker.name
        }
        (configuration.adopts, configuration.allowsLive) = (adopt, allowLive)
        return configuration
    }
}
