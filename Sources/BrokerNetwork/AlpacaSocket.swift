public import Alpaca
public import Brokerage
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// The stream of updates over a WebSocket, held open in the background: whoever asks gets what came
/// since. A connection that ends is made again, with a back-off; that one was lost is told once.
public final class AlpacaSocket: OrderUpdates, Sendable {
    /// What came and was not asked for yet.
    struct Inbox: Sendable {
        var updates: [BrokerOrder] = []
        var isReconnected = false
        var isListening = false
        var complaints: [String] = []
        var channel: (any Channel)?
        var isClosed = false
    }

    let inbox = Mutex(Inbox())
    private let credentials: AlpacaCredentials
    private let host: String
    private let port: Int
    private let isSecure: Bool
    private let wait: TimeAmount
    private let loop: any EventLoop

    /// Frames have at most so many bytes.
    static let limit = 1 << 20

    /// A stream from the host that a mode maps to.
    public convenience init(_ access: AlpacaAccess) {
        self.init(
            access.credentials, host: access.host, port: 443, isSecure: true, wait: .seconds(2))
    }

    /// A stream from a stub on this machine, without TLS.
    @_spi(Loopback)
    public convenience init(_ credentials: AlpacaCredentials, loopback port: Int) {
        self.init(
            credentials, host: "127.0.0.1", port: port, isSecure: false, wait: .milliseconds(50))
    }

    private init(
        _ credentials: AlpacaCredentials, host: String, port: Int, isSecure: Bool, wait: TimeAmount
    ) {
        (self.credentials, self.host, self.port) = (credentials, host, port)
        (self.isSecure, self.wait) = (isSecure, wait)
        loop = MultiThreadedEventLoopGroup.singleton.next()
        connect()
    }

    /// Whether updates come now.
    public var isListening: Bool { inbox.withLock { $0.isListening } }

    /// The updates that came since it was last asked, and whether the connection is a new one.
    public func drain() -> (updates: [BrokerOrder], isReconnected: Bool) {
        inbox.withLock { inbox in
            defer { (inbox.updates, inbox.isReconnected) = ([], false) }
            return (inbox.updates, inbox.isReconnected)
        }
    }

    /// What could not be read, or went wrong, since it was last asked.
    public func complaints() -> [String] {
        inbox.withLock { inbox in
            defer { inbox.complaints = [] }
            return inbox.complaints
        }
    }

    /// Ends the connection for good.
    public func close() {
        let channel = inbox.withLock { inbox in
            inbox.isClosed = true
            return inbox.channel
        }
        channel?.close(promise: nil)
    }

    private func connect() {
        guard !inbox.withLock({ $0.isClosed }) else { return }
        let made = ClientBootstrap(group: loop).connectTimeout(.seconds(10))
            .channelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }.connect(host: host, port: port)
        made.whenComplete { [self] result in
            switch result {
            case .success(let channel):
                inbox.withLock { $0.channel = channel }
                channel.closeFuture.whenComplete { [self] _ in again("the connection ended") }
            case .failure(let error): again("\(error)")
            }
        }
    }

    private func again(_ complaint: String) {
        inbox.withLock { inbox in
            inbox.isListening = false
            inbox.channel = nil
            if inbox.complaints.count < 100 { inbox.complaints.append(complaint) }
        }
        _ = loop.scheduleTask(in: wait) { [self] in connect() }
    }

    private func prepare(_ channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        if isSecure {
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: host))
        }
        let upgrader = NIOWebSocketClientUpgrader(maxFrameSize: AlpacaSocket.limit) {
            [self] channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    // One that is dead without a word is pinged, and ended unless it answers.
                    IdleStateHandler(readTimeout: .seconds(60), writeTimeout: .seconds(20)),
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: 64,
                        maxAccumulatedFrameSize: AlpacaSocket.limit),
                    FrameHandler(self, credentials),
                ])
            }
        }
        let opening = OpeningHandler(host: isSecure ? host : "\(host):\(port)")
        let removable = NIOLoopBound(opening, eventLoop: channel.eventLoop)
        try pipeline.addHTTPClientHandlers(
            withClientUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(removable.value, promise: nil)
                }
            ))
        try pipeline.addHandler(opening)
    }
}

/// Asks for the WebSocket as soon as there is a connection.
private final class OpeningHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let host: String

    init(host: String) {
        self.host = host
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/stream")
        head.headers.add(name: "Host", value: host)
        head.headers.add(name: "Content-Length", value: "0")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // An answer that is no upgrade: there is no stream here.
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// Frames in and out, through the state machine of the stream.
private final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let socket: AlpacaSocket
    private let credentials: AlpacaCredentials
    private var stream = AlpacaStream()

    init(_ socket: AlpacaSocket, _ credentials: AlpacaCredentials) {
        (self.socket, self.credentials) = (socket, credentials)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        send(stream.connect(credentials), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary: take(Array(frame.unmaskedData.readableBytesView), context)
        case .ping:
            let pong = WebSocketFrame(
                fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose: context.close(promise: nil)
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? IdleStateHandler.IdleStateEvent {
        case .write:
            let ping = WebSocketFrame(
                fin: true, opcode: .ping, maskKey: .random(),
                data: context.channel.allocator.buffer(capacity: 0))
            context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
        case .read: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func take(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        switch stream.take(bytes) {
        case .none: break
        case .send(let text): send(text, context)
        case .listening:
            socket.inbox.withLock { ($0.isListening, $0.isReconnected) = (true, true) }
        case .update(let order): socket.inbox.withLock { $0.updates.append(order) }
        case .refused:
            socket.inbox.withLock { $0.complaints.append("the keys were refused") }
            context.close(promise: nil)
        case .unreadable(let text): socket.inbox.withLock { $0.complaints.append(text) }
        }
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(
            fin: true, opcode: .text, maskKey: .random(),
            data: context.channel.allocator.buffer(string: text))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        socket.inbox.withLock { $0.complaints.append("\(error)") }
        context.close(promise: nil)
    }
}
