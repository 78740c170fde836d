import EventLog
import Events
import Pipeline
import TestKit
import Testing

@testable import Projections

@Suite("Digests of read models")
struct DigestTests {
    /// Folds the whole view in pieces drawn from a seed, ending and resuming the projector between
    /// some of them as a killed one would be: without storing what it had folded.
    private func project<P: Projection>(_ type: P.Type, _ run: RunFixture, seed: UInt64) throws
        -> StateDigest
    {
        var generator = SeededGenerator(seed: seed)
        let view = try run.view()
        var projector: Projector<P>? = try Projector<P>(view, rebuild: true)
        try projector?.caughtUp()
        var (restarts, stored) = (0, 0)
        while let position = projector?.folding {
            var feed = EventFeed(view, after: position)
            guard let chunk = try feed.next() else { break }
            try projector?.fold(chunk.prefix(Int.random(in: 1...400, using: &generator)))
            let lot = Int.random(in: 0..<4, using: &generator)
            if lot < 2 {
                try projector?.save()
                stored += 1
            } else if lot == 2, restarts < 40 {
                restarts += 1
                projector = nil
                projector = try Projector<P>(view, rebuild: false)
                #expect(projector?.start == .resumed)
            }
        }
        let last = try #require(projector)
        try last.caughtUp()
        try last.check()
        try last.close()
        #expect(restarts > 5 && stored > 5, "\(P.name) was cut up")
        return last.report(failure: nil).checkpoint.digest
    }

    @Test(
        "rebuilt at once, in pieces, or killed and resumed: the rows are the same",
        arguments: [UInt64(1), 2])
    func anyWay(seed: UInt64) throws {
        let run = try RunFixture()
        let whole = try run.project().map(\.checkpoint.digest)
        for (type, digest) in zip(ProjectionCatalogue.all, whole) {
            #expect(try project(type, run, seed: seed) == digest, "\(type)")
        }
        #expect(try run.project(rebuild: true).map(\.checkpoint.digest) == whole)
    }

    @Test("the registry of a loop that learns is the same in pieces, and its state reads back")
    func registry() throws {
        let run = try RunFixture.learning()
        let whole = try run.project(["model-registry"]).map(\.checkpoint.digest)
        #expect(whole == [try project(ModelRegistryProjection.self, run, seed: 3)])
        try roundTrip(ModelRegistryProjection.self, run)
    }

    @Test("so are the weight, the thresholds and the champion's record, and there are some")
    func weights() throws {
        let run = try RunFixture.learning()
        let names = [
            "blend-weight", "performance", "portfolio", "signals", "training-set-rows",
        ]
        let whole = try run.project(names).map(\.checkpoint.digest)
        #expect(
            whole == [
                try project(BlendWeightProjection.self, run, seed: 4),
                try project(PerformanceProjection.self, run, seed: 4),
                try project(PortfolioProjection.self, run, seed: 4),
                try project(SignalsProjection.self, run, seed: 4),
                try project(TrainingSetRowsProjection.self, run, seed: 4),
            ])
        try roundTrip(TrainingSetRowsProjection.self, run)
        try roundTrip(BlendWeightProjection.self, run)
        try roundTrip(PerformanceProjection.self, run)
        #expect(try run.number("SELECT count(*) FROM blend_weight_history") > 10)
        #expect(try run.number("SELECT count(*) FROM threshold_history") > 0)
        #expect(try run.number("SELECT count(*) FROM model_performance_history") > 100)
        #expect(
            try run.number(
                "SELECT count(*) FROM feature_importance_history "
                    + "WHERE feature_name = '_ml_blend_weight'")
                == (try run.number("SELECT count(*) FROM blend_weight_history")))
        #expect(
            try run.number(
                "SELECT count(*) FROM trading_signals WHERE ml_enhanced AND model_version IS NULL")
                == 0)
    }

    @Test("two machines' worth of the same log give the same digests, another log others")
    func acrossLogs() throws {
        let first = try RunFixture().digests()
        #expect(try RunFixture().digests() == first)
        let other = try RunFixture(seed: 6).digests()
        for (name, (one, two)) in zip(ProjectionCatalogue.names, zip(first, other)) {
            // Nothing is trained in these runs: two read models have no rows. One of events that
            // no run records stands here too.
            let empty = [ModelRegistryProjection.name, BlendWeightProjection.name]
            #expect(one != two || empty.contains(name), "\(name) has no rows that differ")
        }
    }

    @Test("a digest is a sum: order does not matter, and what is added can be taken away")
    func sums() {
        let rows = (0..<50).map { number in
            [UInt8](repeating: UInt8(number), count: 9).withUnsafeBytes {
                StateDigest.hash(table: [65, 0], row: $0)
            }
        }
        var forward = StateDigest()
        var backward = StateDigest()
        for row in rows { forward.add(row) }
        for row in rows.reversed() { backward.add(row) }
        #expect(forward == backward)
        forward.remove(rows[7])
        #expect(forward != backward)
        for (index, row) in rows.enumerated() where index != 7 { forward.remove(row) }
        #expect(forward == StateDigest())
    }

    @Test("a changed value is found by the check over all rows, and a rebuild mends it")
    func tampering() throws {
        let run = try RunFixture()
        let digests = try run.digests()
        try run.tamper("performance", "UPDATE signal_outcomes SET return_pct = 99 WHERE rowid = 3")
        #expect(throws: ReadModelError.self) {
            try ReadModelCheck.run(run.data, run: "feedback", projection: "performance")
        }
        _ = try run.project(["performance"], rebuild: true)
        try ReadModelCheck.run(run.data, run: "feedback", projection: "performance")
        #expect(try run.digests() == digests)
    }

    @Test("the stored state gives the same state back, byte for byte, at any position")
    func snapshots() throws {
        let run = try RunFixture()
        try roundTrip(DisclosuresProjection.self, run)
        try roundTrip(LineageProjection.self, run)
        try roundTrip(ModelRegistryProjection.self, run)
        try roundTrip(PerformanceProjection.self, run)
        try roundTrip(PortfolioProjection.self, run)
        try roundTrip(SignalsProjection.self, run)
        try roundTrip(TrainingSetProjection.self, run)
    }

    private func roundTrip<P: Projection>(_ type: P.Type, _ run: RunFixture) throws {
        let view = try run.view()
        let projector = try Projector<P>(view, rebuild: true)
        var feed = EventFeed(view, after: .start)
        while let chunk = try feed.next() {
            for start in stride(from: 0, to: chunk.entries.count, by: 701) {
                try projector.fold(chunk.prefix(min(start + 701, chunk.entries.count)))
                try projector.save()
                let stored = try projector.store.state()
                var reader = SnapshotReader(stored)
                let read = try projector.store.rows { try P(snapshot: &reader, rows: $0) }
                var writer = SnapshotWriter()
                read.snapshot(&writer)
                #expect(writer.bytes == stored, "\(P.name) at \(projector.folding.position)")
                #expect(reader.isAtEnd)
            }
        }
        try projector.close()
    }
}
