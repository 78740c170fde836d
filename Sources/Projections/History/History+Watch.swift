public import EventLog
import Events
import GRDB

/// A value of an expression, and the event that made it so.
public struct WatchedValue: Hashable, Sendable {
    /// The merged ordinal from which on it stands.
    public let position: UInt64
    /// The value; of a condition 1 or 0, null where something that it needs is not there.
    public let value: RowValue
}

extension History {
    /// Follows an expression through every event that changes a row it reads, from one merged
    /// ordinal, whose value comes first, to another; `body` says whether to go on.
    ///
    /// Every such event is looked at, in order: nothing is assumed of how values move.
    public func follow(
        _ expression: HistoryExpression, from first: UInt64, through last: UInt64,
        _ body: (WatchedValue) throws -> ReadControl
    ) throws {
        try evaluate(expression) { sql, database, value in
            guard try body(WatchedValue(position: first, value: value(first))) == .proceed
            else { return }
            let changes = try UInt64.fetchCursor(
                database, sql: sql.changes,
                arguments: [Int64(clamping: first), Int64(clamping: last)])
            while let position = try changes.next() {
                let found = WatchedValue(position: position, value: try value(position))
                guard try body(found) == .proceed else { return }
            }
        }
    }

    /// The value of an expression at a merged ordinal.
    public func value(of expression: HistoryExpression, at position: UInt64) throws -> RowValue {
        var result = RowValue.null
        try evaluate(expression) { _, _, value in result = try value(position) }
        return result
    }

    /// The last merged ordinal, at most one, at which the value of an expression became another;
    /// nil where it always was what it is there.
    public func lastChange(
        of expression: HistoryExpression, through last: UInt64
    ) throws -> UInt64? {
        var result: UInt64?
        try evaluate(expression) { sql, database, value in
            let changes = try UInt64.fetchCursor(
                database, sql: sql.changesBackwards, arguments: [0, Int64(clamping: last)])
            while result == nil, let position = try changes.next() {
                if try value(position) != value(position - 1) { result = position }
            }
        }
        return result
    }

    /// The first merged ordinal after one at which the value of an expression becomes another; nil
    /// for none.
    public func nextChange(
        of expression: HistoryExpression, after first: UInt64
    ) throws -> UInt64? {
        var (start, result): (RowValue?, UInt64?)
        try follow(expression, from: first, through: .max) { found in
            guard let value = start else {
                start = found.value
                return .proceed
            }
            guard found.value != value else { return .proceed }
            result = found.position
            return .stop
        }
        return result
    }

    /// Lends an expression's SQL, the histories that it is of, and what evaluates it.
    private func evaluate(
        _ expression: HistoryExpression,
        _ body: (ExpressionSQL, Database, _ value: (UInt64) throws -> RowValue) throws -> Void
    ) throws {
        let sql = try ExpressionSQL(expression) { try event(named: $0) }
        try History.connection().writeWithoutTransaction { database in
            try attachFiles(expression.projections, database)
            try database.execute(sql: "PRAGMA query_only = ON")
            let statement = try database.makeStatement(sql: sql.value)
            // A key that can name no row leaves nothing to ask at a position.
            let takesPosition = sql.value.contains("?1")
            try body(sql, database) { position in
                let row = try Row.fetchOne(
                    statement, arguments: takesPosition ? [Int64(clamping: position)] : [])
                return row.map { ReadModelQuery.values($0)[0] } ?? .null
            }
        }
    }

    /// Follows an expression and gives only what differs from the value before; the first stands.
    public func watch(
        _ expression: HistoryExpression, from first: UInt64, through last: UInt64,
        _ body: (WatchedValue) throws -> ReadControl
    ) throws {
        var previous: RowValue?
        try follow(expression, from: first, through: last) { found in
            guard found.value != previous else { return .proceed }
            previous = found.value
            return try body(found)
        }
    }

    /// The first merged ordinal of a stretch after which a condition holds; nil where it never
    /// does. A number holds when it is not zero.
    public func first(
        _ expression: HistoryExpression, from first: UInt64, through last: UInt64
    ) throws -> UInt64? {
        var result: UInt64?
        try follow(expression, from: first, through: last) { found in
            switch found.value {
            case .integer(0), .real(0), .null, .text: return .proceed
            case .integer, .real:
                result = found.position
                return .stop
            }
        }
        return result
    }
}
