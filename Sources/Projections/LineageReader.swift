public import EventLog
public import Events
import GRDB

/// Asks the read model `lineage` of a view; each question is one look-up in an index.
public final class LineageReader: Lineage, Sendable {
    /// The read model that it asks.
    public static let projection = LineageProjection.name

    private let queue: DatabaseQueue

    /// Opens the published read model of a folder.
    ///
    /// - Throws: what SQLite says of a file that cannot be read.
    public init(_ folder: ReadModelFolder) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        queue = try DatabaseQueue(
            path: folder.readable(LineageProjection.name), configuration: configuration)
    }

    /// The events that stand behind one.
    public func causes(of event: Reference) throws -> [LineageEdge] {
        try queue.read { database in
            guard let position = try LineageReader.position(of: event, database) else { return [] }
            let sql =
                "SELECT cause, relation, template FROM lineage WHERE effect = ? ORDER BY ordinal"
            return try Row.fetchAll(
                database.cachedStatement(sql: sql), arguments: [Int64(position)]
            ).map { try LineageReader.edge($0, database) }
        }
    }

    /// The events that one stands behind.
    public func effects(
        of event: Reference, _ kinds: [UInt16]?, through: UInt64
    ) throws -> [LineageEdge] {
        try queue.read { database in
            guard let position = try LineageReader.position(of: event, database) else { return [] }
            let sql = """
                SELECT effect, relation, template FROM lineage
                WHERE cause = ? AND effect <= ?\(kinds == nil ? "" : " AND template = ?")
                """
            let statement = try database.cachedStatement(sql: sql)
            let bounds: [Int64] = [Int64(position), Int64(clamping: through)]
            var rows: [Row] = []
            for kind in kinds?.map({ [Int64($0)] }) ?? [[]] {
                rows += try Row.fetchAll(
                    statement, arguments: StatementArguments(bounds + kind))
            }
            return try rows.sorted { ($0[0] as Int64) < ($1[0] as Int64) }
                .map { try LineageReader.edge($0, database) }
        }
    }

    private static func edge(_ row: Row, _ database: Database) throws -> LineageEdge {
        guard let relation = Relation(rawValue: row[1]) else {
            throw ProjectionRefusal("lineage has a relation that this program lacks")
        }
        return LineageEdge(try event(at: row[0], database), relation, kind: row[2])
    }

    /// The last event of some kinds within the first `through`.
    public func latest(_ kinds: [UInt16], of ticker: Ticker?, through: UInt64) throws -> Reference?
    {
        try queue.read { database in
            var latest: Int64?
            let statement = try database.cachedStatement(
                sql: """
                    SELECT position FROM lineage_subjects
                    WHERE subject = ? AND position <= ? AND template = ?
                    ORDER BY position DESC LIMIT 1
                    """)
            for kind in kinds {
                let subject =
                    ticker.map { LineageSubject.number($0) } ?? LineageSubject.number(kind)
                let found = try Int64.fetchOne(
                    statement, arguments: [subject, Int64(clamping: through), Int64(kind)])
                latest = [latest, found].compactMap { $0 }.max()
            }
            return try latest.map { try LineageReader.event(at: $0, database) }
        }
    }

    /// Events of some kinds behind the first `after`.
    public func next(_ kinds: [UInt16], of ticker: Ticker?, after: UInt64, limit: Int) throws
        -> [Reference]
    {
        try queue.read { database in
            var positions: [Int64] = []
            let statement = try database.cachedStatement(
                sql: """
                    SELECT position FROM lineage_subjects
                    WHERE subject = ? AND position > ? AND template = ?
                    ORDER BY position LIMIT ?
                    """)
            for kind in kinds {
                let subject =
                    ticker.map { LineageSubject.number($0) } ?? LineageSubject.number(kind)
                positions += try Int64.fetchAll(
                    statement, arguments: [subject, Int64(clamping: after), Int64(kind), limit])
            }
            return try positions.sorted().prefix(limit)
                .map { try LineageReader.event(at: $0, database) }
        }
    }

    /// Events that may end a filing.
    public func endings(of filingID: String) throws -> [Reference] {
        try queue.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT position FROM lineage_subjects WHERE subject = ? ORDER BY position")
            return try Int64.fetchAll(
                statement, arguments: [LineageSubject.number(filing: filingID)]
            ).map { try LineageReader.event(at: $0, database) }
        }
    }

    /// How many events of the view were read with one.
    public func position(of event: Reference) throws -> UInt64? {
        try queue.read { try LineageReader.position(of: event, $0) }
    }

    private static func position(of event: Reference, _ database: Database) throws -> UInt64? {
        guard event != .none else { return nil }
        let number = Int64(event.position)
        // The stretch of its log that begins nearest before it.
        let sql =
            event.isTimeline
            ? """
            SELECT position, -first FROM lineage_stretches
            WHERE first BETWEEN -? AND -1 ORDER BY first LIMIT 1
            """
            : """
            SELECT position, first FROM lineage_stretches
            WHERE first BETWEEN 1 AND ? ORDER BY first DESC LIMIT 1
            """
        let row = try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [number])
        guard let row, let start: Int64 = row[0], let first: Int64 = row[1] else { return nil }
        return UInt64(start + number - first)
    }

    private static func event(at position: Int64, _ database: Database) throws -> Reference {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT position, first FROM lineage_stretches
                    WHERE position <= ? ORDER BY position DESC LIMIT 1
                    """), arguments: [position])
        guard let row, let start: Int64 = row[0], let first: Int64 = row[1] else {
            throw ProjectionRefusal("lineage has no event at position \(position)")
        }
        let number = first.magnitude + UInt64(position - start)
        return first < 0 ? .timeline(number) : .own(number)
    }
}
