import Alpaca
import CoreMetrics
import EventLog
import Events
import Foundation
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Service

@Suite("Metrics")
struct MetricsTests {
    private func text(_ registry: PrometheusRegistry) -> String {
        var text = PrometheusText()
        registry.write(to: &text)
        return text.text
    }

    @Test("the registry writes counters, gauges and histograms as Prometheus reads them")
    func format() {
        let registry = PrometheusRegistry()
        registry.describe("a_total", "Things,\nby \\ kind.")
        Counter(label: "a_total", dimensions: [("kind", "x\"\\\n")], factory: registry)
            .increment(by: 2)
        Counter(label: "a_total", dimensions: [("kind", "y")], factory: registry).increment()
        Counter(label: "a_total", dimensions: [("kind", "y")], factory: registry).increment()
        Meter(label: "b", factory: registry).set(1.5)
        let timer = CoreMetrics.Timer(label: "c_seconds", factory: registry)
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(700_000_000_000)
        let found = text(registry)
        #expect(
            found.hasPrefix(
                """
                # HELP a_total Things,\\nby \\\\ kind.
                # TYPE a_total counter
                a_total{kind="x\\"\\\\\\n"} 2
                a_total{kind="y"} 2
                # HELP b b.
                # TYPE b gauge
                b 1.5
                # HELP c_seconds c_seconds.
                # TYPE c_seconds histogram
                c_seconds_bucket{le="0.0001"} 0
                c_seconds_bucket{le="0.001"} 0
                c_seconds_bucket{le="0.005"} 1

                """), "\(found)")
        #expect(
            found.hasSuffix(
                """
                c_seconds_bucket{le="600"} 1
                c_seconds_bucket{le="+Inf"} 2
                c_seconds_sum 700.002
                c_seconds_count 2

                """), "\(found)")
    }

    @Test("a name keeps the type that it had first, and the other is measured by nobody")
    func types() {
        let registry = PrometheusRegistry()
        Counter(label: "a", factory: registry).increment()
        Meter(label: "a", factory: registry).set(7)
        Meter(label: "a", dimensions: [("b", "c")], factory: registry).set(7)
        #expect(text(registry) == "# HELP a a.\n# TYPE a counter\na 1\n")
    }

    @Test("what several threads count is lost by none")
    func threads() async {
        let registry = PrometheusRegistry()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        Counter(label: "a", factory: registry).increment()
                        Meter(label: "b", factory: registry).increment(by: 1)
                        CoreMetrics.Timer(label: "c", factory: registry).recordNanoseconds(1)
                    }
                }
            }
        }
        let found = text(registry)
        #expect(found.contains("\na 8000\n") && found.contains("\nb 8000\n"))
        #expect(found.contains("\nc_count 8000\n"))
    }

    @Test("a daemon measures its instants, files, halts, holdings and alerts")
    func daemon() throws {
        let world = try AlertWorld(seed: 61)
        let registry = PrometheusRegistry()
        let probe = DaemonProbe(ServiceMetrics(registry))
        let endpoints = ServiceEndpoints(probe, registry, run: "live", in: world.data)
        #expect(endpoints.readiness().status == 503 && endpoints.health().status == 200)
        _ = try world.halt("a look")
        let sender = ScriptedSender()
        let answered = LatchedAnswers()
        try world.run([sender], probe: probe) {
            answered.take(endpoints)
            return true
        }
        let standing = try #require(try DaemonStanding.read("live", in: world.data))
        let text = endpoints.metrics().body
        func value(_ name: String) -> Double? {
            text.split(separator: "\n").first { $0.hasPrefix("\(name) ") }
                .flatMap { Double($0.dropFirst(name.count + 1)) }
        }
        #expect(value("recountd_instants_total") == Double(standing.instants))
        #expect(
            value("recountd_inbox_files_total{result=\"taken\"}") == Double(standing.files))
        #expect(value("recountd_inbox_files_total{result=\"failed\"}") == 0)
        #expect(value("recountd_halted{cause=\"person\"}") == 1)
        #expect(value("recountd_halted{cause=\"disk\"}") == 0)
        let day = Instant(world.files.last).rawValue / 1_000_000_000
        #expect(value("recountd_last_session_seconds") == Double(day))
        #expect(
            value("recountd_step_seconds_count{kind=\"instant\"}") == Double(standing.instants))
        let ledger = try AlertLedger("live", data: try world.log)
        #expect(
            value("recountd_alerts_total{result=\"delivered\"}") == Double(ledger.entries.count))
        #expect(value("recountd_alerts_waiting") != nil && value("recountd_holdings") != nil)
        #expect((value("process_resident_memory_bytes") ?? 0) > 1_000_000)
        // Each family is said once.
        let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(types).count == types.count)
        #expect(answered.isReady)
        #expect(endpoints.readiness().status == 503, "it has stopped")
    }

    /// Whether a run was ever ready while it was run.
    private final class LatchedAnswers {
        var isReady = false
        func take(_ endpoints: ServiceEndpoints) {
            isReady = isReady || endpoints.readiness().status == 200
        }
    }

    @Test("readiness names clock, custody and failure; a loop that stands still is not healthy")
    func standing() {
        let probe = DaemonProbe()
        let folder = TemporaryFolder()
        let endpoints = ServiceEndpoints(
            probe, PrometheusRegistry(), run: "live", in: .init(folder.path))
        #expect(endpoints.readiness().body.contains("the run is not open yet"))
        probe.pulse.beat()
        for state in ["idle", "waiting", "running"] {
            probe.set(state, "the session", isOpen: true)
            #expect(endpoints.readiness().status == 200 && endpoints.health().status == 200)
        }
        for state in ["clock", "custody", "failed", "stopped"] {
            probe.set(state, "why \(state)")
            let answer = endpoints.readiness()
            #expect(answer.status == 503 && answer.body.contains("\"\(state): why \(state)\""))
            #expect(endpoints.health().status == 200)
        }
        let still = DaemonProbe()
        still.set("running", "x", isOpen: true)
        still.pulse.beat(ago: 61)
        let stuck = ServiceEndpoints(
            still, PrometheusRegistry(), run: "live", in: .init(folder.path))
        #expect(stuck.health().status == 503 && stuck.readiness().status == 503)
        #expect(stuck.readiness().body.contains("no sign for 61 s"))
        // Before a run is open nothing is said by the clock: to open it takes as long as it takes.
        let early = DaemonProbe()
        early.pulse.beat(ago: 3_000)
        let opening = ServiceEndpoints(
            early, PrometheusRegistry(), run: "live", in: .init(folder.path))
        #expect(opening.health().status == 200)
    }

    @Test("what projectors wrote of themselves is added while it is fresh")
    func projectors() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/views", withIntermediateDirectories: true)
        let path = try folder.write("views/recount.prom", "recount_projector_restarts_total 3\n")
        let endpoints = ServiceEndpoints(
            DaemonProbe(), PrometheusRegistry(), run: "live", in: .init(folder.path))
        #expect(endpoints.metrics().body.hasSuffix("\nrecount_projector_restarts_total 3\n"))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -1_000)], ofItemAtPath: path)
        #expect(!endpoints.metrics().body.contains("recount_projector"))
    }

    @Test("a broker's requests are counted by what was answered")
    func broker() throws {
        struct Transport: HTTPTransport {
            var answers: [Int?]
            mutating func send(
                _ request: HTTPRequest
            ) throws(TransportFailure) -> HTTPResponse {
                guard let status = answers.removeFirst() else { throw .timeOut }
                return HTTPResponse(status: status, headers: [], body: [])
            }
        }
        let registry = PrometheusRegistry()
        let metrics = ServiceMetrics(registry)
        var transport = CountedTransport(Transport(answers: [200, 204, 422, nil, 503])) {
            metrics.broker(status: $0)
        }
        for _ in 0..<5 { _ = try? transport.send(HTTPRequest("GET", "/v2/clock")) }
        let found = text(registry)
        for (answer, count) in [("taken", 2), ("refused", 1), ("silent", 1), ("failed", 1)] {
            #expect(
                found.contains("\nrecountd_broker_requests_total{answer=\"\(answer)\"} \(count)\n"))
        }
    }
}
