import EventLog
import Events
import Foundation
import Testing

@testable import Simulation

@Suite("The edge of simulated filings")
struct EdgeTests {
    @Test(
        "without an edge, price over index is a martingale, and so is the return less the index's")
    func martingale() {
        var ratios: [Double] = []
        var differences: [Double] = []
        var logarithms: [Double] = []
        for seed in 1...60 {
            let world = SimulatedWorld(
                SimulationParameters(seed: UInt64(seed), years: 2, tickers: 30))
            let paths = world.companies.indices.map { world.prices(of: $0) }
            // Companies move together, windows do not: each window is one observation.
            for start in stride(from: 0, to: world.calendar.sessions.count - 42, by: 42) {
                var sums = (0.0, 0.0, 0.0)
                var count = 0.0
                let index = world.market.index[start + 41].close - world.market.index[start].open
                for path in paths where path.bars.count > start + 41 {
                    let own = path.bars[start + 41].close / path.bars[start].open
                    let half =
                        path.halfVariance[start + 41].close - path.halfVariance[start].open
                    sums.0 += own / exp(index) - 1
                    sums.1 += own - exp(index)
                    sums.2 += log(own) - index + half
                    count += 1
                }
                ratios.append(sums.0 / count)
                differences.append(sums.1 / count)
                logarithms.append(sums.2 / count)
            }
        }
        for (name, values) in [
            ("ratio", ratios), ("difference", differences), ("logarithm", logarithms),
        ] {
            let (mean, error) = moments(values)
            #expect(mean.magnitude < 3 * error, "\(name) \(mean) ± \(error)")
            #expect(error < 0.001, "\(name) is known well enough to tell: \(error)")
        }
    }

    @Test("an edge changes prices by its drift and nothing else, from the first open on")
    func exactDrift() throws {
        let plain = SimulatedWorld(SimulationParameters(seed: 3, years: 2, tickers: 40))
        let edged = SimulatedWorld(
            SimulationParameters(seed: 3, years: 2, tickers: 40, edge: 100))
        #expect(plain.filings == edged.filings)
        #expect(plain.market.index == edged.market.index)
        #expect(plain.skilled == edged.skilled)
        var moved = 0
        for number in plain.companies.indices {
            let before = plain.prices(of: number).bars
            let after = edged.prices(of: number).bars
            let expected = expectedDrift(edged, of: number, perFiling: 0.05)
            var sum = 0.0
            for session in before.indices {
                let open = log(after[session].open / before[session].open)
                #expect((open - sum).magnitude < 1e-10, "company \(number), open of \(session)")
                sum += expected[session]
                let close = log(after[session].close / before[session].close)
                #expect((close - sum).magnitude < 1e-10, "company \(number), close of \(session)")
                if sum == 0 { #expect(after[session] == before[session]) }
            }
            if sum != 0 { moved += 1 }
        }
        #expect(moved > 20)
    }

    /// The drift by the words of the manual, from the filings alone.
    private func expectedDrift(
        _ world: SimulatedWorld, of company: Int, perFiling edge: Double
    ) -> [Double] {
        var drift = Array(repeating: 0.0, count: world.calendar.sessions.count)
        for row in world.filings where row.company == company && row.role == .first {
            guard world.skilled.contains(row.person),
                let first = world.calendar.sessions.firstIndex(where: { $0 > row.filed })
            else { continue }
            for session in first..<min(first + 42, drift.count) {
                drift[session] += (row.transaction == .purchase ? edge : -edge) / 42
            }
        }
        return drift
    }

    @Test("five times the edge is found again in the files of the skilled, and none in the others'")
    func foundAgain() throws {
        let parameters = SimulationParameters(seed: 11, years: 4, tickers: 60, edge: 100)
        let facts = try IngestedFacts(parameters)
        let skilled = facts.slope { facts.skilled.contains($0) }
        #expect((skilled.edge - 0.05).magnitude < 3 * skilled.error, "\(skilled)")
        #expect(skilled.edge > 5 * skilled.error, "\(skilled)")
        let others = facts.slope { !facts.skilled.contains($0) }
        #expect(others.edge.magnitude < 3 * others.error, "\(others)")
        #expect(others.error < 0.01, "\(others)")
        let all = facts.slope { _ in true }
        #expect((all.edge - 0.01).magnitude < 3 * all.error, "\(all)")
    }

    @Test("an even edge is the same for everyone")
    func uniform() throws {
        let parameters = SimulationParameters(
            seed: 12, years: 4, tickers: 60, edge: 300, edgeKind: .uniform)
        let facts = try IngestedFacts(parameters)
        #expect(facts.skilled.count == facts.people)
        let all = facts.slope { _ in true }
        #expect((all.edge - 0.03).magnitude < 3 * all.error, "\(all)")
        #expect(all.edge > 5 * all.error, "\(all)")
    }

    @Test("regimes change volatility, and drift only when asked to")
    func regimes() {
        let plain = SimulatedWorld(SimulationParameters(seed: 8, years: 20, tickers: 5))
        let drifting = SimulatedWorld(
            SimulationParameters(seed: 8, years: 20, tickers: 5, hasRegimeDrift: true))
        #expect(plain.market.regime == drifting.market.regime)
        var spread: [Double] = []
        for regime in 0..<3 {
            let sessions = plain.market.regime.indices.filter {
                plain.market.regime[$0] == regime && $0 > 0
            }
            #expect(sessions.count > 250)
            let returns = sessions.map {
                plain.market.index[$0].close - plain.market.index[$0 - 1].close
            }
            spread.append(moments(returns).error * Double(returns.count).squareRoot())
            let added = sessions.map { session in
                drifting.market.index[session].close - drifting.market.index[session - 1].close
                    - plain.market.index[session].close + plain.market.index[session - 1].close
            }
            let expected = (MarketPath.regimes[regime].drift - MarketPath.drift) / 252
            #expect(added.allSatisfy { ($0 - expected).magnitude < 1e-9 })
        }
        #expect(spread[0] < spread[1] && spread[1] * 1.5 < spread[2], "\(spread)")
    }

    @Test("in a storm companies move together more than in a calm")
    func correlations() {
        let world = SimulatedWorld(SimulationParameters(seed: 8, years: 10, tickers: 12))
        let index = world.market.index
        var correlations = [0.0, 0.0, 0.0]
        for number in world.companies.indices {
            let bars = world.prices(of: number).bars
            for regime in 0..<3 {
                let sessions = bars.indices.filter { $0 > 0 && world.market.regime[$0] == regime }
                correlations[regime] += correlation(
                    sessions.map { log(bars[$0].close / bars[$0 - 1].close) },
                    sessions.map { index[$0].close - index[$0 - 1].close })
            }
        }
        #expect(correlations[0] < correlations[1], "\(correlations)")
        #expect(correlations[1] < correlations[2], "\(correlations)")
    }

    private func correlation(_ left: [Double], _ right: [Double]) -> Double {
        let (one, two) = (moments(left), moments(right))
        let count = Double(left.count)
        let product = zip(left, right).reduce(0) {
            $0 + ($1.0 - one.mean) * ($1.1 - two.mean)
        }
        return product / (count * (count - 1)) / (one.error * two.error)
    }
}

/// Mean and its standard error.
func moments(_ values: [Double]) -> (mean: Double, error: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
}
