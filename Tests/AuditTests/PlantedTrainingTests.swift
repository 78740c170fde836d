import Audit
import Events
import FeedbackLoop
import Learning
import TestWorlds
import Testing

/// Look-aheads planted into the loop itself where it learns: the run is what such a loop records,
/// its events agree with each other, and only computing its rows again shows what it learnt from.
@Suite("Planted look-aheads of training: found by verify --causality and by reproduce")
struct PlantedTrainingTests {
    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let plant: TaughtLoop.Plant
        var testDescription: String { name }
    }

    @Test("a loop that is taught as it should be records what the loop records")
    func honest() throws {
        let world = try LearnedWorld.shared.get()
        let taught = TaughtLoop(world.loop, facts: world.facts) { _, _, _ in }
        #expect(try digests(world.record(taught)) == digests(world.events))
    }

    @Test("each plant is found by its rows and by deciding again", arguments: plants)
    func found(_ named: Named) throws {
        let world = try LearnedWorld.shared.get()
        let taught = TaughtLoop(world.loop, facts: world.facts, plant: named.plant)
        let events = try world.record(taught)
        #expect(digests(events) != digests(world.events), "the plant changes what is learnt")
        let report = try world.causality(events)
        #expect(!report.isSound, "\(named.name) is not found by verify --causality")
        let again = try world.reproduction(events)
        #expect(!again.isReproduced, "\(named.name) is not found by reproduce")
    }

    /// What the models of a run were trained on.
    private func digests(_ events: [[UInt8]]) -> [Digest?] {
        events.compactMap { try? ModelTrained(bytes: $0) }.map(\.trainingSet)
    }

    static let plants: [Named] = [
        Named(name: "a purge left out") { _, rules, _ in rules.embargoSessions = -1_000 },
        Named(name: "an embargo left out") { _, rules, _ in rules.embargoSessions = 0 },
        Named(name: "a purge by exit instead of maturity") { supply, _, immature in
            supply.mature += immature.closed()
            supply.latestMatureSession = immature.session
        },
        Named(name: "a training part that reaches into the holdout") { _, rules, _ in
            rules.holdoutSessions = 1
        },
        Named(name: "labels read at their exits") { supply, _, immature in
            supply.mature += immature.closed { $0.session <= supply.latestMatureSession + 15 }
            supply.latestMatureSession += 15
        },
        Named(name: "outcome rows before they are mature") { supply, _, immature in
            let traded = supply.traded
            supply.mature += immature.closed { traded[$0.signal] != nil }
            supply.latestMatureSession = immature.session
        },
        Named(name: "only the rows whose trades are over") { supply, _, immature in
            let session = immature.session
            supply.mature.removeAll { $0.session > session - 40 }
            supply.mature += immature.closed()
            supply.latestMatureSession = session
        },
    ]
}

/// Look-aheads that leave no trace in what a run says of itself, and are found by deciding again.
@Suite("Planted look-aheads of learning: found by reproduce")
struct PlantedDecisionTests {
    @Test("a quantile map fitted with the holdout's rows")
    func quantileMap() throws {
        try expectFound(ModelTrained.self) { event in
            for index in event.quantileMap.indices { event.quantileMap[index].confidence += 0.01 }
        }
    }

    @Test("a trailing score over labels that are not mature")
    func trailingScore() throws {
        let number = try #require(
            FeatureCatalogue.features.firstIndex { $0.name == "politician_trailing_score" })
        try expectFound(SignalGenerated.self) { event in
            guard event.features.indices.contains(number) else { return }
            event.features[number].value += 0.125
        }
    }

    @Test("a filer's skill over trades that are not mature")
    func skill() throws {
        try expectFound(SignalGenerated.self) { event in
            guard event.features.indices.contains(FeatureCatalogue.skilledFlow) else { return }
            event.features[FeatureCatalogue.skilledFlow].value += 0.125
        }
    }

    @Test("a majority class counted over the holdout's rows")
    func majority() throws {
        try expectFound(ModelCompared.self) { $0.majority += 0.25 }
    }

    @Test("a prediction by a model that knows its label")
    func prediction() throws {
        try expectFound(SignalGenerated.self) { event in
            for index in event.predictions.indices { event.predictions[index].win = 0.99 }
        }
    }

    private func expectFound<Event: EventMessage>(
        _ type: Event.Type, _ change: (inout Event) -> Void
    ) throws {
        let world = try LearnedWorld.shared.get()
        var events = world.events
        for index in events.indices.dropFirst(events.count / 2) {
            guard var event = try? Event(bytes: events[index]) else { continue }
            let before = event
            change(&event)
            guard event != before else { continue }
            events[index] = event.encoded()
            let report = try world.reproduction(events)
            #expect(report.position == UInt64(index + 1))
            return
        }
        Issue.record("the plant changes nothing")
    }
}
