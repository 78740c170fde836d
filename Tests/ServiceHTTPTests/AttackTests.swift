import API
import Application
import EventLog
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestKit
import Testing

@testable import Service
@testable import ServiceHTTP

/// What comes back for raw bytes on a connection: no client sends such.
private func raw(_ port: Int, _ parts: [(text: String, pause: UInt32)], wait: Int = 5) throws
    -> String
{
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var limit = timeval(tv_sec: wait, tv_usec: 0)
    setsockopt(
        descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let isOpen = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
    try #require(isOpen)
    for part in parts {
        let bytes = Array(part.text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        usleep(part.pause)
    }
    var answer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { break }
        answer += chunk[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
}

@Suite("Attacks on the server", .serialized)
struct AttackTests {
    private let folder = TemporaryFolder()

    private func serve(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
        let port = Mutex(0)
        let probe = DaemonProbe()
        let data = DataFolder(folder.path)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = ServiceServer(
            ServiceEndpoints(probe, PrometheusRegistry(), run: "live", in: data),
            api: APIService(Workspace(data)), at: .init(port: 0), logger: logger
        ) { found in
            port.withLock { $0 = found }
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while port.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(5)) }
            let found = port.withLock { $0 }
            try await withCheckedThrowingContinuation {
                (done: CheckedContinuation<Void, any Error>) in
                Thread { done.resume(with: Result { try body(found) }) }.start()
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("the API answers on the socket, with its security headers, and by this machine's name")
    func answers() async throws {
        try await serve { port in
            let head = "Host: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
            // Beside tests that hold every thread an answer takes its time.
            let page = try raw(port, [("GET / HTTP/1.1\r\n\(head)", 0)], wait: 120)
            #expect(page.hasPrefix("HTTP/1.1 200") && page.contains("<h1>Recount</h1>"))
            #expect(page.lowercased().contains("content-security-policy: default-src 'none'"))
            let evil = try raw(
                port, [("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 0)],
                wait: 120)
            #expect(evil.hasPrefix("HTTP/1.1 421"))
        }
    }

    @Test("one request is never taken for two: request smuggling")
    func smuggling() async throws {
        try await serve { port in
            let host = "Host: 127.0.0.1\r\n"
            let hidden = "GET /style.css HTTP/1.1\r\n\(host)\r\n"
            for head in [
                // Two lengths, a length beside chunks, a length that is none.
                "Content-Length: 0\r\nContent-Length: \(hidden.utf8.count)\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                "Content-Length: +0\r\n", "Content-Length: 0x0\r\n",
                "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding : chunked\r\n",
            ] {
                let answer = try raw(
                    port,
                    [("POST /ml/signal HTTP/1.1\r\n\(host)\(head)\r\n0\r\n\r\n\(hidden)", 0)],
                    wait: 2)
                let answers = answer.components(separatedBy: "HTTP/1.1 ").count - 1
                #expect(!answer.contains("color-scheme"), "\(head)\(answer.prefix(400))")
                #expect(answers <= 1, "\(head)\(answer.prefix(600))")
            }
        }
    }

    @Test("a body that is too long is refused, also in chunks; a head too")
    func oversized() async throws {
        try await serve { port in
            let host = "Host: 127.0.0.1\r\nConnection: close\r\n"
            let long = try raw(
                port,
                [("POST /ml/signal HTTP/1.1\r\n\(host)Content-Length: 9000000\r\n\r\n", 0)],
                wait: 3)
            #expect(long.hasPrefix("HTTP/1.1 413"), "\(long.prefix(200))")
            let chunk = "20000\r\n" + String(repeating: "x", count: 0x20000) + "\r\n"
            let chunks = try raw(
                port,
                [
                    (
                        "POST /ml/signal HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n",
                        1_000
                    )
                ] + (0..<12).map { _ in (chunk, 1_000) } + [("0\r\n\r\n", 0)], wait: 3)
            #expect(chunks.isEmpty || chunks.hasPrefix("HTTP/1.1 413"), "\(chunks.prefix(200))")
            let head = String(
                repeating: "X-A: \(String(repeating: "a", count: 1_000))\r\n", count: 50)
            let heads = try raw(port, [("GET / HTTP/1.1\r\n\(host)\(head)\r\n", 0)], wait: 3)
            #expect(!heads.hasPrefix("HTTP/1.1 200"), "\(heads.prefix(200))")
        }
    }

    @Test("whoever sends slowly holds up himself alone, and not for long")
    func slow() async throws {
        try await serve { port in
            let host = "Host: 127.0.0.1\r\n"
            let done = DispatchGroup()
            for _ in 0..<40 {
                done.enter()
                // Threads of their own: those of the pool are the server's too.
                Thread.detachNewThread {
                    defer { done.leave() }
                    _ = try? raw(
                        port,
                        [("POST /ml/signal HTTP/1.1\r\n\(host)Content-Length: 100\r\n\r\n{", 0)],
                        wait: 20)
                }
            }
            usleep(300_000)
            let start = ProcessInfo.processInfo.systemUptime
            let quick = try raw(
                port, [("GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", 0)])
            #expect(quick.hasPrefix("HTTP/1.1 200"))
            done.wait()
            #expect(ProcessInfo.processInfo.systemUptime - start < 19)
        }
    }
}
