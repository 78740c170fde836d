import Events
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import Service
@testable import ServiceWebhooks

/// A receiver on loopback that answers each post with a status, or never.
private final class Receiver: Sendable {
    struct Post: Sendable {
        var path: String
        var headers: [String: String]
        var body: [UInt8]
    }

    let posts = Mutex<[Post]>([])
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let receiver: Receiver
        private let status: Int?
        private var post = Post(path: "", headers: [:], body: [])

        init(_ receiver: Receiver, _ status: Int?) {
            (self.receiver, self.status) = (receiver, status)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                post = Post(
                    path: head.uri,
                    headers: Dictionary(head.headers.map { ($0.name, $0.value) }) { $1 }, body: [])
            case .body(let buffer): post.body += Array(buffer.readableBytesView)
            case .end:
                receiver.posts.withLock { $0.append(post) }
                guard let status else { return }
                var headers = HTTPHeaders([("Content-Length", "0")])
                if status == 302 { headers.add(name: "Location", value: "/elsewhere") }
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: status), headers: headers)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }

    func start(_ status: Int?) throws -> Int {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(self, status))
                }
            }
        let bound = try bootstrap.bind(host: "127.0.0.1", port: 0).wait()
        channel.withLock { $0 = bound }
        return bound.localAddress?.port ?? 0
    }

    func stop() throws { try channel.withLock { $0 }?.close().wait() }
}

@Suite("The webhook over a network", .serialized)
struct WebhookTests {
    private let secret: AlertSecret
    private let alert = Alert(
        kind: .halt, source: .data, position: 42, at: Instant("2026-11-27T21:00:00Z")!,
        run: "live", text: "entries are halted: \"a person\" é")

    init() throws { secret = try AlertSecret("a secret of a test", of: "a test") }

    private func webhook(_ port: Int) -> Webhook {
        Webhook("http://127.0.0.1:\(port)/hook?key=1", secret: secret, over: HTTPPost())
    }

    @Test("what arrives is the alert, signed so that Python's hmac agrees")
    func signed() throws {
        let receiver = Receiver()
        let port = try receiver.start(204)
        let now = alert.at.adding(seconds: 3)
        #expect(webhook(port).send(alert, at: now) { false } == .taken)
        try receiver.stop()
        let post = try #require(receiver.posts.withLock { $0.first })
        #expect(post.path == "/hook?key=1")
        #expect(String(decoding: post.body, as: UTF8.self) == alert.json(at: now))
        #expect(post.headers["Recount-Alert-ID"] == "live:data:42")
        let signature = try #require(post.headers["Recount-Signature"])
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = [
            "python3", "-c",
            """
            import hmac, sys
            t, v1 = (part.split("=", 1)[1] for part in sys.argv[1].split(","))
            code = hmac.new(b"a secret of a test", t.encode() + b"." + sys.stdin.buffer.read(),
                            "sha256").hexdigest()
            sys.exit(0 if hmac.compare_digest(code, v1) else 1)
            """, signature,
        ]
        let input = Pipe()
        python.standardInput = input
        try python.run()
        input.fileHandleForWriting.write(Data(post.body))
        try input.fileHandleForWriting.close()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0)
    }

    @Test("a refusal, a redirect and silence are not taken; no redirect is followed")
    func refused() throws {
        for status in [302, 400, 500] {
            let receiver = Receiver()
            let port = try receiver.start(status)
            #expect(
                webhook(port).send(alert, at: alert.at) { false }
                    == .refused("127.0.0.1 answered with status \(status)"))
            try receiver.stop()
            #expect(receiver.posts.withLock { $0.count } == 1)
        }
        let silent = Receiver()
        let port = try silent.start(nil)
        do throws(WebhookFailure) {
            _ = try HTTPPost().post(
                "http://127.0.0.1:\(port)/", headers: [], body: [1], seconds: 1)
            Issue.record("answered by nobody")
        } catch {
            #expect(error.reason == "no answer within 1 s")
        }
        try silent.stop()
        guard case .refused(let reason) = webhook(port).send(alert, at: alert.at, until: { false })
        else {
            Issue.record("taken by nobody")
            return
        }
        #expect(!reason.contains("key=1"), "\(reason)")
    }
}
