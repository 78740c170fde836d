import Audit
import EventLog
import Events
import FeedbackLoop
import Pipeline
import TestKit
import TestWorlds

/// A small world in which the loop trains, and what it recorded there.
struct LearnedWorld {
    /// The facts, in order of knowledge.
    let facts: [[UInt8]]
    /// The sessions.
    let days: [Day]
    /// The run's events, without a plant.
    let events: [[UInt8]]
    /// The loop as it began.
    let loop: LoopStrategy
    private let folder = TemporaryFolder()

    /// The one that plants share: every model is promoted.
    static let shared: Result<LearnedWorld, any Error> = Result { try LearnedWorld(gate: "always") }
    /// One in which the gate decides, and models speak as candidates.
    static let gated: Result<LearnedWorld, any Error> = Result { try LearnedWorld(gate: "rule") }

    /// One whose trainer fails from its sixteenth model on, so that a champion stays long enough to
    /// be calibrated.
    static let lasting: Result<LearnedWorld, any Error> = Result {
        try LearnedWorld(gate: "always", trainer: StumpTrainer(failing: 15..<10_000))
    }

    private init(gate: String, trainer: StumpTrainer = StumpTrainer()) throws {
        let world = SmallWorld(sessions: 420)
        (facts, days) = (world.facts, world.days)
        loop = try SmallWorld.strategy(
            SmallWorld.learning + ["gate=\(gate)", "calibration_rows=5", "label_return=net"])
        _ = try SmallWorld.log(facts, kind: .timeline, at: "\(folder.path)/timeline")
        events = try LearnedWorld.make(loop, trainer, folder: folder)
    }

    /// The timeline.
    var timeline: EventLog { get throws { try EventLog.open(at: "\(folder.path)/timeline") } }

    /// What a strategy records in this world.
    func record(_ strategy: some Strategy) throws -> [[UInt8]] {
        let own = TemporaryFolder()
        _ = try Run.make(
            strategy, timeline: try timeline, at: "\(own.path)/run", trainer: StumpTrainer())
        return try LearnedWorld.read(try EventLog.open(at: "\(own.path)/run"))
    }

    private static func make(
        _ loop: LoopStrategy, _ trainer: StumpTrainer, folder: TemporaryFolder
    ) throws -> [[UInt8]] {
        _ = try Run.make(
            loop, timeline: try EventLog.open(at: "\(folder.path)/timeline"),
            at: "\(folder.path)/run", trainer: trainer)
        return try read(try EventLog.open(at: "\(folder.path)/run"))
    }

    private static func read(_ log: EventLog) throws -> [[UInt8]] {
        var events: [[UInt8]] = []
        try log.read { record in
            events.append(record.message.withUnsafeBytes { Array($0) })
            return .proceed
        }
        return events
    }

    /// What the inspection of causes says of events.
    func causality(_ events: [[UInt8]]) throws -> Causality.Report {
        let own = TemporaryFolder()
        return try Causality.check(
            run: try SmallWorld.log(events, kind: .run, at: "\(own.path)/run"),
            timeline: try timeline, configuration: loop.configuration)
    }

    /// What deciding again says of events.
    func reproduction(_ events: [[UInt8]]) throws -> Reproduction.Report {
        let own = TemporaryFolder()
        return try Reproduction.check(
            loop, run: try SmallWorld.log(events, kind: .run, at: "\(own.path)/run"),
            timeline: try timeline, trainer: StumpTrainer())
    }

    /// The session that lies so many after another.
    func session(_ day: Day, _ count: Int) -> Day {
        let place = days.firstIndex { $0 >= day } ?? 0
        return days[min(max(place + count, 0), days.count - 1)]
    }
}
