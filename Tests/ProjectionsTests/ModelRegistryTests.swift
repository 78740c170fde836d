import EventLog
import Events
import Pipeline
import Testing

@testable import Projections

@Suite("The model registry as of any position")
struct ModelRegistryTests {
    private let run: RunFixture
    private let log: EventLog

    init() throws {
        run = try RunFixture.learning()
        log = try EventLog.open(at: try run.data.run("feedback"))
    }

    private func registry(_ moment: AsOf.Moment = .end) throws -> ModelRegistry {
        try ModelRegistry.read(try run.view().merged, asOf: AsOf(moment))
    }

    @Test("the champion is the latest promotion's, from its position on and not before")
    func champions() throws {
        var promotions: [(position: UInt64, event: ModelPromoted)] = []
        try log.read { record in
            if let event = try? ModelPromoted(message: record.message) {
                promotions.append((record.position, event))
            }
            return .proceed
        }
        #expect(promotions.count > 5)
        var previous: String?
        for (position, event) in promotions {
            let before = try registry(.event(.own(position - 1)))
            #expect(before.champion?.text("id") == previous)
            let after = try registry(.event(.own(position)))
            #expect(after.through == position)
            #expect(after.champion?.text("id") == "\(event.model)")
            #expect(after.models.count { $0.text("status") == "active" } == 1)
            let comparison = try #require(after.comparison("\(event.comparison)"))
            #expect(comparison.number("promoted") == 1)
            #expect(after.champion?.text("status_reason")?.contains("\(event.comparison)") == true)
            previous = "\(event.model)"
        }
    }

    @Test("as of a date is as of the cycle after it")
    func days() throws {
        let half = try log.head().position / 2
        let there = try registry(.event(.own(half)))
        let day = try #require(there.recordedAt).day
        let registry = try self.registry(.day(day))
        #expect(registry.through >= half)
        #expect(registry.recordedAt.map { $0 <= AsOf.cycle(of: day) } == true)
        let next = try self.registry(.event(.own(registry.through + 1)))
        #expect(next.recordedAt.map { $0 > AsOf.cycle(of: day) } == true)
        #expect(try self.registry(.day(Day("1999-01-01")!)).models.isEmpty)
    }

    @Test("its rows are those of the read model, positions and all")
    func sameRows() throws {
        _ = try run.project(["model-registry"])
        let registry = try self.registry()
        for (table, key, rows) in [
            ("ml_models", "request_id", registry.models),
            ("ml_model_comparisons", "id", registry.comparisons),
            ("ml_training_jobs", "id", registry.jobs),
            ("model_retraining_events", "id", registry.retrainings),
        ] {
            let stored = try run.rows(
                "SELECT * FROM \(table) ORDER BY CAST(substr(\(key), 2) AS INTEGER)")
            #expect(stored.count == rows.count && !rows.isEmpty)
            for (mine, theirs) in zip(rows, stored) {
                for (column, (left, right)) in zip(mine.columns, zip(mine.values, theirs)) {
                    #expect(left == right, "\(table).\(column)")
                }
            }
        }
    }

    @Test("a model answers to its part, reference, request, version and digest, to nothing else")
    func names() throws {
        let registry = try self.registry()
        let champion = try #require(registry.champion)
        let version = try #require(champion.number("model_version"))
        let digest = try #require(champion.text("artifact_sha256"))
        for name in [
            "champion", champion.text("id")!, champion.text("request_id")!, "\(Int(version))",
            digest,
        ] {
            #expect(try registry.model(name) == champion, "\(name)")
        }
        for name in ["r1", "0", "", "candidat", String(digest.prefix(7)), "-1", "4711"] {
            #expect(throws: ModelRegistryError.self, "\(name)") { try registry.model(name) }
        }
        let early = try self.registry(.event(.own(2)))
        let error = #expect(throws: ModelRegistryError.self) { try early.model("champion") }
        #expect(error?.description == "there is no champion as of r2")
    }

    @Test("a position behind the head is refused with the head")
    func behind() throws {
        let head = try log.head().position
        let error = #expect(throws: AsOfError.self) {
            try registry(.event(.own(head + 1)))
        }
        #expect(error?.description.contains("the run ends with r\(head)") == true)
    }
}
