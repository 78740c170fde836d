import Events
import Pipeline
import TestKit
import TestWorlds
import Testing

@testable import Projections

@Suite("Read models over what people did")
struct OperatorViewTests {
    @Test("a promotion by hand is active with its reason, a told trade stands apart")
    func views() throws {
        let world = SmallWorld(sessions: 420)
        let quiet = try RunFixture(sessions: 420, acts: [])
        _ = try quiet.project()
        let artefact = try #require(
            try quiet.rows(
                "SELECT artifact_sha256 FROM ml_models WHERE artifact_sha256 IS NOT NULL"
            )
            .first?.first)
        guard case .text(let text) = artefact, let digest = Digest(text) else {
            throw CancellationError()
        }
        func noon(_ session: Int) -> Instant { Instant(world.days[session] + 1, hour: 12) }
        let acted = try RunFixture(
            sessions: 420,
            acts: [
                SmallWorld.trade(
                    "AAPL", .short, gain: -0.5, entered: noon(200), exited: noon(210),
                    recorded: noon(410)),
                SmallWorld.request(.training, at: noon(411)),
                SmallWorld.promotion(digest, at: noon(418)),
                SmallWorld.promotion(Digest(w0: 9, w1: 9, w2: 9, w3: 9), at: noon(419)),
            ])
        let reports = try acted.project()
        #expect(!reports.isEmpty)
        let active = try acted.rows(
            "SELECT artifact_sha256, status_reason FROM ml_models WHERE status = 'active'")
        #expect(active == [[artefact, .text("promoted by ann: it looks right")]])
        let jobs = try acted.rows(
            "SELECT triggered_by, status FROM ml_training_jobs WHERE triggered_by = 'cyd'")
        #expect(jobs == [[.text("cyd"), .text("completed")]])
        let trade = try acted.rows(
            "SELECT ticker, outcome, source FROM signal_outcomes WHERE source = 'recorded'")
        #expect(trade == [[.text("AAPL"), .text("win"), .text("recorded")]])
        let state = "SELECT total_trades, win_rate, cash FROM reference_portfolio_state"
        #expect(try acted.rows(state) == quiet.rows(state))
        let label = try acted.rows(
            "SELECT label FROM training_rows WHERE source = 'outcome' AND ticker = 'AAPL' "
                + "AND return_pct < -35 AND return_pct > -65")
        #expect(label == [[.text("loss")]], "a short that won is a loss of the long side")
    }
}

extension RunFixture {
    /// A run that learns, with acts among its facts.
    fileprivate init(sessions: Int, acts: [any EventMessage]) throws {
        try self.init(
            facts: SmallWorld(sessions: sessions).facts(with: acts),
            settings: SmallWorld.learning + ["gate=both"],
            trainer: StumpTrainer())
    }
}
