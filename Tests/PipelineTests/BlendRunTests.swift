import EventLog
import Events
import Foundation
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

/// The loop closed, in worlds where the champion's picks happen to win more often, or less.
@Suite("The blend within a run")
struct BlendRunTests {
    private let folder = TemporaryFolder()

    private func events<Event: EventMessage>(
        seed: UInt64, _ settings: [String], _ type: Event.Type
    ) throws -> [(position: UInt64, event: Event)] {
        let world = SmallWorld(seed: seed, sessions: 420)
        let path = "\(folder.path)/\(UUID().uuidString)"
        let timeline = try SmallWorld.log(world.facts, kind: .timeline, at: "\(path)/timeline")
        let loop = try SmallWorld.strategy(SmallWorld.learning + ["gate=always"] + settings)
        _ = try Run.make(
            loop, timeline: timeline, at: "\(path)/run", trainer: StumpTrainer())
        var found: [(position: UInt64, event: Event)] = []
        try EventLog.open(at: "\(path)/run").read { record in
            if try MessageHeader(record.message).templateID == Event.templateID {
                found.append((record.position, try Event(message: record.message)))
            }
            return .proceed
        }
        return found
    }

    @Test("both arms reach their size, and the weight moves up and down, a tenth at a time")
    func moves() throws {
        var reasons: [WeightReason] = []
        let settings = ["label_return=net", "lookback_days=40", "blend_arm_size=30"]
        for seed in [5, 6, 7, 8, 9, 10] as [UInt64] {
            var last: UInt8?
            for (_, event) in try events(seed: seed, settings, BlendWeightEvaluated.self) {
                #expect(event.previousTenths == last ?? 2)
                #expect((1...7).contains(event.tenths))
                last = event.tenths
                reasons.append(event.reason)
                let moved = Int(event.tenths) - Int(event.previousTenths)
                switch event.reason {
                case .machineAhead: #expect(moved == 1)
                case .machineBehind: #expect(moved == -1)
                default: #expect(moved == 0)
                }
                if event.reason == .armTooSmall {
                    #expect(min(event.machineArm, event.heuristicArm) < 30)
                } else if event.reason != .noChampion {
                    #expect(min(event.machineArm, event.heuristicArm) >= 30)
                }
            }
        }
        #expect(reasons.contains(.machineAhead) && reasons.contains(.machineBehind), "\(reasons)")
    }

    @Test("evaluations say the weight, the thresholds and the confidence that they decided with")
    func decided() throws {
        let weights = try events(seed: 5, [], BlendWeightEvaluated.self)
        let thresholds = try events(seed: 5, [], ThresholdsEvaluated.self)
        let signals = try events(seed: 5, [], SignalGenerated.self)
        var blended = 0
        for (position, signal) in signals where signal.champion != .none {
            let weight = weights.last { $0.position < position }?.event.tenths ?? 2
            #expect(signal.blendTenths == weight)
            let judged = thresholds.last { $0.position < position }?.event
            #expect(signal.buyHundredths == judged?.buyHundredths ?? 55)
            #expect(signal.sellHundredths == judged?.sellHundredths ?? 45)
            blended += signal.confidence != signal.heuristicConfidence ? 1 : 0
        }
        #expect(blended > 100, "\(blended) of \(signals.count)")
        for (_, signal) in signals where signal.champion == .none {
            #expect(signal.confidence == signal.heuristicConfidence && signal.blendTenths == 0)
        }
    }

    @Test("a calibration changes the size of entries, and no signal")
    func calibrated() throws {
        let settings = ["label_return=net", "gate=rule", "calibration_rows=5"]
        let fits = try events(seed: 5, settings, CalibrationFitted.self).map(\.event)
        let fitted = fits.filter { $0.method == .isotonic }
        #expect(!fitted.isEmpty)
        for fit in fitted {
            #expect(fit.rows >= 5 && (fit.brierAfter ?? 1) <= (fit.brierBefore ?? 0))
            let steps = zip(fit.knots, fit.knots.dropFirst())
            #expect(steps.allSatisfy { $0.raw < $1.raw && $0.calibrated < $1.calibrated })
        }
        let orders = try events(seed: 5, settings, OrderSubmitted.self).map(\.event)
        for order in orders where order.leg == .entry {
            #expect((order.calibratedConfidence == nil) == (order.calibration == .none))
        }
        #expect(orders.contains { $0.calibratedConfidence != nil })
        let plain = settings + ["calibration=none"]
        let signals = try events(seed: 5, settings, SignalGenerated.self).map(\.event.confidence)
        #expect(
            try events(seed: 5, plain, SignalGenerated.self).map(\.event.confidence) == signals)
        #expect(try events(seed: 5, plain, CalibrationFitted.self).isEmpty)
    }
}
