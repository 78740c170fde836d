import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
public import Service
public import ServiceLifecycle

/// Answers whoever watches a service, on this machine alone. The loop does not depend on it: what
/// it cannot do is logged.
public struct ServiceServer: ServiceLifecycle.Service {
    private let endpoints: ServiceEndpoints
    private let port: Int
    private let logger: Logger
    private let isRunning: @Sendable (Int) -> Void

    /// A server on a port of 127.0.0.1; 0 for any that is free.
    ///
    /// - Parameter isRunning: is told the port once it answers.
    public init(
        _ endpoints: ServiceEndpoints, port: Int, logger: Logger,
        isRunning: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        (self.endpoints, self.port) = (endpoints, port)
        (self.logger, self.isRunning) = (logger, isRunning)
    }

    /// Answers until it is asked to end.
    public func run() async throws {
        let (endpoints, isRunning, logger) = (endpoints, isRunning, logger)
        let router = Router()
        router.middlewares.add(HostGuard())
        router.get("/healthz") { _, _ in ServiceServer.response(endpoints.health()) }
        router.get("/readyz") { _, _ in ServiceServer.response(endpoints.readiness()) }
        router.get("/metrics") { _, _ in ServiceServer.response(endpoints.metrics()) }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("answers", metadata: ["at": "http://127.0.0.1:\(port)"])
                isRunning(port)
            }, logger: ServiceServer.quiet(logger))
        do {
            try await application.run()
        } catch {
            logger.error(
                "nobody is answered over HTTP; the loop goes on",
                metadata: ["port": "\(port)", "why": "\(error)"])
            try await gracefulShutdown()
        }
    }

    /// A logger without what a server says of itself.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    private static func response(_ answer: ServiceEndpoints.Answer) -> Response {
        Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: [.contentType: answer.type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    }
}

/// Refuses requests whose `Host` is not this machine's: a page of the web whose name was made to
/// lead here would send its own.
struct HostGuard<Context: RequestContext>: RouterMiddleware {
    /// The names of this machine.
    private static var names: [String] { ["127.0.0.1", "localhost", "[::1]"] }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard HostGuard.isOfLoopback(request.head.authority) else {
            return Response(
                status: .forbidden,
                body: ResponseBody(
                    byteBuffer: ByteBuffer(string: "write Host: 127.0.0.1 or localhost\n")))
        }
        return try await next(request, context)
    }

    /// Whether a `Host` names this machine, with a port or without.
    static func isOfLoopback(_ host: String?) -> Bool {
        guard let host else { return false }
        return names.contains { name in
            guard host.hasPrefix(name) else { return false }
            let rest = host.dropFirst(name.count)
            return rest.isEmpty
                || rest.first == ":" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber)
        }
    }
}
