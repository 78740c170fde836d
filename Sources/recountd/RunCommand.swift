import ArgumentParser
import EventLog
import Events
import Foundation
import Logging
import Pipeline
import Service
import ServiceLifecycle
import UnixSignals
import XGBoost

/// `recountd run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a live run until SIGTERM or SIGINT; make it first where there is none.",
        discussion: """
            Facts come from files in DIR/inbox and from recount ingest. Each instant of the day \
            (21:00 UTC fills and marks, 23:00 outcomes, 23:30 evaluation, 05:30 orders, jobs) is \
            run once its facts are there; missed ones are caught up in order. The run is \
            DIR/runs/NAME: recount report, events, at, why, verify read it while it grows.

            Settings of the service (--set, RECOUNTD_KEY, service.yaml):
            \(ServiceSettings().table.map { "  \($0.key) = \($0.value): \($0.meaning)" }
                .joined(separator: "\n"))

            Example: recountd run --data DIR --strategy feedback --log-format json
            """)

    @OptionGroup var options: RunOptions
    @Option(
        name: .long,
        help: ArgumentHelp("text, or json: a line each on standard error.", valueName: "name"))
    var logFormat = "text"
    @Flag(
        inversion: .prefixedNo,
        help: "Keep the run's read models, by processes of their own (recount project --follow).")
    var projectors = true
    @Option(
        name: .long,
        help: ArgumentHelp("trace, debug, info, notice, warning or error.", valueName: "name"))
    var logLevel = "info"

    func validate() throws {
        guard ["text", "json"].contains(logFormat) else {
            throw ValidationError("--log-format \(logFormat): write text or json")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level \(logLevel): write trace, debug, info, notice, warning or error")
        }
    }

    func run() async throws {
        let isJSON = logFormat == "json"
        var logger = Logger(label: "recountd") { _ in LineLogHandler(isJSON: isJSON) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .info
        var configuration = try options.configuration()
        configuration.senders = try configuration.settings.senders()
        try configuration.checkBroker()
        let store = ModelStore("\(configuration.folder.path)/models")
        let (isReady, failures) = (Latch(), FailureCount())
        let registry = PrometheusRegistry()
        let probe = DaemonProbe(ServiceMetrics(registry))
        let daemon = DaemonService(
            configuration, logger: logger, trainer: CachedTrainer(XGBoostTrainer(), store: store),
            isReady: isReady, failures: failures, probe: probe)
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(
                service: daemon, successTerminationBehavior: .gracefullyShutdownGroup,
                failureTerminationBehavior: .gracefullyShutdownGroup)
        ]
        services += HTTPServer.services(
            configuration,
            ServiceEndpoints(probe, registry, run: configuration.run, in: configuration.folder),
            probe, logger: logger
        ).map { .init(service: $0) }
        if projectors {
            services.append(
                .init(
                    service: ProjectorService(
                        configuration.folder, run: configuration.run, logger: logger,
                        isReady: isReady, failures: failures)))
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
