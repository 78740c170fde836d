import Events
import GRDB

/// Read models of a view on one connection, for several questions.
public struct ReadModelReader {
    let database: Database

    /// Runs one query and gives all its rows. `arguments` stand for its `?`.
    ///
    /// - Throws: `ReadModelQueryError` for what is no single SELECT, and what SQLite says of it.
    public func rows(_ query: String, _ arguments: [RowValue] = []) throws
        -> ReadModelQuery.Answer
    {
        var answer = ReadModelQuery.Answer(columns: [], rows: [])
        _ = try ask(query, arguments, columns: { answer.columns = $0 }) { answer.rows.append($0) }
        return answer
    }

    /// Runs one query and lends each row as it comes; gives whether `most` cut it short.
    func ask(
        _ query: String, _ arguments: [RowValue] = [], most: Int? = nil,
        columns: ([String]) throws -> Void, row: ([RowValue]) throws -> Void
    ) throws -> Bool {
        let statement = try statement(query, database)
        if !arguments.isEmpty {
            try statement.setArguments(StatementArguments(arguments.map { $0.databaseValue }))
        }
        try columns(statement.columnNames)
        var given = 0
        let cursor = try Row.fetchCursor(statement)
        while let next = try cursor.next() {
            if given == most ?? .max { return true }
            try row(ReadModelQuery.values(next))
            given += 1
        }
        return false
    }

    private func statement(_ query: String, _ database: Database) throws -> Statement {
        let statement: Statement
        do {
            statement = try database.makeStatement(sql: query)
        } catch let error as DatabaseError {
            let message = error.message ?? "\(error)"
            throw ReadModelQueryError(description: message + ReadModelReader.question(message))
        }
        guard statement.isReadonly, statement.columnCount > 0 else {
            throw ReadModelQueryError(
                description: "only a query that reads can be asked; write a SELECT")
        }
        return statement
    }

    /// What may be meant by a table or column that SQLite does not know.
    private static func question(_ message: String) -> String {
        for (what, known) in [
            ("no such table: ", VersionTable.catalogue.map(\.table.name) + ReadModelView.names),
            ("no such column: ", VersionTable.catalogue.flatMap(\.table.columns)),
        ] where message.hasPrefix(what) {
            let name = message.dropFirst(what.count).split(separator: ".").last.map(String.init)
            let question = name.map { Suggestion.question($0, known) } ?? ""
            return question.isEmpty ? "; recount sql --tables lists them" : question
        }
        return ""
    }
}

extension RowValue {
    /// As SQLite takes it.
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .real(let value): value.databaseValue
        case .text(let value): value.databaseValue
        }
    }
}
