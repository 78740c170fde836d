import Foundation
import TestKit
import Testing

/// Projectors as processes, looked after by `recount up`, as a user runs it.
@Suite("Projectors that are looked after", .timeLimit(.minutes(10)))
struct UpCommandTests {
    private let folder = TemporaryFolder()

    private func shell(_ script: String) throws -> (output: String, status: Int32) {
        try Shell.run(script, in: folder.path)
    }

    private func made() throws {
        let made = try shell(
            """
            set -e
            $R simulate --seed 3 --years 2 --tickers 10 --out w
            $R ingest prices w/prices.csv --data d
            """)
        #expect(made.status == 0, "\(made.output)")
    }

    private var metrics: String {
        (try? String(contentsOfFile: "\(folder.path)/d/views/recount.prom", encoding: .utf8)) ?? ""
    }

    /// Waits until the metrics are as wanted.
    private func wait(_ isSo: (String) -> Bool) -> Bool {
        for _ in 0..<1_200 {
            if isSo(metrics) { return true }
            usleep(50_000)
        }
        return false
    }

    /// The numbers of the projectors' processes.
    private func children(of supervisor: Peer) throws -> [Int32] {
        let text = try String(
            contentsOfFile: "/proc/\(supervisor.number)/task/\(supervisor.number)/children",
            encoding: .utf8)
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    private func values(_ name: String, _ text: String) -> [Double] {
        text.split(separator: "\n").filter { $0.hasPrefix("recount_\(name){") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    }

    @Test("all follow the log, one that is killed starts again, and a signal ends all in order")
    func supervised() throws {
        try made()
        let supervisor = try Peer(["up", "--data", "d"], program: "recount", folder: folder.path)
        let caughtUp: (String) -> Bool = { text in
            let lags = values("projector_lag_events", text)
            return !lags.isEmpty && lags.allSatisfy { $0 == 0 }
                && (values("log_events", text).first ?? 0) > 0
        }
        #expect(wait(caughtUp), "\(metrics)")
        let before = try #require(values("log_events", metrics).first)
        #expect(try shell("$R ingest disclosures w/disclosures_congress.csv --data d").status == 0)
        #expect(wait { caughtUp($0) && values("log_events", $0).first ?? 0 > before }, "\(metrics)")
        #expect(try shell("$R up --data d").status == 75, "one supervisor a folder")
        let child = try #require(try children(of: supervisor).first)
        kill(child, SIGKILL)
        #expect(wait { values("projector_restarts_total", $0).contains(1) }, "\(metrics)")
        #expect(wait { values("projector_running", $0).allSatisfy { $0 == 1 } }, "\(metrics)")
        let all = try children(of: supervisor)
        kill(supervisor.number, SIGTERM)
        #expect(supervisor.finish().status == 0)
        for number in all { #expect(kill(number, 0) != 0, "process \(number) is left over") }
        #expect(values("projector_running", metrics).allSatisfy { $0 == 0 })
        let checked = try shell("$R project all --check --data d && $R verify --chain --data d")
        #expect(checked.status == 0 && !checked.output.contains("BROKEN"), "\(checked.output)")
    }

    @Test("whoever kills the supervisor kills what it started, and the next one begins there")
    func killed() throws {
        try made()
        let supervisor = try Peer(["up", "--data", "d"], program: "recount", folder: folder.path)
        #expect(wait { !values("projector_lag_events", $0).isEmpty })
        let all = try children(of: supervisor)
        #expect(!all.isEmpty)
        kill(supervisor.number, SIGKILL)
        supervisor.finish()
        for number in all {
            var tries = 0
            while kill(number, 0) == 0, tries < 200 {
                usleep(50_000)
                tries += 1
            }
            #expect(kill(number, 0) != 0, "process \(number) is left over")
        }
        #expect(try shell("$R project all --data d").status == 0)
    }

    @Test("a view's row that somebody changed is named, with its event, by verify and by drift")
    func changedRow() throws {
        try made()
        let made = try shell(
            """
            set -e
            $R ingest disclosures w/disclosures_congress.csv --data d
            $R project disclosures --data d; cp -r d/views/data kept
            python3 -c "import sqlite3
            c = sqlite3.connect('d/views/data/disclosures.sqlite')
            c.execute('UPDATE disclosures SET ticker = ? WHERE position = '
                '(SELECT max(position) FROM disclosures)', ('FORGED',))
            c.commit()"
            """)
        #expect(made.status == 0, "\(made.output)")
        #expect(try shell("$R project disclosures --check --data d").status == 65)
        let chain = try shell("$R verify --chain --data d")
        #expect(chain.status == 65 && chain.output.contains("ticker FORGED and"), "\(chain.output)")
        let drift = try shell("$R drift kept d/views/data --data d")
        #expect(drift.status == 65 && drift.output.contains("part at position"), "\(drift.output)")
        #expect(drift.output.contains("kept has what the log gives; 1 rows differ"))
        #expect(
            try shell("$R project disclosures --rebuild --data d").output.contains("NOT those of"))
        #expect(try shell("$R drift kept d/views/data --data d").status == 0)
        #expect(try shell("$R project disclosures --rollback --data d").status == 0)
        #expect(try shell("$R project disclosures --check --data d").status == 65)
        #expect(try shell("$R project disclosures --resume --data d").status == 64)
    }
}
