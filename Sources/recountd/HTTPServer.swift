import Foundation
import Logging
import Service
import ServiceLifecycle

#if RECOUNT_NETWORK
import ServiceHTTP
#endif

/// Why nobody can be answered over HTTP: what and what to do.
struct HTTPRefusal: Error, CustomStringConvertible {
    let description: String
}

/// The server that `http_port` asks for.
enum HTTPServer {
    /// Where it will answer, in words.
    ///
    /// - Throws: `HTTPRefusal` in a program without a network.
    @discardableResult
    static func check(_ settings: ServiceSettings) throws -> String {
        guard settings.httpPort > 0 else {
            return "none: http_port names a port for /metrics, /healthz and /readyz"
        }
        #if RECOUNT_NETWORK
        return "/metrics, /healthz and /readyz at http://127.0.0.1:\(settings.httpPort)"
        #else
        throw HTTPRefusal(
            description: "http_port: this recountd was built without a network: build it with "
                + "RECOUNT_NETWORK=1 swift build -c release --product recountd, or leave it at 0; "
                + "recountd status tells how it does")
        #endif
    }

    /// The server, where one is asked for.
    static func services(
        _ configuration: Daemon.Configuration, _ endpoints: ServiceEndpoints, logger: Logger
    ) throws -> [any ServiceLifecycle.Service] {
        try check(configuration.settings)
        #if RECOUNT_NETWORK
        guard configuration.settings.httpPort > 0 else { return [] }
        return [
            ServiceServer(endpoints, port: configuration.settings.httpPort, logger: logger)
        ]
        #else
        return []
        #endif
    }
}
