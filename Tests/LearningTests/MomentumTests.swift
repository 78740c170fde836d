import Foundation
import Learning
import TestKit
import Testing

@Suite("Momentum, the answer where there is no model")
struct MomentumTests {
    private func window(_ closes: [Double]) -> PriceWindow {
        PriceWindow(closes: closes, volumes: closes.map { _ in 1 })
    }

    private func walk(seed: UInt64, bars: Int, drift: Double) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        var price = 100.0
        return (0..<bars).map { _ in
            price *= 1 + drift + Double.random(in: -0.02...0.02, using: &generator)
            return price
        }
    }

    /// The formula of the domain rules, written out again.
    private func expected(_ closes: [Double]) -> (probability: Double, confidence: Double) {
        func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
        let last = closes.suffix(50)
        let mean = last.reduce(0, +) / 50
        let variance = last.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 49
        let changes = zip(closes.suffix(14), closes.suffix(15).dropLast()).map { $0 - $1 }
        let gains = changes.filter { $0 > 0 }.reduce(0, +)
        let losses = -changes.filter { $0 < 0 }.reduce(0, +)
        let strength = 100 * gains / (gains + losses)
        let momentum = closes[closes.count - 1] / closes[closes.count - 21] - 1
        let parts = [
            logistic(5 * momentum), logistic(-0.1 * (strength - 50)),
            logistic(-2 * (closes[closes.count - 1] - mean) / variance.squareRoot()),
        ]
        var probability = 0.4 * parts[0] + 0.3 * parts[1] + 0.3 * parts[2]
        if closes.suffix(20).reduce(0, +) / 20 < mean { probability *= 0.8 }
        let agreeing = parts.filter { ($0 > 0.5) == (probability > 0.5) }.count
        return (probability, min(1, Double(agreeing) / 3 * 4 * abs(probability - 0.5)))
    }

    @Test("it is the formula of the domain rules", arguments: [-0.01, -0.002, 0, 0.002, 0.01])
    func formula(drift: Double) throws {
        for seed in 1...20 {
            let closes = walk(seed: UInt64(seed), bars: 50 + seed, drift: drift)
            let momentum = try #require(Momentum(window(closes)))
            let (probability, confidence) = expected(closes)
            #expect(abs(momentum.probability - probability) < 1e-12)
            #expect(abs(momentum.confidence - confidence) < 1e-12)
            let scaled = try #require(Momentum(window(closes.map { $0 * 8 })))
            #expect(abs(scaled.probability - probability) < 1e-12)
        }
    }

    @Test("under 50 bars nobody answers, and prices that never move say nothing")
    func edges() throws {
        #expect(Momentum(window(walk(seed: 1, bars: 49, drift: 0))) == nil)
        let still = try #require(Momentum(window([Double](repeating: 7, count: 60))))
        #expect(still.probability == 0.5 && still.confidence == 0 && !still.isBelowTrend)
    }
}
