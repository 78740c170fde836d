import Audit
import Events
import FeedbackLoop
import Pipeline
import TestWorlds
import Testing

/// A table of look aheads, each planted into the loop itself: found by check-lookahead.
@Suite("A hundred planted look-aheads, a hundred found")
struct HundredPlantsTests {
    @Test("the table has more than a hundred, no two alike")
    func table() {
        #expect(Peek.all.count >= 100)
        #expect(Set(Peek.all).count == Peek.all.count)
    }

    @Test("a loop that is shown the present decides what the loop decides, and nothing is found")
    func honest() throws {
        let world = try PeekWorld.shared.get()
        for kind in [Peek.Kind.session(.cycle, .bar), .session(.close, .index)] {
            let peek = Peek(kind: kind, lag: 0)
            let isHonest = try world.run(peek) == world.honest
            #expect(isHonest)
            #expect(try world.finding(peek) == nil)
        }
    }

    @Test("each changes a decision, and is found", arguments: Peek.all)
    func found(_ peek: Peek) throws {
        let world = try PeekWorld.shared.get()
        let recorded = try world.run(peek)
        let isChanged = recorded != world.honest
        #expect(isChanged, "\(peek) changes no decision, and proves nothing")
        #expect(try world.finding(peek, recorded) != nil, "\(peek) is not found")
    }
}

/// A small market with everything that the loop reads, and what the loop decides there.
struct PeekWorld: Sendable {
    let facts: [[UInt8]]
    let tape: FactTape
    let loop: LoopStrategy
    let honest: RecordedRun
    private let cuts: [Instant]

    /// The one that all plants share.
    static let shared: Result<PeekWorld, any Error> = Result { try PeekWorld() }

    private init() throws {
        let world = SmallWorld()
        facts = try PeekWorld.furnished(world)
        tape = try FactTape(facts)
        loop = try SmallWorld.strategy()
        honest = try PeekWorld.record(loop, tape)
        cuts = (8..<40).map { Instant(world.days[world.days.count * $0 / 40], hour: 12) }
    }

    /// What the loop with a look ahead decides.
    func run(_ peek: Peek) throws -> RecordedRun {
        try PeekWorld.record(try PeekingLoop(loop, facts: facts, peek), tape)
    }

    /// The first of the cuts at which another future changes the past.
    func finding(_ peek: Peek, _ recorded: RecordedRun? = nil) throws -> UInt64? {
        let recorded = try recorded ?? run(peek)
        for cut in cuts {
            let finding = try PrefixInvariance.check(
                recorded: recorded, tape: tape, cut: cut, seed: 3
            ) { try PeekingLoop(loop, facts: try $0.messages(), peek) }
            if let position = finding.position { return position }
        }
        return nil
    }

    static func record(_ strategy: some Strategy, _ tape: FactTape) throws -> RecordedRun {
        var run = RecordedRun()
        var replayer = RunReplayer(strategy, window: ReplayWindow())
        for position in 1...tape.count {
            let message = Array(try tape.message(position))
            _ = try replayer.step(message.span.bytes, at: UInt64(position)) { run.append($1) }
        }
        try replayer.finish(timeline: nil) { run.append($1) }
        return run
    }

    /// The world's facts with a volatility index, and with sectors and seats on
    /// committees that change now and then.
    private static func furnished(_ world: SmallWorld) throws -> [[UInt8]] {
        var made: [(knownAt: Instant, place: Int, message: [UInt8])] = []
        for (index, fact) in world.facts.enumerated() {
            made.append((try Envelope(message: fact.span.bytes).knownAt, index, fact))
        }
        for (number, day) in world.days.enumerated() {
            let knownAt = Instant(day, hour: 21)
            let envelope = Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .timeline)
            let level = 15 + Double(number * 37 % 101) / 10
            let event = IndexClosed(
                envelope: envelope, source: .zero, close: level, adjustedClose: level, day: day,
                series: .volatility, symbol: "VIX", conflicts: 0)
            made.append((knownAt, -1, event.encoded()))
            guard number % 20 == 0 else { continue }
            for (place, ticker) in SmallWorld.tickers.enumerated() {
                let sector = InstrumentClassified(
                    envelope: envelope, validFrom: day, ticker: ticker,
                    sector: Sector.allCases[place * (number / 20 + 1) % 3].name, name: nil)
                made.append((knownAt, -2, sector.encoded()))
            }
            for filer in 0..<25 {
                let seat = CommitteeAssigned(
                    envelope: envelope, validFrom: day, validThrough: day + 27,
                    sectors: UInt16(1 << ((filer + number / 20) % 3)), committee: "HSAG",
                    name: "Filer \(filer)")
                made.append((knownAt, -3, seat.encoded()))
            }
        }
        return made.enumerated().sorted {
            ($0.element.knownAt, $0.element.place, $0.offset)
                < ($1.element.knownAt, $1.element.place, $1.offset)
        }.map(\.element.message)
    }
}
