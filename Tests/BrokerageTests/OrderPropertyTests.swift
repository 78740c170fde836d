import Events
import Foundation
import TestKit
import Testing

@testable import Brokerage

@Suite("What holds of every order, whatever the network does")
struct OrderPropertyTests {
    private static let seeds: Range<UInt64> = {
        let given = ProcessInfo.processInfo.environment["RECOUNT_TEST_SEED"].flatMap { UInt64($0) }
        return given.map { $0..<($0 + 1) } ?? 0..<1_500
    }()

    @Test("one id, one order, booked as the broker has it, recorded once, and it ends")
    func random() {
        var (sentAgain, givenUp, partly, states) = (0, 0, 0, Set<OrderProtocol.State>())
        for seed in OrderPropertyTests.seeds {
            var world = OrderWorld(seed: seed)
            world.live()
            check(world, seed)
            if world.sendings.count > 1 { sentAgain += 1 }
            if world.states.contains(.givenUp) { givenUp += 1 }
            if world.order.filled > .zero, world.order.remaining > .zero { partly += 1 }
            states.formUnion(world.states)
        }
        guard OrderPropertyTests.seeds.count > 1 else { return }
        #expect(
            sentAgain > 50 && givenUp > 25 && partly > 50,
            "too kind: \(sentAgain) \(givenUp) \(partly)")
        let reached = Set(OrderProtocol.State.allCases).subtracting([
            .decided, .replaced, .mismatched,
        ])
        #expect(states == reached)
    }

    private func check(_ world: OrderWorld, _ seed: UInt64) {
        let comment = "RECOUNT_TEST_SEED=\(seed) \(world.order.state)"
        #expect(world.broken.isEmpty, "\(comment): \(world.broken)")
        #expect(world.orders.count <= 1, "\(comment): doubled")
        #expect(world.sendings.allSatisfy { $0 == world.sendings[0] }, "\(comment): another id")
        #expect(world.order.isOver, "\(comment): it does not end")
        var (shares, value, ends) = (Quantity.zero, Money.zero, 0)
        for fact in world.facts {
            switch fact {
            case .filled(let quantity, let paid, _, _):
                (shares, value) = (shares + quantity, value + paid)
                #expect(quantity > .zero, "\(comment): an empty fill")
            case .rejected, .cancelled, .expired, .replaced: ends += 1
            case .accepted: break
            case .mismatch: Issue.record("\(comment): \(fact)")
            }
        }
        #expect(ends <= 1, "\(comment): ended twice")
        #expect(ends == 1 || world.order.state == .filled, "\(comment): no end is recorded")
        let broker = world.orders.first
        #expect(shares == broker?.filled ?? .zero, "\(comment): shares")
        #expect(value == broker?.filledValue ?? .zero, "\(comment): value")
        #expect(world.order.filled == shares, "\(comment): filled")
    }

    @Test("a restart in the middle of any life ends as well, and books each share once")
    func restarts() {
        for seed in OrderPropertyTests.seeds.prefix(1_000) {
            var world = OrderWorld(seed: seed)
            world.take(.requested)
            for _ in 0..<Int.random(in: 1...60, using: &world.chance) {
                world.trade()
                world.deliver()
                world.act(faults: 40)
                world.now = world.now.adding(seconds: 3)
            }
            // Only what is recorded outlives a crash.
            let accepted = world.facts.contains { if case .accepted = $0 { true } else { false } }
            let ended = world.facts.contains {
                switch $0 {
                case .cancelled, .expired, .rejected, .replaced: true
                default: false
                }
            }
            guard !ended, world.order.remaining > .zero, !world.sendings.isEmpty else { continue }
            world.order = .resumed(
                OrderDesk.request(world.order.request.timeInForce),
                brokerOrderID: accepted ? world.orders.first?.id : nil,
                filled: world.order.filled, filledValue: world.order.filledValue)
            world.misses = []
            world.live()
            check(world, seed)
        }
    }
}
