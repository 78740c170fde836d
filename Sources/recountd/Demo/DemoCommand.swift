import API
import Application
import ArgumentParser
import Dashboard
import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Service
import ServiceHTTP
import ServiceLifecycle
import Synchronization
import UnixSignals
import XGBoost

/// `recountd demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Make a simulated world, run the loop over it day by day, and serve it.",
        discussion: """
            Nothing in it is real: 40 companies, 3 years of prices and filings, of which the last 120 \
            sessions come one after another, a day every --day-seconds. The first line printed is the \
            address; the tokens follow. It serves until SIGTERM or SIGINT; started again it goes on.

            Example: recountd demo --port 8080 --data demo
            """)

    @Option(name: .long, help: ArgumentHelp("A port of 127.0.0.1; 0 for any.", valueName: "number"))
    var port = 8080
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("A new or empty folder, or that of a demonstration.", valueName: "dir"))
    var data: String
    @Option(
        name: .customLong("day-seconds"),
        help: ArgumentHelp("Seconds that a day takes.", valueName: "number"))
    var secondsADay = 5.0
    @Option(
        name: .long,
        help: ArgumentHelp("trace, debug, info, notice, warning or error.", valueName: "name"))
    var logLevel = "warning"

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port \(port): write 0 to 65535")
        }
        guard (0.5...86_400).contains(secondsADay) else {
            throw ValidationError("--day-seconds \(secondsADay): write 0.5 to 86400")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level \(logLevel): write trace, debug, info, notice, warning or error")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []
        let isDemo = FileManager.default.fileExists(
            atPath: "\(data)/world/\(WorldName.truth)")
        guard names.isEmpty || isDemo else {
            throw ValidationError(
                "--data \(data): holds something else than a demonstration; name a new folder")
        }
    }

    func run() async throws {
        var logger = Logger(label: "recountd") { _ in LineLogHandler(isJSON: false) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .warning
        let folder = DataFolder(data)
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        let clock = DemoClock(secondsADay: secondsADay)
        let registry = PrometheusRegistry()
        let probe = DaemonProbe(ServiceMetrics(registry))
        let tokens = try DemoCommand.tokens(folder)
        let log = logger
        let api = APIService(
            Workspace(folder, now: { clock.now() }), isReady: { probe.isOpen },
            site: Dashboard(),
            note: { log.error("\($0)") })
        let server = ServiceServer(
            ServiceEndpoints(probe, registry, run: "live", in: folder), api: api,
            at: .init(port: port), logger: logger
        ) { port in
            print("http://127.0.0.1:\(port)")
            for token in tokens { print("token of the role \(token.role): \(token.secret)") }
            fflush(nil)
        }
        let (isReady, failures) = (Latch(), FailureCount())
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: server),
                    .init(
                        service: DemoService(
                            folder: folder, clock: clock, logger: logger, isReady: isReady,
                            failures: failures, probe: probe),
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup),
                    .init(
                        service: ProjectorService(
                            folder, run: "live", logger: logger, isReady: isReady,
                            failures: failures)),
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    /// A token of each role; those of an earlier start are revoked, for nobody can show them again.
    private static func tokens(_ folder: DataFolder) throws -> [(role: String, secret: String)] {
        var book = try TokenBook(folder)
        let now = Workspace.wallClock()
        return try Role.allCases.map { role in
            let name = "demo-\(role.rawValue)"
            if book.entries.contains(where: { $0.name == name && $0.revoked == nil }) {
                _ = try book.revoke(name, at: now)
            }
            return (role.rawValue, try book.create(name: name, role: role, at: now).secret)
        }
    }
}

/// The name of a world's truth.
enum WorldName {
    static let truth = "truth.json"
}
