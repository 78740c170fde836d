public import AlpacaExchange
import AlpacaStub
import Brokerage
import Events
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// The stub on a port of this machine: the routes over HTTP, the updates over a WebSocket at
/// `/stream`, and what a test does to the exchange at `/stub/…`. It listens on loopback alone.
public final class StubServer: Sendable {
    /// The broker behind it.
    public let stub: StubBroker
    /// Its port.
    public let port: Int
    private let channel: any Channel
    let listeners: Listeners

    /// The sockets that listen to updates.
    final class Listeners: Sendable {
        private let channels = Mutex<[any Channel]>([])

        func add(_ channel: any Channel) { channels.withLock { $0.append(channel) } }

        func remove(_ channel: any Channel) {
            channels.withLock { all in all.removeAll { $0 === channel } }
        }

        /// Sends what the stream has to whoever listens.
        func tell(_ stub: StubBroker) {
            let all = channels.withLock { $0 }
            // Without a listener the updates wait; a connection that ends loses them.
            guard !all.isEmpty else { return }
            for update in stub.with({ $0.stream().updates }) {
                let text = AlpacaJSON.update(update)
                // Binary, as the paper host sends them.
                for channel in all {
                    channel.writeAndFlush(frame(.binary, text, channel), promise: nil)
                }
            }
        }

        /// Ends all connections.
        func cut() {
            for channel in channels.withLock({ $0 }) { channel.close(promise: nil) }
        }
    }

    private init(
        _ stub: StubBroker, _ channel: any Channel, _ port: Int, _ listeners: Listeners
    ) {
        (self.stub, self.channel, self.port) = (stub, channel, port)
        self.listeners = listeners
    }

    /// Listens on a port; 0 takes any that is free.
    public static func start(_ stub: StubBroker, port: Int = 0) throws -> StubServer {
        let listeners = Listeners()
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: 1 << 20,
            shouldUpgrade: { channel, head in
                channel.eventLoop.makeSucceededFuture(head.uri == "/stream" ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(stub, listeners))
                }
            })
        let channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = RequestHandler(stub, listeners)
                    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: { context in
                                context.pipeline.syncOperations.removeHandler(
                                    bound.value, promise: nil)
                            }
                        ))
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }.bind(host: "127.0.0.1", port: port).wait()
        return StubServer(stub, channel, channel.localAddress?.port ?? 0, listeners)
    }

    /// Sends updates of what happened since, and waits for no answer.
    public func tell() { listeners.tell(stub) }

    /// Ends the connections of the stream, and loses what they had not sent.
    public func cut() {
        stub.with { $0.disconnect() }
        listeners.cut()
    }

    /// Listens no more.
    public func stop() throws {
        listeners.cut()
        try channel.close().wait()
    }

    /// Waits until it is stopped.
    public func wait() throws { try channel.closeFuture.wait() }
}

/// A frame with a text.
func frame(_ opcode: WebSocketOpcode, _ text: String, _ channel: any Channel) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: opcode, data: channel.allocator.buffer(string: text))
}
