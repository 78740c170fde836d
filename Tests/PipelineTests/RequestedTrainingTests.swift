import Audit
import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("A request for a training carries its parameters")
struct RequestedTrainingTests {
    private let folder = TemporaryFolder()
    private let world = SmallWorld(sessions: 420)

    private func noon(_ session: Int) -> Instant { Instant(world.days[session] + 1, hour: 12) }

    private func request(
        _ job: JobKind, after session: Int, _ change: (inout TrainingTerms) -> Void
    ) -> JobStarted {
        var terms = TrainingTerms()
        change(&terms)
        return SmallWorld.request(job, at: noon(session)).asking(for: terms)
    }

    private struct Acted {
        let run: EventLog
        let timeline: EventLog
        let loop: LoopStrategy
        var events: [(reference: Reference, message: [UInt8])] = []

        var merged: MergedLog { MergedLog(run, over: timeline) }

        func all<Event: EventMessage>(_ type: Event.Type) throws -> [(Reference, Event)] {
            try events.compactMap { reference, message in
                try MessageHeader(message.span.bytes).templateID == Event.templateID
                    ? (reference, try Event(bytes: message)) : nil
            }
        }

        /// Events of a kind at an instant.
        func at<Event: EventMessage>(_ instant: Instant, _ type: Event.Type) throws -> [Event] {
            try all(type).map(\.1).filter { $0.envelope.knownAt == instant }
        }
    }

    private func act(_ acts: [any EventMessage], settings: [String] = []) throws -> Acted {
        let timeline = try SmallWorld.log(
            try world.facts(with: acts), kind: .timeline, at: "\(folder.path)/timeline")
        let loop = try SmallWorld.strategy(SmallWorld.learning + settings)
        let path = "\(folder.path)/run"
        _ = try Run.make(loop, timeline: timeline, at: path, trainer: StumpTrainer())
        var acted = Acted(run: try EventLog.open(at: path), timeline: timeline, loop: loop)
        try acted.run.read { record in
            acted.events.append((.own(record.position), record.message.withUnsafeBytes(Array.init)))
            return .proceed
        }
        return acted
    }

    /// All that trains again comes to the rows that were trained on.
    private func audit(_ acted: Acted) throws {
        var models = 0
        try TrainingReplay.each(of: acted.merged, acted.loop.configuration) { recomputed in
            guard let model = recomputed.training?.model else { return }
            models += 1
            #expect(model.trainingSet == recomputed.digest, "\(model.reference)")
        }
        #expect(models > 10)
        let causality = try Causality.check(
            run: acted.run, timeline: acted.timeline, configuration: acted.loop.configuration)
        #expect(causality.findings.isEmpty, "\(causality.findings)")
        let report = try Reproduction.check(
            acted.loop, run: acted.run, timeline: acted.timeline, window: ReplayWindow(),
            trainer: StumpTrainer())
        #expect(report.position == nil, "\(report.finding ?? "")")
    }

    @Test("look-back, window, weight and outcomes are the request's, and only its own training's")
    func rules() throws {
        let acted = try act(
            [
                request(.training, after: 300) { $0.lookbackSessions = 100 },
                request(.feedbackRetraining, after: 310) {
                    $0.useOutcomes = true
                    ($0.outcomeWindowDays, $0.outcomeWeight) = (60, 7)
                },
                request(.feedbackRetraining, after: 320) { $0.useOutcomes = false },
                request(.training, after: 301) { _ in },
            ],
            settings: ["blend=false", "outcome_window_days=100", "holdout_sessions=10"])
        let asked = try [300, 310, 320, 301].map {
            try #require(try acted.at(noon($0), TrainingRequested.self).first)
        }
        let usual = acted.loop.configuration.trainingRules
        #expect(asked.map(\.lookbackSessions) == [100] + [UInt16](repeating: 120, count: 3))
        #expect(asked.map(\.outcomeWindowDays) == [100, 60, 100, 100])
        #expect(asked.map(\.outcomeWeight) == [nil, 7, nil, nil])
        #expect(asked.map(\.useOutcomes) == [false, true, false, false])
        #expect(asked.allSatisfy { $0.compareToCurrent })
        let started = try acted.all(JobStarted.self).map(\.1).filter { $0.trigger == .manual }
        #expect(started.map(\.lookbackSessions) == [100, nil, nil, nil])
        #expect(started.map(\.outcomeWindowDays) == [nil, nil, 60, nil])
        #expect(started.map(\.outcomeWeight) == [nil, nil, 7, nil])
        #expect(started.map(\.useOutcomes) == [nil, nil, true, false])
        let later = try acted.all(TrainingRequested.self).map(\.1).filter {
            $0.trigger == .scheduled
        }
        #expect(later.allSatisfy { $0.lookbackSessions == usual.lookbackSessions })
        let models = try [300, 301].map {
            try #require(try acted.at(noon($0), ModelTrained.self).first)
        }
        #expect(models[0].trainRows < models[1].trainRows)
        #expect(models[0].trainedFrom > models[1].trainedFrom)
        // The weight of outcome rows is theirs on average.
        var weights: [Float] = []
        try TrainingReplay.each(of: acted.merged, acted.loop.configuration) { recomputed in
            guard recomputed.training?.request.outcomeWeight == 7 else { return }
            for part in [recomputed.set.training, recomputed.set.earlyStopping] {
                for used in part where used.source == .outcome { weights.append(used.weight) }
            }
        }
        #expect(!weights.isEmpty)
        #expect(abs(weights.reduce(0, +) / Float(weights.count) - 7) < 0.01)
        try audit(acted)
    }

    @Test("without a comparison the model stays a candidate, is never compared, and says why")
    func uncompared() throws {
        let wanted = noon(300)
        let acted = try act([
            request(.training, after: 300) { $0.compareToCurrent = false }
        ])
        #expect(try acted.at(wanted, TrainingRequested.self).map(\.compareToCurrent) == [false])
        let model = try #require(
            try acted.all(ModelTrained.self).first { $0.1.envelope.knownAt == wanted })
        #expect(try acted.at(wanted, ModelCompared.self).isEmpty)
        #expect(try acted.at(wanted, ModelPromoted.self).isEmpty)
        let held = try #require(try acted.at(wanted, ModelHeldAsCandidate.self).first)
        #expect(held.reason == .comparisonNotAsked && held.model == model.0)
        #expect(held.comparison == .none && held.holdoutRows == 0)
        #expect(try !acted.all(ModelCompared.self).contains { $0.1.challenger == model.0 })
        #expect(try acted.all(ModelCompared.self).count > 5, "others are")
        try audit(acted)
    }

    @Test("what the strategy keeps no rows for is refused, with the field and the limit")
    func beyond() throws {
        let acted = try act([
            request(.training, after: 300) { $0.lookbackSessions = 121 },
            request(.feedbackRetraining, after: 310) { $0.outcomeWindowDays = 500 },
            request(.training, after: 320) { $0.lookbackSessions = 120 },
        ])
        let failed = try [300, 310].map {
            let failed = try #require(try acted.at(noon($0), JobFailed.self).first)
            return String(decoding: failed.text, as: UTF8.self)
        }
        #expect(failed[0].hasPrefix("lookback 121: ") && failed[0].contains(" 120 "), "\(failed)")
        #expect(failed[1].hasPrefix("outcome_window_days 500: "), "\(failed)")
        #expect(try acted.at(noon(310), TrainingRequested.self).isEmpty)
        #expect(try acted.at(noon(320), TrainingRequested.self).count == 1)
        try audit(acted)
    }

    @Test(
        "a value that no strategy takes names its field and its range",
        arguments: [
            (-1, nil, nil, "outcome_window_days"), (3_651, nil, nil, "outcome_window_days"),
            (nil, 0, nil, "lookback"), (nil, 5_001, nil, "lookback"),
            (nil, nil, -0.5, "outcome_weight"), (nil, nil, .infinity, "outcome_weight"),
        ] as [(Int?, Int?, Double?, String)])
    func ranges(window: Int?, lookback: Int?, weight: Double?, field: String) throws {
        var terms = TrainingTerms()
        (terms.outcomeWindowDays, terms.lookbackSessions, terms.outcomeWeight) =
            (window, lookback, weight)
        let fault = try #require(terms.fault)
        #expect(fault.field.rawValue == field && fault.reason.contains(" to "))
        #expect("\(fault)".hasPrefix("\(field) "))
    }
}
