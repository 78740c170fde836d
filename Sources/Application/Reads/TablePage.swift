public import EventLog
import Events
import Foundation
public import Projections

/// Some rows of a table of the read models, in the order of the events that made them: as they
/// stand, or as a moment had them.
public struct TablePage: Sendable {
    /// What is asked for.
    public struct Request: Hashable, Sendable {
        /// The table.
        public var table: String
        /// The run; nil for the data log.
        public var run: String?
        /// Columns and what must stand in them.
        public var filters: [Filter] = []
        /// The newest first.
        public var isDescending = false
        /// Most rows.
        public var limit = 100
        /// Where the page before ended.
        public var cursor: String?
        /// The moment; nil for now.
        public var moment: AsOf?

        /// The rows of a table of a run.
        public init(table: String, run: String?) { (self.table, self.run) = (table, run) }
    }

    /// A column and what must stand in it.
    public struct Filter: Hashable, Sendable {
        /// The column.
        public var column: String
        /// Its text.
        public var text: String

        /// A column with a text.
        public init(_ column: String, _ text: String) { (self.column, self.text) = (column, text) }
    }

    /// The columns.
    public private(set) var columns: [String] = []
    /// The rows, in their order.
    public private(set) var rows: [[RowValue]] = []
    /// Where the next page begins; nil where there is none.
    public private(set) var next: String?
    /// How far the log was read for it: a merged ordinal.
    public private(set) var position: UInt64 = 0

    /// The rows as JSON objects.
    public var json: String { JSONObject.list(rows.map { RowText.object(columns, $0) }) }

    /// Reads a page.
    ///
    /// - Throws: `ApplicationError.missing` for a table that is not there, `.invalid` for a filter
    ///   or cursor that is none, `ReadModelError.missing` where nothing was projected yet.
    public init(_ request: Request, in folder: DataFolder) throws {
        let all = ReadModelTables.columns.filter { $0.table == request.table }
        guard let first = all.first else {
            throw ApplicationError.missing(
                "there is no table \(request.table)"
                    + Suggestion.question(request.table, ReadModelTables.tables)
                    + "; there are \(ReadModelTables.tables.joined(separator: ", "))")
        }
        if let run = request.run { _ = try folder.existingRun(run) }
        let order = TablePage.order(of: all)
        let (query, arguments) = try TablePage.query(request, all, order)
        var (columns, rows) = ([String](), [[RowValue]]())
        let take: ([RowValue]) -> Void = { rows.append($0) }
        let bounds = ReadModelQuery.Bounds(seconds: TablePage.seconds)
        if let moment = request.moment {
            let history = try History(folder, run: request.run)
            position = try history.view.merged.position(moment).position
            let projections = TablePage.names(first.readModel)
            try history.ensure(projections, through: position)
            try history.ask(
                query, arguments, of: projections, .at(position), bounds: bounds,
                columns: { columns = $0 }, row: take)
        } else {
            position = try TablePage.position(of: first.readModel, request.run, in: folder)
            try ReadModelQuery.ask(
                query, arguments, of: TablePage.names(first.readModel), data: folder,
                run: request.run, bounds: bounds,
                columns: { columns = $0 }, row: take)
        }
        if rows.count > request.limit {
            rows.removeLast(rows.count - request.limit)
            next = rows.last.map { TablePage.cursor(at: $0, order, columns) }
        }
        (self.columns, self.rows) = (columns, rows)
    }

    /// How far a read model goes: a merged ordinal; 0 where it is not there.
    public static func position(of readModel: String, _ run: String?, in folder: DataFolder) throws
        -> UInt64
    {
        let names = names(readModel)
        let view = ReadModelFolder(path: "\(folder.path)/views/\(run ?? "data")")
        let published = ReadModelQuery.published(data: folder, run: run)
        return try names.filter { published.contains($0) }.map {
            try ReadModelStatus.read(view, $0).checkpoint.position.position
        }.min() ?? 0
    }

    /// The read models that a table is over.
    private static func names(_ readModel: String) -> [String] {
        readModel.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Seconds that a query may take.
    private static let seconds = 10.0

    /// The columns by which rows stand in an order that pages can go on by: the event, and what
    /// tells rows of one event apart.
    private static func order(of columns: [ReadModelTables.Column]) -> [String] {
        let names = columns.map(\.name)
        var order = names.contains("position") ? ["position"] : []
        for name in [
            "id", "request_id", "signal_id", "ordinal", "feature", "snapshot_date", "position_id",
            "filing_id", "row", "ticker",
        ] where names.contains(name) && !order.contains(name) {
            order.append(name)
        }
        return order.isEmpty ? [names[0]] : order
    }

    private static func query(
        _ request: Request, _ columns: [ReadModelTables.Column], _ order: [String]
    ) throws -> (text: String, arguments: [RowValue]) {
        var (conditions, arguments) = ([String](), [RowValue]())
        for filter in request.filters {
            guard let column = columns.first(where: { $0.name == filter.column }) else {
                let known = columns.map(\.name)
                throw ApplicationError.invalid(
                    fields: [filter.column],
                    "{\(filter.column)}: \(request.table) has no such column"
                        + Suggestion.question(filter.column, known)
                        + "; it has \(known.joined(separator: ", "))")
            }
            conditions.append("\"\(column.name)\" = ?")
            arguments.append(try value(filter, column))
        }
        if let cursor = request.cursor {
            let values = try read(cursor: cursor, count: order.count)
            let places = order.map { "\"\($0)\"" }.joined(separator: ", ")
            let marks = order.map { _ in "?" }.joined(separator: ", ")
            conditions.append("(\(places)) \(request.isDescending ? "<" : ">") (\(marks))")
            arguments += values
        }
        let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let direction = request.isDescending ? " DESC" : ""
        let sorted = order.map { "\"\($0)\"\(direction)" }.joined(separator: ", ")
        let filter = conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
        return (
            "SELECT \(names) FROM \"\(request.table)\"\(filter) ORDER BY \(sorted) "
                + "LIMIT \(request.limit + 1)", arguments
        )
    }

    /// A filter's text as its column has values.
    private static func value(_ filter: Filter, _ column: ReadModelTables.Column) throws -> RowValue
    {
        let kind = column.type.split(separator: " ").first ?? ""
        switch kind {
        case "INTEGER":
            if let number = Int64(filter.text) { return .integer(number) }
        case "REAL":
            if let number = Double(filter.text), number.isFinite { return .real(number) }
        default: return .text(filter.text)
        }
        throw ApplicationError.invalid(
            fields: [filter.column],
            "{\(filter.column)} \(filter.text): is no \(kind == "REAL" ? "number" : "whole number")"
        )
    }

    /// A place in the order, as a word that is no business of whoever carries it.
    private static func cursor(at row: [RowValue], _ order: [String], _ columns: [String]) -> String
    {
        let values = order.map { name in
            columns.firstIndex(of: name).map { RowText.json(row[$0]) } ?? "null"
        }
        return Data(JSONObject.list(values).utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func read(cursor: String, count: Int) throws -> [RowValue] {
        var text = cursor.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let data = Data(base64Encoded: text),
            let values = try? JSONDecoder().decode([CursorValue].self, from: data),
            values.count == count
        else {
            throw ApplicationError.invalid(
                "cursor", "is not one of this table; take next of the page before, or leave it out")
        }
        return values.map(\.value)
    }

    private struct CursorValue: Decodable {
        let value: RowValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let number = try? container.decode(Int64.self) {
                value = .integer(number)
            } else if let number = try? container.decode(Double.self) {
                value = .real(number)
            } else {
                value = .text(try container.decode(String.self))
            }
        }
    }
}

extension TablePage {
    /// The rows as comma-separated values, their columns first.
    public var csv: String {
        let lines =
            [columns.map { CSVText.field($0) }.joined(separator: ",")]
            + rows.map { $0.map(RowText.field).joined(separator: ",") }
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// Every table with its columns, as a JSON list.
    public static var catalogue: String {
        let tables = ReadModelTables.tables.map { name -> String in
            let columns = ReadModelTables.columns.filter { $0.table == name }
            var table = JSONObject()
            table.text("table", name)
            table.text("read_model", columns.first?.readModel)
            table.json(
                "columns",
                JSONObject.list(
                    columns.map { column in
                        var object = JSONObject()
                        object.text("column", column.name)
                        object.text("type", column.type)
                        object.text("meaning", column.meaning)
                        return object.text
                    }))
            return table.text
        }
        return JSONObject.list(tables)
    }
}
