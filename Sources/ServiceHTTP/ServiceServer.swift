public import API
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import Service
public import ServiceLifecycle

/// Answers over HTTP: the API, and whoever watches the service. The loop does not depend on it:
/// what it cannot do is logged.
public struct ServiceServer: ServiceLifecycle.Service {
    /// Where it answers.
    public struct Address: Hashable, Sendable {
        /// The host whose address is bound.
        public var host: String
        /// The port; 0 for any that is free.
        public var port: Int

        /// A port of this machine alone.
        public init(port: Int) { (host, self.port) = ("127.0.0.1", port) }
    }

    private let endpoints: ServiceEndpoints
    private let api: APIService?
    private let address: Address
    private let logger: Logger
    private let isRunning: @Sendable (Int) -> Void

    /// A server at an address.
    ///
    /// - Parameters:
    ///   - api: what answers beside `/metrics`, `/healthz` and `/readyz`; nil for nothing.
    ///   - isRunning: is told the port once it answers.
    public init(
        _ endpoints: ServiceEndpoints, api: APIService? = nil, at address: Address, logger: Logger,
        isRunning: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        (self.endpoints, self.api, self.address) = (endpoints, api, address)
        (self.logger, self.isRunning) = (logger, isRunning)
    }

    /// Connections that are taken at once.
    private static let mostConnections = 4_096
    /// Seconds without a byte after which a connection is closed, unless events are followed.
    private static let idleSeconds: Int64 = 30
    /// Threads on which requests are answered: one that reads long holds no other up.
    private static let threads = 8

    /// Answers until it is asked to end.
    public func run() async throws {
        let (endpoints, isRunning, logger) = (endpoints, isRunning, logger)
        let pool = NIOThreadPool(numberOfThreads: ServiceServer.threads)
        pool.start()
        let answering = Answering(endpoints: endpoints, api: api, pool: pool, logger: logger)
        let application = Application(
            responder: CallbackResponder<ServiceContext> { request, context in
                await answering.answer(request, context)
            },
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    idleTimeout: .seconds(ServiceServer.idleSeconds),
                    httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                        maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10,
                        maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: .maximum(
                    ServiceServer.mostConnections, logger: ServiceServer.quiet(logger))),
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
                metadata: ["port": "\(address.port)", "why": "\(error)"])
            try await gracefulShutdown()
        }
        try await pool.shutdownGracefully()
    }

    /// A logger without what a server says of itself.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}

/// What is known of a request beside itself: where it came from, and on which connection.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peer: String
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}

/// Turns requests of the server into those of the API, and its answers back.
struct Answering: Sendable {
    let endpoints: ServiceEndpoints
    let api: APIService?
    let pool: NIOThreadPool
    let logger: Logger

    /// Seconds that a body may take to come.
    private static let bodySeconds = 10.0

    func answer(_ request: Request, _ context: ServiceContext) async -> Response {
        if let answer = watched(request) { return answer }
        guard let api else {
            return HostGuard.isOfLoopback(request.head.authority)
                ? Response(status: .notFound) : Response(status: .forbidden)
        }
        let body: [UInt8]
        do {
            body = try await collect(request, context)
        } catch {
            return error
        }
        var fields = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        if let host = request.head.authority { fields.append(("host", host)) }
        let asked = APIRequest(
            method: request.method.rawValue, target: request.head.path ?? "/", fields: fields,
            body: body, peer: APIRequest.Peer(address: context.peer))
        let answer: APIResponse
        do {
            answer = try await pool.runIfActive { api.answer(asked) }
        } catch {
            return Response(status: .serviceUnavailable)
        }
        return response(answer)
    }

    /// Answers whoever watches the service, on this machine by its name.
    private func watched(_ request: Request) -> Response? {
        let answer: ServiceEndpoints.Answer
        switch request.uri.path {
        case "/healthz": answer = endpoints.health()
        case "/readyz": answer = endpoints.readiness()
        case "/metrics": answer = endpoints.metrics()
        default: return nil
        }
        guard HostGuard.isOfLoopback(request.head.authority) else {
            return Response(
                status: .forbidden,
                body: ResponseBody(
                    byteBuffer: ByteBuffer(string: "write Host: 127.0.0.1 or localhost\n")))
        }
        guard request.method == .get || request.method == .head else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
        }
        return Response(
            status: HTTPResponse.Status(code: answer.status),
            headers: [.contentType: answer.type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
    }

    /// The body of a request, whole.
    private func collect(_ request: Request, _ context: ServiceContext) async throws(Response)
        -> [UInt8]
    {
        let limit = APIService.largestBody
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw refusal(413, "a body takes at most \(limit) bytes")
        }
        // Reading cannot be given up, but ends with the connection.
        let channel = context.channel
        let watch = Task {
            try await Task.sleep(for: .seconds(Answering.bodySeconds))
            try await channel.close()
        }
        defer { watch.cancel() }
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch {
            throw refusal(413, "a body takes at most \(limit) bytes")
        }
    }

    private func refusal(_ status: Int, _ text: String) -> Response {
        Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "text/plain; charset=utf-8", .connection: "close"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n")))
    }

    private func response(_ answer: APIResponse) -> Response {
        var headers = HTTPFields()
        for (name, value) in answer.fields {
            guard let name = HTTPField.Name(name) else { continue }
            headers.append(HTTPField(name: name, value: value))
        }
        let status = HTTPResponse.Status(code: answer.status)
        switch answer.body {
        case .bytes(let bytes):
            return Response(
                status: status, headers: headers,
                body: answer.status == 304
                    ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .events(let stream):
            return Response(status: status, headers: headers, body: events(stream))
        }
    }

    /// Sends events for as long as they are listened to.
    private func events(_ stream: EventStream) -> ResponseBody {
        let pool = pool
        return ResponseBody { writer in
            for await _ in stream.changes() {
                var isSilent = true
                while let bytes = try await pool.runIfActive({ try stream.next() }) {
                    isSilent = false
                    if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                }
                if isSilent { try await writer.write(ByteBuffer(bytes: EventStream.sign)) }
            }
            try await writer.finish(nil)
        }
    }
}

extension Response: @retroactive Error {}
