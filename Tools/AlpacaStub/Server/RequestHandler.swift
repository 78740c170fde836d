import Alpaca
import AlpacaExchange
import AlpacaStub
import Brokerage
import NIOCore
import NIOHTTP1

/// Requests of one connection, one after the other.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let stub: StubBroker
    private let listeners: StubServer.Listeners
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ stub: StubBroker, _ listeners: StubServer.Listeners) {
        (self.stub, self.listeners) = (stub, listeners)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let part):
            body += part.readableBytesView
            if body.count > 1 << 20 { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = HTTPRequest(
            head.method.rawValue, target: head.uri,
            headers: head.headers.map { HTTPRequest.Field($0.name, $0.value) }, body: body)
        let answer =
            StubControl.answer(request, stub, listeners)
            ?? stub.with { AlpacaRoutes.answer(request, &$0) }
        switch answer {
        case .response(let response): write(response, head, context)
        case .silence: break
        case .dropped: context.close(promise: nil)
        }
        listeners.tell(stub)
    }

    private func write(
        _ response: HTTPResponse, _ request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        var head = HTTPResponseHead(
            version: request.version, status: HTTPResponseStatus(statusCode: response.status))
        for field in response.headers { head.headers.add(name: field.name, value: field.value) }
        if response.status != 204 {
            head.headers.add(name: "Content-Length", value: "\(response.body.count)")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !response.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let isKept = request.isKeepAlive
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !isKept { bound.value.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
