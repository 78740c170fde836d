import EventLog
import Events
import Foundation
import GRDB
import TestKit
import TestWorlds
import Testing

@testable import Projections

/// What the files of histories hold, beside their read models.
@Suite("Files of histories", .timeLimit(.minutes(10)))
struct HistoryFileTests {
    @Test("a history keeps no version that repeats the one before it, and nothing of most rows")
    func kept() throws {
        let run = try RunFixture.learning()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        let names = ProjectionCatalogue.namesOfAll
        try history.ensure(names, through: end)
        for type in ProjectionCatalogue.all where type.isOfAll && type.hasHistoryFile {
            let queue = try DatabaseQueue(path: history.file(of: type.name))
            let found = try queue.read { database in
                try String.fetchAll(
                    database,
                    sql: "SELECT name FROM sqlite_schema WHERE type = 'table' "
                        + "AND name <> 'recount_checkpoint'")
            }
            let tables = VersionTable.of(type.name).filter(\.isKept)
            #expect(found.sorted() == tables.map(\.name).sorted())
            for table in tables {
                var columns = table.changing.map { table.columns[$0] }
                if !table.once.isEmpty { columns.append("valid_set") }
                let key = table.columns.prefix(table.keyColumns)
                let same = (key + columns).map { "a.\"\($0)\" IS b.\"\($0)\"" }
                let repeats = try queue.read { database in
                    try Int.fetchOne(
                        database,
                        sql: """
                            SELECT count(*) FROM \(table.name) a JOIN \(table.name) b
                            ON \(same.joined(separator: " AND ")) AND b.valid_from =
                            (SELECT max(valid_from) FROM \(table.name) c WHERE
                            \(key.map { "c.\($0) = a.\($0)" }.joined(separator: " AND "))
                            AND c.valid_from < a.valid_from)
                            """)
                }
                #expect(repeats == 0, "\(table.name)")
            }
        }
        // An evaluation is active at first, and its end is all that is kept of it.
        let queue = try DatabaseQueue(path: history.file(of: "signals"))
        let versions = try queue.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM trading_signals")
        }
        let ended = try run.number("SELECT count(*) FROM trading_signals WHERE is_active = 0")
        #expect(versions.map(Int64.init) == ended && ended > 100)
    }

    @Test("histories of read models as long as the log take less than a tenth of it together")
    func size() throws {
        let run = try RunFixture(seed: 5, sessions: 400)
        let history = try History(run.data, run: "feedback")
        let names = ["disclosures", "signals", "training-set", "lineage"]
        try history.ensure(names, through: history.view.merged.end().position)
        var kept = 0
        for name in names where FileManager.default.fileExists(atPath: history.file(of: name)) {
            // Not whole pages: each table and index has one, whether it has a row or not.
            kept += try DatabaseQueue(path: history.file(of: name)).read {
                try Int.fetchOne(
                    $0, sql: "SELECT sum(payload) FROM dbstat WHERE name <> 'recount_checkpoint'")
                    ?? 0
            }
        }
        var bytes = 0
        var feed = EventFeed(history.view, after: .start)
        while let chunk = try feed.next() { bytes += chunk.bytes.count }
        #expect(kept > 0 && kept * 10 < bytes, "\(kept) of \(bytes) bytes")
    }

    @Test("a read model that is ahead of its history lends it nothing of what came later")
    func ahead() throws {
        let fixture = try DataFixture(count: 300)
        let then = try {
            let before = try History(fixture.data, run: nil)
            try before.ensure(["disclosures"], through: 300)
            return try (
                before.digest(of: "disclosures", at: 300), before.digest(of: "disclosures", at: 150)
            )
        }()
        try fixture.append(fixture.messages[300...])
        #expect(try fixture.group().project(rebuild: false)[0].failure == nil)
        let after = try History(fixture.data, run: nil)
        try after.ensure(["disclosures"], through: 300)
        #expect(
            try HistoryFile.status(at: after.file(of: "disclosures"))?.checkpoint.position.own
                == 300)
        #expect(try after.digest(of: "disclosures", at: 300) == then.0)
        #expect(try after.digest(of: "disclosures", at: 150) == then.1)
        #expect(try after.next("disclosures", after: 300) == nil)
        var rows = 0
        try after.ask(
            "SELECT * FROM disclosures", of: ["disclosures"], .since(300), columns: { _ in },
            row: { _ in rows += 1 })
        #expect(rows == 0)
    }

    @Test("versions of a row meet without a gap or an overlap, and the last has no end")
    func versions() throws {
        let run = try RunFixture.learning()
        let history = try History(run.data, run: "feedback")
        let end = try history.view.merged.end().position
        let names = ProjectionCatalogue.names
        try history.ensure(names, through: end)
        // All nine are more files than SQLite attaches: some are copied.
        for (_, table) in VersionTable.catalogue {
            var count: Int64 = 0
            for (query, isZero) in [
                (
                    """
                    SELECT count(*) FROM (SELECT valid_to, lead(valid_from) OVER (PARTITION BY
                    \(table.keyList) ORDER BY valid_from) AS next FROM \(table.name))
                    WHERE valid_to IS NOT next
                    """, true
                ),
                ("SELECT count(*) FROM \(table.name) WHERE valid_to IS NULL", false),
            ] {
                try history.ask(
                    query, of: names, .all, columns: { _ in },
                    row: { if case .integer(let value) = $0[0] { count = value } })
                if isZero { #expect(count == 0, "\(table.name)") }
            }
            #expect(try count == run.count(table.name, history, at: end), "\(table.name)")
        }
    }

    @Test("a history has a read model of its own where the published one may not be made anew")
    func held() throws {
        let run = try RunFixture()
        _ = try run.project(["portfolio"])
        let view = try run.view()
        try run.tamper("portfolio", "UPDATE recount_checkpoint SET version = version + 1")
        let generation = try #require(view.folder.generation("portfolio"))
        try view.folder.hold("portfolio", generation: generation)
        let history = try History(run.data, run: "feedback")
        let end = try view.merged.end().position
        try history.ensure(["portfolio"], through: end)
        #expect(view.folder.generation("portfolio") == generation)
        #expect(
            try history.digest(of: "portfolio", at: end / 2)
                == (try history.foldedDigest(of: "portfolio", at: end / 2)))
    }

    @Test("a change of what never changes, and a row that begins elsewhere, are refused")
    func refused() throws {
        let run = try RunFixture()
        _ = try run.project(["signals"])
        let view = try run.view()
        func apply(at moment: UInt64 = 40, _ change: (inout RowChanges) -> Void) throws {
            let file = try HistoryFile.create(
                at: "\(run.folder.path)/history.sqlite", SignalsProjection.self,
                over: view.folder, logID: .zero)
            defer { try? file.close() }
            var changes = RowChanges(tables: SignalsProjection.tables)
            change(&changes)
            try file.transact {
                try file.apply(changes, at: moment)
                return (file.status.checkpoint, [])
            }
        }
        let ended = try run.rows(
            "SELECT position, to_position FROM trading_signals WHERE to_position IS NOT NULL LIMIT 1"
        )
        guard
            case (.integer(let row)?, .integer(let end)?)? = ended.first.map({ ($0.first, $0.last) }
            )
        else {
            Issue.record("an evaluation was followed by another")
            return
        }
        func patch(_ values: [(column: Int, value: RowValue)]) throws {
            try apply(at: UInt64(end)) { $0.patch(0, .integer(row), values) }
        }
        let right = (column: 23, value: RowValue.integer(end))
        #expect(throws: Never.self) { try patch([right]) }
        #expect(throws: ProjectionRefusal.self) { try patch([right, (2, .text("ELSE"))]) }
        // What changes once is what the read model has.
        #expect(throws: ProjectionRefusal.self) { try patch([(23, .integer(end + 1))]) }
        for (position, isRefused) in [(40 as UInt64, false), (41, true)] {
            let found = Result {
                try apply {
                    $0.insert(1, .pair(Int64(position), 0)) { row in
                        row.integer(position)
                        for _ in 0..<12 { row.integer(0) }
                    }
                }
            }
            if isRefused {
                #expect(throws: ProjectionRefusal.self) { try found.get() }
            } else {
                #expect(throws: Never.self) { try found.get() }
            }
        }
    }
}

extension RunFixture {
    /// Rows of a table at a moment.
    fileprivate func count(
        _ table: String, _ history: History, at position: UInt64
    ) throws -> Int64 {
        var count: Int64 = -1
        try history.ask(
            "SELECT count(*) FROM \(table)", of: History.projections(in: table), .at(position),
            columns: { _ in }, row: { if case .integer(let value) = $0[0] { count = value } })
        return count
    }
}
