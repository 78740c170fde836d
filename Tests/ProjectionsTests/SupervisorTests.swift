import Foundation
import GRDB
import TestKit
import Testing

@testable import EventLog
@testable import Projections

@Suite("The supervisor of projectors")
struct SupervisorTests {
    private let folder = TemporaryFolder()

    @Test(
        "a process that ends again and again waits longer each time, up to a bound, then from the start"
    )
    func backOff() {
        var policy = RestartPolicy()
        #expect((0..<9).map { _ in policy.delay(after: 1) } == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30])
        for _ in 0..<100 { #expect(policy.delay(after: 1) == 30) }
        #expect(policy.delay(after: 60) == 0.25, "it had run well")
        #expect(policy.delay(after: 59.9) == 0.5)
    }

    /// Looks until something happens.
    private func happening(_ projector: SupervisedProjector, at now: Double, _ script: String)
        -> String
    {
        while true {
            let text = projector.look(at: now) { _ in
                try RunningProcess("/bin/sh", ["-c", script])
            }
            if let text { return text }
            usleep(1_000)
        }
    }

    @Test("a kill and a busy lock are started again; what a start again does not mend is not")
    func states() throws {
        let views = ReadModelFolder(path: folder.path)
        for (script, reason) in [
            ("kill -9 $$", "was ended by signal 9"), ("exit 75", "ended with status 75"),
            ("exit 0", "ended with status 0"), ("exit 66", "ended with status 66"),
        ] {
            let projector = SupervisedProjector("signals", run: nil, folder: views)
            #expect(
                happening(projector, at: 5, script)
                    == "data/signals: \(reason); starts again in 0.25 s")
            #expect(projector.state == .waiting(until: 5.25) && projector.errors == 1)
            #expect(projector.look(at: 5.2) { _ in throw CancellationError() } == nil, "not yet")
            #expect(happening(projector, at: 5.3, script).contains("in 0.5 s"))
            #expect(projector.restarts == 1 && projector.errors == 2)
        }
        for status in [64, 65] {
            let projector = SupervisedProjector("signals", run: "one", folder: views)
            let text = happening(projector, at: 0, "exit \(status)")
            #expect(text == "one/signals: STOPPED: ended with status \(status)")
            #expect(projector.look(at: 1_000) { _ in throw CancellationError() } == nil)
            #expect(projector.hasEnded())
        }
    }

    @Test("one that an event stopped says why, and goes on once somebody has resumed it")
    func resumed() throws {
        let log = try DataFixture(count: 200)
        _ = try log.group().project(rebuild: false)
        let views = ReadModelFolder(path: "\(log.data.path)/views/data")
        func note(_ error: String) throws {
            let queue = try DatabaseQueue(path: views.link("disclosures"))
            try queue.write {
                try $0.execute(sql: "UPDATE recount_checkpoint SET error = \(error)")
            }
            try queue.close()
        }
        try note("'poison at 7'")
        let projector = SupervisedProjector("disclosures", run: nil, folder: views)
        #expect(happening(projector, at: 0, "exit 65") == "data/disclosures: STOPPED: poison at 7")
        #expect(projector.look(at: 9) { _ in throw CancellationError() } == nil)
        #expect(projector.state == .stopped("poison at 7"))
        try note("NULL")
        #expect(
            projector.look(at: 10) { _ in throw CancellationError() }
                == "data/disclosures: goes on")
        #expect(projector.state == .waiting(until: 10))
    }

    @Test("one that cannot be started is tried again, and one that is asked to end ends")
    func starting() throws {
        let projector = SupervisedProjector(
            "signals", run: nil, folder: ReadModelFolder(path: folder.path))
        let text = projector.look(at: 0) { _ in try RunningProcess("/no/such/program", []) }
        #expect(text?.contains("could not be started") == true)
        #expect(projector.look(at: 1) { _ in try RunningProcess("/bin/sleep", ["600"]) } == nil)
        #expect(projector.state == .running(since: 1) && projector.number != nil)
        projector.signal(SIGTERM)
        while !projector.hasEnded() { usleep(1_000) }
        #expect(projector.state == .ended)
        projector.signal(SIGTERM)
    }

    @Test("one supervises a folder at a time")
    func lock() throws {
        let data = DataFolder(folder.path)
        let views = ReadModelFolder(path: "\(folder.path)/views")
        let lock = try ProjectorLock(views, "up")
        let supervisor = Supervisor(data, runs: [nil], arguments: { _, _ in [] }, tell: { _ in })
        #expect(throws: ReadModelError.self) { try supervisor.run { false } }
        lock.release()
        try supervisor.run { false }
        let text = try String(contentsOfFile: Supervisor.metricsPath(data), encoding: .utf8)
        #expect(text.contains("recount_projector_running{view=\"data\",projection=\"signals\"} 0"))
    }

    @Test(
        "the metrics are in Prometheus's text format, each with its help and type, labels escaped")
    func metrics() {
        let row = ProjectorMetrics.Row(
            view: "one", projection: "signals", status: nil, end: 12,
            state: .stopped("a \"word\"\nand \\"), restarts: 3, errors: 4)
        var other = row
        (other.projection, other.end, other.state) = ("portfolio", nil, .running(since: 0))
        let lines = ProjectorMetrics.text([row, other]).split(separator: "\n").map(String.init)
        #expect(lines.contains("recount_log_events{view=\"one\"} 12"))
        #expect(lines.filter { $0.hasPrefix("recount_log_events") }.count == 1)
        #expect(
            lines.contains("recount_projector_lag_events{view=\"one\",projection=\"signals\"} 12"))
        #expect(lines.contains("recount_projector_stopped{view=\"one\",projection=\"signals\"} 1"))
        #expect(
            lines.contains("recount_projector_running{view=\"one\",projection=\"portfolio\"} 1"))
        #expect(
            lines.contains(
                "recount_projector_restarts_total{view=\"one\",projection=\"signals\"} 3"))
        #expect(lines.contains { $0.contains("error=\"a \\\"word\\\"\\nand \\\\\"") })
        for line in lines where !line.hasPrefix("#") {
            let isLine =
                line.wholeMatch(
                    of: /[a-z_]+\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\} [0-9.]+/)
                != nil
            #expect(isLine, "\(line)")
        }
    }
}
