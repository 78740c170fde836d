import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Pipeline
import TestWorlds

/// `live-proof simulated`
struct SimulatedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulated",
        abstract: "A quarter at the simulated market, its daemon killed.",
        discussion: """
            Files come through the inbox, a day's bars in one to five between 21:05 and 01:55. At the \
            end every decision must equal that of a backtest over the same facts. With --faults files \
            come late, sessions are missed, bars are corrected and the clock is set: then the run must \
            be decided again to the byte, and nothing may have been known too late or too early.

            Example: live-proof simulated --seed 1 --kills 500
            """)

    @OptionGroup var options: ProofOptions
    @Flag(help: "Files late and corrected, sessions missed, the clock set.") var faults = false

    func run() throws {
        let world = try FileWorld(
            seed: options.seed, sessions: options.sessions, history: 60)
        if faults {
            world.delay(files: 0.1, sessions: 0.08, by: 3_600...400_000)
            world.correct(0.05)
        }
        let proof = try ProofRun(
            world, options, arguments: [], jumps: faults, next: { world.step($0) })
        try proof.run { ProofText.progress($0) }
        ProofText.end(proof)
        let strategy = try SmallWorld.strategy()
        let live = try world.data.openRun("live")
        if !faults { try compare(live, strategy, world) }
        try ProofAudit.decideAgain(live, strategy.configuration)
    }

    /// Holds each decision against a backtest's.
    private func compare(_ live: OpenedRun, _ strategy: LoopStrategy, _ world: FileWorld) throws {
        let found = try Divergence.search(
            live.merged, try world.backtest(strategy, beside: live).merged)
        // The live run has no end: what the backtest has behind it is no difference.
        if let parting = found.parting, parting.left != nil {
            throw ProofFailure(
                "behind \(found.equal) equal decisions: \(parting.instant) "
                    + "\(parting.left?.type ?? "") \(parting.fields)")
        }
        print("\(found.equal) decisions equal a backtest's, key and value")
    }
}
