import Audit
import Events
import FeedbackLoop
import TestKit
import TestWorlds
import Testing

/// Look-aheads planted into what a run says of its models. What they abuse was known by then, so
/// that scrambling the future changes nothing: they are found by their causes.
@Suite("Planted look-aheads of learning: found by verify --causality")
struct PlantedModelTests {
    /// A change to the events of a run that learnt.
    struct Plant: Sendable, CustomTestStringConvertible {
        let name: String
        /// What the finding says.
        let finding: String
        let plant: @Sendable (inout [[UInt8]], LearnedWorld) -> Bool
        var testDescription: String { name }
    }

    @Test("the loop's own run is sound, and every set and holdout of it was computed again")
    func honest() throws {
        let world = try LearnedWorld.shared.get()
        let report = try world.causality(world.events)
        #expect(report.findings.isEmpty, "\(report.findings.first?.text ?? "")")
        let compared = world.events.count { (try? ModelCompared(bytes: $0)) != nil }
        let requested = world.events.count { (try? TrainingRequested(bytes: $0)) != nil }
        #expect(report.holdouts == compared && compared > 20)
        #expect(report.trainingSets == requested && requested > 50)
        #expect(report.rows > 10_000 && report.predictions > 500)
    }

    @Test("each plant is found", arguments: plants)
    func found(_ plant: Plant) throws {
        try expectFound(plant, try LearnedWorld.shared.get())
    }

    private func expectFound(_ plant: Plant, _ world: LearnedWorld) throws {
        var events = world.events
        #expect(plant.plant(&events, world), "the plant changes something")
        let report = try world.causality(events)
        #expect(
            report.findings.contains { $0.text.contains(plant.finding) },
            "\(plant.name): \(report.findings.first?.text ?? "nothing is found")")
    }

    @Test("each plant is found where the gate decides", arguments: gated)
    func foundGated(_ plant: Plant) throws {
        try expectSoundAndFound(plant, try LearnedWorld.gated.get())
    }

    @Test("each plant is found where a champion stays", arguments: lasting)
    func foundLasting(_ plant: Plant) throws {
        try expectSoundAndFound(plant, try LearnedWorld.lasting.get())
    }

    private func expectSoundAndFound(_ plant: Plant, _ world: LearnedWorld) throws {
        let honest = try world.causality(world.events)
        #expect(honest.findings.isEmpty, "\(honest.findings.first?.text ?? "")")
        try expectFound(plant, world)
    }

    /// A plant that changes one event of a kind, from the middle of the run on.
    private static func one<Event: EventMessage>(
        _ name: String, _ type: Event.Type, _ finding: String,
        _ change: @escaping @Sendable (inout Event, LearnedWorld) -> Void
    ) -> Plant {
        Plant(name: name, finding: finding) { events, world in
            for index in events.indices.dropFirst(events.count / 2) {
                guard var event = try? Event(bytes: events[index]) else { continue }
                let before = event
                change(&event, world)
                guard event != before else { continue }
                events[index] = event.encoded()
                return true
            }
            return false
        }
    }

    static let plants: [Plant] = trained + compared + promoted + heard + inForce

    static let trained: [Plant] = [
        one("labels of a session to come", ModelTrained.self, "which had not closed") {
            $0.labelsThrough = $1.session($0.labelsThrough, 60)
        },
        one("labels later than were asked for", ModelTrained.self, "asked for as of") {
            $0.labelsThrough = $1.session($0.labelsThrough, 60)
        },
        one("a label read at its decision", ModelTrained.self, "by labels mature on") {
            event, _ in event.labelsThrough = event.trainedThrough
        },
        one("a holdout that overlaps the training labels", ModelTrained.self, "tests from") {
            if $0.holdoutFrom != nil { $0.holdoutFrom = $1.session($0.labelsThrough, -3) }
        },
        one("a holdout without its embargo", ModelTrained.self, "tests from") {
            if $0.holdoutFrom != nil { $0.holdoutFrom = $1.session($0.labelsThrough, 5) }
        },
        one("a holdout of sessions to come", ModelTrained.self, "which had not closed") {
            if $0.holdoutThrough != nil {
                $0.holdoutThrough = $1.session($0.envelope.knownAt.day, 5)
            }
        },
        one("other rows than were to be had", ModelTrained.self, "learnt other rows") { event, _ in
            event.trainingSet = Digest(w0: 1, w1: 2, w2: 3, w3: 4)
        },
        one("a training as of next week", TrainingRequested.self, "had not closed") {
            $0.asOf = $1.session($0.asOf, 5)
        },
    ]

    static let compared: [Plant] = [
        one("a comparison on training rows", ModelCompared.self, "tests from") {
            if $0.holdoutFrom != nil { $0.holdoutFrom = $1.session($0.holdoutFrom!, -8) }
        },
        one("a comparison on sessions to come", ModelCompared.self, "which had not closed") {
            if $0.holdoutThrough != nil {
                $0.holdoutThrough = $1.session($0.envelope.knownAt.day, 2)
            }
        },
        one("a comparison on rows of its own choice", ModelCompared.self, "to be had then") {
            event, _ in event.holdout = Digest(w0: 1, w1: 2, w2: 3, w3: 4)
        },
        one("a comparison with a champion of later", ModelCompared.self, "the champion") {
            event, _ in event.champion = .own(event.challenger.position + 1_000)
        },
        one("a comparison of a model of later", ModelCompared.self, "compares") { event, _ in
            event.challenger = .own(event.challenger.position + 1_000)
        },
    ]

    static let promoted: [Plant] = [
        one("an artefact that was never compared", ModelPromoted.self, "promotes an artefact") {
            event, _ in event.artefact = Digest(w0: 1, w1: 2, w2: 3, w3: 4)
        },
        one("a promotion after another's comparison", ModelPromoted.self, "of other models") {
            event, _ in event.model = event.previous
        },
        one("a promotion before its comparison", ModelPromoted.self, "no comparison before") {
            event, _ in event.comparison = .own(event.comparison.position + 5_000)
        },
        one("a promotion of what the gate held", ModelPromoted.self, "compared") { event, _ in
            event.previous = .own(event.previous.position + 1)
        },
        Plant(name: "a model live before its promotion", finding: "as champion") { events, _ in
            guard
                let place = events.lastIndex(where: { (try? ModelPromoted(bytes: $0)) != nil }),
                let next = events.indices.dropFirst(place).first(where: {
                    (try? SignalGenerated(bytes: events[$0])) != nil
                })
            else { return false }
            events.swapAt(place, next)
            return true
        },
    ]

    static let heard: [Plant] = [
        one("a prediction of a model of later", SignalGenerated.self, "no model trained before") {
            event, _ in
            for index in event.predictions.indices {
                event.predictions[index].model = .own(event.envelope.through + 90_000)
            }
        },
        one("a prediction of a model that was replaced", SignalGenerated.self, "as champion") {
            event, world in
            let first = world.events.firstIndex { (try? ModelTrained(bytes: $0)) != nil }
            for index in event.predictions.indices
            where event.predictions[index].role == .champion {
                event.predictions[index].model = .own(UInt64((first ?? 0) + 1))
            }
        },
        one("a signal that hears a model of later", SignalGenerated.self, "hears") { event, _ in
            event.champion = .own(event.champion.position + 5_000)
        },
        one("an outcome with features of its exit", OutcomeRecorded.self, "did not store") {
            event, _ in
            for index in event.features.indices.prefix(1) { event.features[index].value += 1 }
        },
        one("an outcome before its exit is filled", OutcomeRecorded.self, "no fill before") {
            event, _ in event.exitFill = .own(event.exitFill.position + 5_000)
        },
        one("an outcome of another day than its fill", OutcomeRecorded.self, "another day") {
            event, _ in event.exitDay = event.exitDay.map { $0 - 1 }
        },
    ]

    static let inForce: [Plant] = [
        one("a blend weight before it was set", SignalGenerated.self, "a blend weight of") {
            event, _ in
            if event.blendTenths != 0 { event.blendTenths += 1 }
        },
        one("a threshold before it was set", SignalGenerated.self, "a buy threshold of") {
            event, _ in
            if event.buyHundredths != 0 { event.buyHundredths += 2 }
        },
        one("a blend weight of labels to come", BlendWeightEvaluated.self, "had not closed") {
            event, world in
            event.throughDay = event.throughDay.map { world.session($0, 60) }
        },
        one("a champion's record of sessions to come", ModelPerformanceEvaluated.self, "looks at") {
            event, world in event.day = world.session(event.day, 2)
        },
        one("features measured tomorrow", FeatureImportanceMeasured.self, "before that day") {
            event, _ in event.day = event.day + 1
        },
    ]

    /// Where the gate decides, and models speak as candidates.
    static let gated: [Plant] = [
        one("a candidate that speaks as champion", SignalGenerated.self, "as champion") {
            event, _ in
            for index in event.predictions.indices { event.predictions[index].role = .champion }
        }
    ]

    /// Where a champion stays long enough to be calibrated.
    static let lasting: [Plant] = [
        one("a calibration on outcomes to come", CalibrationFitted.self, "had not closed") {
            event, world in
            event.throughDay = event.throughDay.map { world.session($0, 60) }
        },
        one("a calibration of a model that was replaced", CalibrationFitted.self, "calibrates") {
            event, _ in
            if event.method != .none { event.model = .own(2) }
        },
        one("a size by a calibration to come", OrderSubmitted.self, "is sized by") { event, _ in
            if event.calibration != .none {
                event.calibration = .own(event.calibration.position + 9_000)
            }
        },
    ]
}
