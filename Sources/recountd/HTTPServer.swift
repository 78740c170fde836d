import API
import Application
import Dashboard
import Foundation
import Logging
import Service
import ServiceHTTP
import ServiceLifecycle

/// The server that `http_port` asks for.
enum HTTPServer {
    /// Where it will answer, in words.
    static func text(_ settings: ServiceSettings) -> String {
        guard settings.httpPort > 0 else {
            return "none: http_port names a port for the API, /metrics, /healthz and /readyz"
        }
        return "the API, /metrics, /healthz and /readyz at http://127.0.0.1:\(settings.httpPort)"
    }

    /// The server, where one is asked for.
    static func services(
        _ configuration: Daemon.Configuration, _ endpoints: ServiceEndpoints, _ probe: DaemonProbe,
        logger: Logger
    ) -> [any ServiceLifecycle.Service] {
        guard configuration.settings.httpPort > 0 else { return [] }
        var rules = Gatekeeper.Rules()
        rules.hosts = configuration.settings.httpHosts
        let api = APIService(
            Workspace(configuration.folder), run: configuration.run, rules: rules,
            isReady: { probe.isOpen }, site: Dashboard(),
            note: { logger.error("\($0)") })
        return [
            ServiceServer(
                endpoints, api: api, at: .init(port: configuration.settings.httpPort),
                logger: logger)
        ]
    }
}
