import EventLog
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import Service
@testable import ServiceHTTP

/// The body and status of an answer, asked for by bytes: no client writes another Host.
private func ask(_ port: Int, _ path: String, host: String?, method: String = "GET") throws
    -> (status: Int, head: String, body: String)
{
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isOpen = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
    try #require(isOpen)
    let head = host.map { "Host: \($0)\r\n" } ?? ""
    let bytes = Array("\(method) \(path) HTTP/1.1\r\n\(head)Connection: close\r\n\r\n".utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { break }
        answer += chunk[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
    let status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0
    return (status, parts.first ?? "", parts.count > 1 ? parts[1] : "")
}

@Suite("The server", .serialized)
struct ServerTests {
    private let folder = TemporaryFolder()

    /// Runs a server while `body` asks it.
    private func serve(
        _ probe: DaemonProbe, _ registry: PrometheusRegistry,
        _ body: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let port = Mutex(0)
        let endpoints = ServiceEndpoints(
            probe, registry, run: "live", in: .init(folder.path))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = ServiceServer(endpoints, at: .init(port: 0), logger: logger) { found in
            port.withLock { $0 = found }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        let running = Task { try await group.run() }
        for _ in 0..<500 where port.withLock({ $0 }) == 0 {
            try await Task.sleep(for: .milliseconds(10))
        }
        let found = port.withLock { $0 }
        let asked = Result { try body(found) }
        await group.triggerGracefulShutdown()
        try await running.value
        try asked.get()
    }

    @Test("health, readiness and metrics are answered, and nothing else")
    func answers() async throws {
        let registry = PrometheusRegistry()
        let probe = DaemonProbe(ServiceMetrics(registry))
        probe.metrics.ran()
        try await serve(probe, registry) { port in
            let health = try ask(port, "/healthz", host: "127.0.0.1:\(port)")
            #expect(health.status == 200 && health.body.contains("\"alive\":true"))
            let early = try ask(port, "/readyz", host: "localhost")
            #expect(early.status == 503 && early.body.contains("the run is not open yet"))
            probe.pulse.beat()
            probe.set("idle", "the next session", isOpen: true)
            let ready = try ask(port, "/readyz", host: "localhost:\(port)")
            #expect(ready.status == 200 && ready.head.contains("application/json"))
            probe.set("clock", "the clock was set")
            let held = try ask(port, "/readyz", host: "localhost")
            #expect(held.status == 503 && held.body.contains("the clock was set"))
            let metrics = try ask(port, "/metrics", host: "127.0.0.1")
            #expect(metrics.status == 200 && metrics.head.contains("text/plain; version=0.0.4"))
            #expect(metrics.body.contains("\nrecountd_instants_total 1\n"))
            #expect(metrics.body.contains("\nprocess_open_fds "))
            #expect(try ask(port, "/", host: "127.0.0.1").status == 404)
            #expect(try ask(port, "/metrics", host: "127.0.0.1", method: "POST").status != 200)
        }
    }

    @Test(
        "a Host that is not this machine's is refused: a name of the web that leads here",
        arguments: [
            "example.org", "127.0.0.1.example.org", "localhost.example.org:80", "127.0.0.1:",
            "127.0.0.1:80@example.org", "10.0.0.1",
        ])
    func hosts(host: String) async throws {
        let registry = PrometheusRegistry()
        try await serve(DaemonProbe(ServiceMetrics(registry)), registry) { port in
            for path in ["/metrics", "/healthz", "/readyz", "/nothing"] {
                let status = try ask(port, path, host: host).status
                #expect([400, 403].contains(status), "\(path)")
            }
        }
    }

    @Test("without a Host, and with another address's, nothing is shown")
    func noHost() async throws {
        let registry = PrometheusRegistry()
        try await serve(DaemonProbe(ServiceMetrics(registry)), registry) { port in
            let (none, here) = (
                try ask(port, "/metrics", host: nil).status,
                try ask(port, "/metrics", host: "[::1]:9").status
            )
            #expect([400, 403].contains(none) && here == 200)
        }
    }

    @Test("a port that somebody else has is logged, and nothing ends")
    func taken() async throws {
        let registry = PrometheusRegistry()
        let probe = DaemonProbe(ServiceMetrics(registry))
        let folder = folder.path
        try await serve(probe, registry) { port in
            let lines = Mutex<[String]>([])
            let isOver = Mutex(false)
            let keeper = Keeper(keep: { text in lines.withLock { $0.append(text) } })
            let second = ServiceServer(
                ServiceEndpoints(probe, registry, run: "live", in: .init(folder)),
                at: .init(port: port),
                logger: Logger(label: "test") { _ in keeper })
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [second],
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
            Task {
                try? await group.run()
                isOver.withLock { $0 = true }
            }
            for _ in 0..<500 where lines.withLock({ $0.isEmpty }) { usleep(10_000) }
            #expect(lines.withLock { $0 }.first?.contains("the loop goes on") ?? false)
            #expect(!isOver.withLock { $0 })
            Task { await group.triggerGracefulShutdown() }
            for _ in 0..<500 where !isOver.withLock({ $0 }) { usleep(10_000) }
            #expect(isOver.withLock { $0 })
        }
    }

    /// Keeps log lines.
    private struct Keeper: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info
        let keep: @Sendable (String) -> Void
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { keep("\(event.message)") }
    }
}
