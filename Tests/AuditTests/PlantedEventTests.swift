import Audit
import EventLog
import Events
import TestKit
import TestWorlds
import Testing

/// Look-aheads planted into events. Each is invariant under scrambling, because what it abuses lies
/// before the cut or in the stamps, and is found by the inspection of causes.
@Suite("Planted look-aheads: found by verify --causality")
struct PlantedEventTests {
    /// A change to facts or to the run's own events.
    struct Plant: Sendable, CustomTestStringConvertible {
        let name: String
        var fact: @Sendable ([UInt8]) -> [UInt8]? = { _ in nil }
        var event: @Sendable ([UInt8]) -> [UInt8]? = { _ in nil }
        var testDescription: String { name }
    }

    @Test("the loop's own run is sound")
    func honest() throws {
        #expect(try report(Plant(name: "none")).findings.isEmpty)
    }

    @Test("each plant is found", arguments: plants)
    func found(_ plant: Plant) throws {
        let report = try report(plant)
        #expect(!report.isSound, "\(plant.name) is not found")
    }

    private func report(_ plant: Plant) throws -> Causality.Report {
        let folder = TemporaryFolder()
        let world = SmallWorld()
        let run = try SmallWorld.replay(world.facts)
        var isPlanted = plant.name == "none"
        let facts = world.facts.map { fact -> [UInt8] in
            guard let changed = plant.fact(fact) else { return fact }
            isPlanted = true
            return changed
        }
        var events: [[UInt8]] = []
        for position in 1...run.count {
            let event = Array(try run.message(position))
            if let changed = plant.event(event) {
                isPlanted = true; events.append(changed)
            } else {
                events.append(event)
            }
        }
        #expect(isPlanted, "the plant changes something")
        return try Causality.check(
            run: try SmallWorld.log(events, kind: .run, at: "\(folder.path)/run"),
            timeline: try SmallWorld.log(facts, kind: .timeline, at: "\(folder.path)/timeline"))
    }

    private static func edit<Event: EventMessage>(
        _ bytes: [UInt8], _ type: Event.Type, _ change: (inout Event) -> Void
    ) -> [UInt8]? {
        guard var event = try? Event(bytes: bytes) else { return nil }
        let before = event
        change(&event)
        return event == before ? nil : event.encoded()
    }

    static let plants: [Plant] = [
        Plant(
            name: "a fill at the decision's own open",
            event: { edit($0, OrderFilled.self) { $0.filledOn = $0.decidedOn } }),
        Plant(
            name: "a fill before its decision",
            event: { edit($0, OrderFilled.self) { $0.filledOn = $0.decidedOn - 1 } }),
        Plant(
            name: "a fill known before it is executed",
            event: {
                edit($0, OrderFilled.self) {
                    $0.executedAt = $0.envelope.knownAt.adding(seconds: 3_600)
                }
            }),
        Plant(
            name: "an event that had read more than was known",
            event: { edit($0, OrderSubmitted.self) { $0.envelope.through += 40 } }),
        Plant(
            name: "a signal caused by a filing it had not read",
            event: {
                edit($0, SignalGenerated.self) {
                    $0.envelope.causation = .timeline($0.envelope.through + 1)
                }
            }),
        Plant(
            name: "a signal that counts a filing of next week",
            event: {
                edit($0, SignalGenerated.self) {
                    $0.filings.append(.init(filing: .timeline($0.envelope.through + 60)))
                }
            }),
        Plant(
            name: "a signal for a session that has not closed",
            event: { edit($0, SignalGenerated.self) { $0.day = $0.day + 7 } }),
        Plant(
            name: "a regime of a session that has not closed",
            event: { edit($0, RegimeChanged.self) { $0.day = $0.day + 1 } }),
        Plant(
            name: "an outcome known before its exit",
            event: { edit($0, OutcomeRecorded.self) { $0.exitDay = $0.exitDay.map { $0 + 3 } } }),
        Plant(
            name: "an order caused by a later event",
            event: {
                edit($0, OrderSubmitted.self) { $0.envelope.causation = .own(1 << 40) }
            }),
        Plant(
            name: "a timeline in which filings are known at their trade date",
            fact: {
                edit($0, DisclosureFiled.self) {
                    $0.envelope.knownAt = Instant($0.tradedOn + 1, hour: 5)
                    $0.envelope.recordedAt = $0.envelope.knownAt
                }
            }),
        Plant(
            name: "a timeline in which filings are known at noon of the filing date",
            fact: {
                edit($0, DisclosureFiled.self) {
                    $0.envelope.knownAt = Instant($0.filedOn, hour: 12)
                }
            }),
    ]
}
