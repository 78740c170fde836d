import Audit
import Events
import TestKit
import TestWorlds
import Testing

/// Look-aheads planted into what the loop is fed. Each reads a fact before it was known, leaves no
/// trace in the events' own stamps, and is found by prefix invariance.
@Suite("Planted look-aheads: found by check-lookahead")
struct PlantedFeedTests {
    typealias Plant = @Sendable ([[UInt8]]) throws -> [[UInt8]]

    struct Named: Sendable, CustomTestStringConvertible {
        let name: String
        let plant: Plant
        var testDescription: String { name }
    }

    @Test("the loop itself decides the same whatever comes after the cut")
    func honest() throws {
        #expect(try firstDifference { $0 } == nil)
    }

    @Test("each plant is found", arguments: plants)
    func found(_ named: Named) throws {
        let difference = try firstDifference(named.plant)
        #expect(difference != nil, "\(named.name) is not found")
    }

    /// The first decision up to a cut that changes when the facts after it are scrambled.
    private func firstDifference(_ plant: Plant) throws -> UInt64? {
        let world = SmallWorld()
        let recorded = try SmallWorld.replay(try plant(world.facts))
        for part in 8..<40 {
            let cut = Instant(world.days[world.days.count * part / 40], hour: 12)
            let facts = try plant(try SmallWorld.scrambled(world.facts, after: cut))
            let again = try SmallWorld.replay(facts)
            for position in 1...max(recorded.count, again.count) {
                guard position <= recorded.count, position <= again.count else { return position }
                let message = Array(try recorded.message(position))
                if try Envelope(message: message.span.bytes).recordedAt > cut { break }
                if try again.message(position) != recorded.message(position) { return position }
            }
        }
        return nil
    }

    static let plants: [Named] = [
        Named(name: "filings at their trade date") { try Feed.moveFilings($0) { $0.tradedOn } },
        Named(name: "filings a day early") { try Feed.moveFilings($0) { $0.filedOn - 1 } },
        Named(name: "filings a week early") { try Feed.moveFilings($0) { $0.filedOn - 7 } },
        Named(name: "closes of the next session") {
            try Feed.editBars($0) { bar, next in bar.close = next.close }
        },
        Named(name: "opens of the next session") {
            try Feed.editBars($0) { bar, next in bar.open = next.open }
        },
        Named(name: "an ATR that reads the entry day's bar") {
            try Feed.editBars($0) { bar, next in
                bar.high = max(bar.high, next.high)
                bar.low = min(bar.low, next.low)
            }
        },
        Named(name: "volume of the next session") {
            try Feed.editBars($0) { bar, next in bar.volume = next.volume }
        },
        Named(name: "whole bars a session early") {
            try Feed.editBars($0) { bar, next in bar = next }
        },
        Named(name: "a glitch filter that asks the next session") {
            try Feed.editBars($0) { bar, next in
                if next.close < bar.close { bar.close = (bar.close + next.close) / 2 }
            }
        },
        Named(name: "a regime shifted by one session") { try Feed.shiftIndex($0, by: 1) },
        Named(name: "a regime shifted by five sessions") { try Feed.shiftIndex($0, by: 5) },
        Named(name: "only tickers that survive to the end") { try Feed.onlySurvivors($0) },
        Named(name: "only filings before a rise of the ticker") { try Feed.onlyWinners($0) },
        Named(name: "amounts scaled by the largest of all filings") { try Feed.scaleAmounts($0) },
    ]
}

/// Ways to feed a loop what it cannot know.
enum Feed {
    static func moveFilings(_ facts: [[UInt8]], to day: (DisclosureFiled) -> Day) throws
        -> [[UInt8]]
    {
        var stamped: [(knownAt: Instant, index: Int, message: [UInt8])] = []
        for (index, fact) in facts.enumerated() {
            if let filing = try? DisclosureFiled(bytes: fact) {
                var filing = filing
                filing.envelope.knownAt = Instant(day(filing) + 1, hour: 5)
                filing.envelope.recordedAt = filing.envelope.knownAt
                stamped.append((filing.envelope.knownAt, index, filing.encoded()))
            } else {
                stamped.append((try Envelope(message: fact.span.bytes).knownAt, index, fact))
            }
        }
        return stamped.sorted { ($0.knownAt, $0.index) < ($1.knownAt, $1.index) }.map(\.message)
    }

    static func editBars(
        _ facts: [[UInt8]], _ edit: (inout SessionClosed.Bar, SessionClosed.Bar) -> Void
    ) throws -> [[UInt8]] {
        var result = facts
        var next: SessionClosed?
        for index in facts.indices.reversed() {
            guard let session = try? SessionClosed(bytes: facts[index]) else { continue }
            var edited = session
            for bar in edited.bars.indices {
                guard
                    let later = next?.bars.first(where: { $0.ticker == edited.bars[bar].ticker })
                else { continue }
                edit(&edited.bars[bar], later)
            }
            next = session
            result[index] = edited.encoded()
        }
        return result
    }

    static func shiftIndex(_ facts: [[UInt8]], by shift: Int) throws -> [[UInt8]] {
        var places: [Int] = []
        for index in facts.indices where (try? IndexClosed(bytes: facts[index])) != nil {
            places.append(index)
        }
        var result = facts
        for (number, place) in places.enumerated() where number + shift < places.count {
            var event = try IndexClosed(bytes: facts[place])
            let later = try IndexClosed(bytes: facts[places[number + shift]])
            event.close = later.close
            event.adjustedClose = later.adjustedClose
            result[place] = event.encoded()
        }
        return result
    }

    static func onlySurvivors(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        let last = facts.lazy.compactMap { try? SessionClosed(bytes: $0) }.suffix(1)
        let survivors = last.first?.bars.map(\.ticker) ?? []
        return facts.map { fact in
            guard var session = try? SessionClosed(bytes: fact) else { return fact }
            session.bars.removeAll { !survivors.contains($0.ticker) }
            return session.encoded()
        }
    }

    /// Turns every buy into a sell whose ticker falls over the next 20 sessions.
    static func onlyWinners(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        let sessions = facts.compactMap { try? SessionClosed(bytes: $0) }
        return facts.map { fact in
            guard var filing = try? DisclosureFiled(bytes: fact),
                let now = sessions.firstIndex(where: { $0.day > filing.filedOn }),
                now + 20 < sessions.count,
                let before = sessions[now].bars.first(where: { $0.ticker == filing.ticker }),
                let after = sessions[now + 20].bars.first(where: { $0.ticker == filing.ticker })
            else { return fact }
            filing.side = after.close > before.close ? .buy : .sell
            return filing.encoded()
        }
    }

    static func scaleAmounts(_ facts: [[UInt8]]) throws -> [[UInt8]] {
        let amounts = facts.compactMap { (try? DisclosureFiled(bytes: $0))?.amountLow }
        let largest = amounts.max()?.dollars ?? 1
        return facts.map { fact in
            guard var filing = try? DisclosureFiled(bytes: fact) else { return fact }
            filing.amountLow = filing.amountLow.map { Money(dollars: $0.dollars / largest * 1e6) }
            filing.amountHigh = nil
            return filing.encoded()
        }
    }
}
