import Audit
import EventLog
import Events
import Pipeline
import Projections
import TestKit
import TestWorlds

/// A finished run in a folder of a test's own, with its lineage, that is asked why.
struct AskedRun {
    let folder = TemporaryFolder()
    let data: DataFolder
    let lineage: CurrentLineage

    /// One that the tests share: ten tickers, 160 sessions, no models.
    static let small: Result<AskedRun, any Error> = Result {
        try AskedRun(facts: SmallWorld().facts, settings: SmallWorld.settings)
    }

    /// One whose loop trains and promotes every model.
    static let learning: Result<AskedRun, any Error> = Result {
        try AskedRun(
            facts: SmallWorld(sessions: 420).facts,
            settings: SmallWorld.learning + ["gate=always"], trainer: StumpTrainer())
    }

    init(facts: [[UInt8]], settings: [String], trainer: StumpTrainer? = nil) throws {
        (data, _) = try SmallWorld.data(
            facts, at: "\(folder.path)/data", settings: settings, trainer: trainer)
        lineage = try CurrentLineage.open(data, run: "feedback") { _, _ in }
    }

    var log: MergedLog { lineage.view.merged }

    /// Asked as of a moment.
    func why(_ asOf: AsOf = .end, recomputing: ((String) -> Void)? = nil) throws -> Why {
        Why(
            log, lineage: lineage.reader, through: try log.position(asOf),
            recomputing: recomputing)
    }

    /// The answer to a question as people write it.
    func ask(_ kind: String, _ id: String?, _ asOf: AsOf = .end, recomputes: Bool = false) throws
        -> WhyNode
    {
        try why(asOf, recomputing: recomputes ? { _ in } : nil)
            .answer(WhyQuestion(kind: kind, id: id))
    }

    /// Every own event of a type, in order.
    func all<Event: EventMessage>(_ type: Event.Type) throws -> [(at: Reference, event: Event)] {
        var found: [(Reference, Event)] = []
        try log.readOwn { reference, message in
            if try MessageHeader(message).templateID == Event.templateID {
                found.append((reference, try Event(message: message)))
            }
            return .proceed
        }
        return found.map { (at: $0.0, event: $0.1) }
    }

    /// An event of the run or its timeline.
    func event<Event: EventMessage>(_ type: Event.Type, _ at: Reference) throws -> Event {
        var found: Event?
        try log.event(at) { found = try Event(message: $0) }
        guard let found else { throw WhyError.missing("\(at)") }
        return found
    }
}

extension WhyNode {
    /// The answer and all answers behind it.
    var all: [WhyNode] { [self] + causes.flatMap { $0.node.all } }
}
