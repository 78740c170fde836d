import AlpacaExchange
import Brokerage
import Events
import Foundation
import NIOCore
import NIOWebSocket

/// One listener of the stream: its keys first, then its wish for updates.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private struct Message: Decodable {
        struct Content: Decodable {
            let keyId: String?
            let secretKey: String?
            let streams: [String]?
        }

        let action: String
        let data: Content
    }

    private let stub: StubBroker
    private let listeners: StubServer.Listeners
    private var isAuthorised = false

    init(_ stub: StubBroker, _ listeners: StubServer.Listeners) {
        (self.stub, self.listeners) = (stub, listeners)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let received = unwrapInboundIn(data)
        switch received.opcode {
        case .text, .binary: take(Array(received.unmaskedData.readableBytesView), context)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: received.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            let answer = WebSocketFrame(
                fin: true, opcode: .connectionClose, data: received.unmaskedData)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(answer)).whenComplete { _ in
                bound.value.close(promise: nil)
            }
        default: break
        }
    }

    private func take(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let message = try? decoder.decode(Message.self, from: Data(bytes)) else {
            return context.close(promise: nil)
        }
        switch message.action {
        case "authenticate":
            let keys = StubBroker.Keys(
                message.data.keyId ?? "", message.data.secretKey ?? "")
            isAuthorised = stub.with { $0.keys.contains(keys) }
            authorisation("authenticate", context)
        case "listen":
            guard isAuthorised else { return authorisation("listen", context) }
            let isWanted = message.data.streams?.contains("trade_updates") == true
            var content = JSONObject()
            content.json("streams", isWanted ? #"["trade_updates"]"# : "[]")
            send("listening", content, context)
            listeners.remove(context.channel)
            if isWanted { listeners.add(context.channel) }
        default: context.close(promise: nil)
        }
    }

    private func authorisation(_ action: String, _ context: ChannelHandlerContext) {
        var content = JSONObject()
        content.text("status", isAuthorised ? "authorized" : "unauthorized")
        content.text("action", action)
        send("authorization", content, context)
    }

    private func send(_ stream: String, _ content: JSONObject, _ context: ChannelHandlerContext) {
        var message = JSONObject()
        message.text("stream", stream)
        message.json("data", content.text)
        let answer = frame(.binary, message.text, context.channel)
        context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        listeners.remove(context.channel)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
