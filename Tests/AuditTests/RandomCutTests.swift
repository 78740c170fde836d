import Audit
import Events
import FeedbackLoop
import Pipeline
import TestWorlds
import Testing

@Suite("Random cuts")
struct RandomCutTests {
    private func search(_ recorded: RecordedRun, _ world: PeekWorld, threads: Int)
        -> LookaheadSearch
    {
        var search = LookaheadSearch(recorded: recorded, tape: world.tape)
        search.threads = threads
        return search
    }

    @Test("the loop decides the same whatever comes after any of them")
    func honest() throws {
        let world = try PeekWorld.shared.get()
        let search = search(world.honest, world, threads: 4)
        let cuts = try RandomCuts.cuts(200, seed: 11, recorded: world.honest, tape: world.tape)
        let report = try search.check(cuts) { _ in world.loop }
        #expect(report.isSound && report.cuts == 200)
        #expect(report.compared > 50_000)
    }

    @Test(
        "a loop that follows some alone decides the same whatever comes after any of the cuts",
        arguments: [
            ["follow_party=democrat", "follow_buys_only=true"], ["follow_members=Filer 3; Filer 8"],
            ["follow_committee=HSAG"], ["follow_owner=self", "follow_least_band=15001"],
        ])
    func filtered(_ following: [String]) throws {
        let world = try PeekWorld.shared.get()
        let loop = try SmallWorld.strategy(SmallWorld.settings + following)
        let recorded = try PeekWorld.record(loop, world.tape)
        let all = recorded.count
        // Of this world everybody sits on the one committee: its seats of later are scrambled.
        let leavesOut = following != ["follow_committee=HSAG"]
        #expect(all > 100 && (all != world.honest.count) == leavesOut)
        let cuts = try RandomCuts.cuts(60, seed: 13, recorded: recorded, tape: world.tape)
        let report = try search(recorded, world, threads: 2).check(cuts) { _ in loop }
        #expect(report.isSound && report.cuts == 60 && report.compared > 1_000)
    }

    @Test("a loop that trains and promotes decides the same whatever comes after any of them")
    func learning() throws {
        let world = try LearnedWorld.gated.get()
        var recorded = RecordedRun()
        for event in world.events { recorded.append(event.span.bytes) }
        let tape = try FactTape(world.facts)
        let search = LookaheadSearch(recorded: recorded, tape: tape, trainer: StumpTrainer())
        let cuts = try RandomCuts.cuts(18, seed: 12, recorded: recorded, tape: tape)
        let report = try search.check(cuts) { _ in world.loop }
        #expect(report.isSound && report.compared > 18 * 1_000)
    }

    @Test("they find a look ahead, the same with one thread and with four")
    func planted() throws {
        let world = try PeekWorld.shared.get()
        let peek = Peek(kind: .session(.weekly, .close), lag: 1)
        let recorded = try world.run(peek)
        let cuts = try RandomCuts.cuts(30, seed: 11, recorded: recorded, tape: world.tape)
        var found: [PrefixInvariance.Finding] = []
        for threads in [1, 4] {
            let report = try search(recorded, world, threads: threads).check(cuts) {
                try PeekingLoop(world.loop, facts: try $0.messages(), peek)
            }
            found.append(try #require(report.finding))
        }
        #expect(found[0].cut == found[1].cut && found[0].position == found[1].position)
    }

    @Test("they depend on their seed alone, and lie within the run")
    func seeded() throws {
        let world = try PeekWorld.shared.get()
        func cuts(_ seed: UInt64) throws -> [RandomCuts.Cut] {
            try RandomCuts.cuts(300, seed: seed, recorded: world.honest, tape: world.tape)
        }
        #expect(try cuts(1) == cuts(1))
        #expect(try cuts(1) != cuts(2))
        let first = try world.honest.recordedAt(2)
        let last = try world.honest.recordedAt(world.honest.count)
        #expect(try cuts(1).allSatisfy { $0.instant >= first && $0.instant <= last })
        #expect(Set(try cuts(1).map(\.instant)).count > 150)
    }

    @Test("a cut at the very end compares every decision, and not how the run ended")
    func end() throws {
        let world = try PeekWorld.shared.get()
        let last = try world.honest.recordedAt(world.honest.count)
        let cut = RandomCuts.Cut(instant: last, seed: 1)
        let report = try search(world.honest, world, threads: 1).check([cut]) { _ in world.loop }
        #expect(report.isSound && report.compared == world.honest.count - 1)
    }

    @Test("a run without decisions has none")
    func empty() throws {
        let world = try PeekWorld.shared.get()
        #expect(
            try RandomCuts.cuts(5, seed: 1, recorded: RecordedRun(), tape: world.tape).isEmpty)
    }
}
