import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("The gate within a run")
struct GateRunTests {
    private let folder = TemporaryFolder()

    @Test("feedback's gate is guarded, rule stays a setting, baseline promotes every model")
    func defaults() throws {
        func gate(_ name: String, _ settings: [String] = []) throws -> LoopConfiguration.Gate? {
            guard case .loop(let loop) = try StrategyFile.load(name, settings: settings) else {
                return nil
            }
            let line = loop.canonicalText.split(separator: "\n").first { $0.hasPrefix("gate: ") }
            return line.flatMap { LoopConfiguration.Gate(rawValue: String($0.dropFirst(6))) }
        }
        #expect(try gate("feedback") == .guarded)
        #expect(try gate("feedback", ["gate=rule"]) == .rule)
        #expect(try gate("baseline") == .always)
    }

    @Test(
        "no comparison uses a date before the end of either model's labels and five sessions more",
        arguments: ["gate=always", "gate=rule", "gate=guarded", "gate=both"])
    func independentHoldouts(gate: String) throws {
        let run = try LearningRun(folder, settings: [gate])
        let days = SmallWorld(sessions: 420).days
        var trained = Lookup<Reference, ModelTrained>()
        var champion = Reference.none
        var (compared, against) = (0, 0)
        try run.log.read { record in
            switch try MessageHeader(record.message).templateID {
            case ModelTrained.templateID:
                trained[.own(record.position)] = try ModelTrained(message: record.message)
            case ModelPromoted.templateID:
                champion = try ModelPromoted(message: record.message).model
            case ModelCompared.templateID:
                let event = try ModelCompared(message: record.message)
                compared += 1
                #expect(event.champion == champion, "r\(record.position)")
                let first = try #require(event.holdoutFrom)
                for model in [event.challenger, event.champion] where model != .none {
                    let labels = try #require(trained[model]).labelsThrough
                    let gap = days.filter { $0 > labels && $0 < first }.count
                    #expect(gap >= 5, "r\(record.position): \(labels) and \(first)")
                }
                if event.champion != .none { against += 1 }
            default: break
            }
            return .proceed
        }
        #expect(compared > 5 && (gate != "gate=always" || against > 5), "\(compared) \(against)")
    }

    @Test("what is said of rows matured since both were trained starts after both, and grows")
    func matured() throws {
        let run = try LearningRun(folder, settings: ["gate=always", "timeout_days=5"])
        var models: [(Reference, ModelTrained)] = []
        try run.log.read { record in
            if try MessageHeader(record.message).templateID == ModelTrained.templateID {
                models.append((.own(record.position), try ModelTrained(message: record.message)))
            }
            return .proceed
        }
        let (old, new) = (models[0], models[2])
        func asked(_ asOf: AsOf, _ challenger: Reference) throws -> MaturedDifference {
            try MaturedReading.difference(
                of: run.merged, run.configuration, asOf: asOf,
                challenger: challenger, champion: old.0
            ) { digest in
                let artefact = models.first { $0.1.artefact == digest }
                #expect(artefact != nil)
                return try StumpTrainer().load([0, 0, 0x80, digest == new.1.artefact ? 0xBF : 0x3F])
            }
        }
        let early = try asked(AsOf(.instant(new.1.envelope.knownAt)), new.0)
        #expect(early.rows == 0 && early.mean == nil)
        let later = try asked(.end, new.0)
        #expect(later.rows > 100 && later.means.count > 3, "\(later.rows)")
        let interval = try #require(later.interval)
        let mean = try #require(later.mean)
        #expect(interval.low <= mean && mean <= interval.high)
        let same = try asked(.end, old.0)
        #expect(same.mean == 0 && same.rows > later.rows)
        #expect(throws: TrainingReplayError.self) { try asked(.end, .own(1)) }
    }
}
