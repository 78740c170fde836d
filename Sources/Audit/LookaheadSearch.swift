import Dispatch
import Events
public import FeedbackLoop
public import Learning
import Pipeline
import Synchronization

/// Checks a run for look-ahead at many cuts, several at a time.
public struct LookaheadSearch: Sendable {
    /// What the cuts came to.
    public struct Report: Sendable {
        /// Cuts that were checked.
        public var cuts = 0
        /// Decisions that were compared, all cuts together.
        public var compared: UInt64 = 0
        /// The finding of the earliest cut in the list that has one.
        public var finding: PrefixInvariance.Finding?

        /// Whether no decision depends on what came after it.
        public var isSound: Bool { finding == nil }
    }

    /// What the run recorded.
    public var recorded: RecordedRun
    /// The facts it read.
    public var tape: FactTape
    /// The sessions in which it decided.
    public var window: ReplayWindow
    /// Answers trainings, from a store where they were done before.
    public var trainer: (any Trainer)?
    /// Cuts checked at a time.
    public var threads = 1

    /// A search over a run.
    public init(
        recorded: RecordedRun, tape: FactTape, window: ReplayWindow = ReplayWindow(),
        trainer: (any Trainer)? = nil
    ) {
        (self.recorded, self.tape, self.window) = (recorded, tape, window)
        self.trainer = trainer
    }

    /// What one thread does, and what all of them came to.
    private struct Progress {
        var next = 0
        var found = Int.max
        var report = Report()
        var failure: (any Error)?
    }

    /// Replays the run once for each cut; no further cut is begun when one has a finding.
    ///
    /// `strategy` is made for each cut from the facts as that replay reads them. `progress` is told
    /// the number of cuts that are done, on any of the threads.
    public func check<S: Strategy>(
        _ cuts: [RandomCuts.Cut], progress: @Sendable (Int) -> Void = { _ in },
        strategy: @Sendable (ScrambledFacts) throws -> S
    ) throws -> Report {
        let shared = Mutex(Progress())
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { _ in
            while let place = shared.withLock({ Self.take(cuts.count, &$0) }) {
                let found = Result {
                    try PrefixInvariance.check(
                        recorded: recorded, tape: tape, cut: cuts[place].instant, window: window,
                        seed: cuts[place].seed, trainer: trainer, strategy: strategy)
                }
                progress(shared.withLock { Self.note(found, place, &$0) })
            }
        }
        let end = shared.withLock { ($0.report, $0.failure) }
        if let failure = end.1 { throw failure }
        return end.0
    }

    /// The next cut to check; nil when there is none, or a thread found something.
    private static func take(_ count: Int, _ shared: inout Progress) -> Int? {
        guard shared.next < count, shared.found == .max, shared.failure == nil else { return nil }
        shared.next += 1
        return shared.next - 1
    }

    /// Adds what a cut came to; gives the number of cuts that are done.
    private static func note(
        _ found: Result<PrefixInvariance.Finding, any Error>, _ place: Int,
        _ shared: inout Progress
    ) -> Int {
        switch found {
        case .success(let finding):
            shared.report.cuts += 1
            shared.report.compared += finding.compared
            if finding.position != nil, place < shared.found {
                (shared.found, shared.report.finding) = (place, finding)
            }
        case .failure(let error): shared.failure = shared.failure ?? error
        }
        return shared.report.cuts
    }
}
