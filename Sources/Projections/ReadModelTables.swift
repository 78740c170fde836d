import Foundation

/// The tables of the read models and what their columns mean, as their SQL says.
public enum ReadModelTables {
    /// A column of a table.
    public struct Column: Hashable, Sendable {
        /// The read model that the table is of.
        public let readModel: String
        /// The table.
        public let table: String
        /// The column.
        public let name: String
        /// INTEGER, REAL or TEXT, and whether NULL may stand in it.
        public let type: String
        /// What stands in it; empty where its name says so.
        public let meaning: String
    }

    /// Every column of every table, in the order of the SQL, then those of the views over several.
    public static let columns: [Column] =
        ProjectionCatalogue.names.flatMap {
            columns(of: $0, ReadModelDDL.text(of: $0).tables)
        }
        + ReadModelView.all.flatMap { view in
            view.columns.map {
                Column(
                    readModel: view.over.joined(separator: ", "), table: view.name, name: $0.name,
                    type: $0.type, meaning: $0.meaning)
            }
        }

    /// The names of all tables, in order.
    public static var tables: [String] {
        columns.enumerated().filter { $0 == 0 || columns[$0 - 1].table != $1.table }
            .map(\.element.table)
    }

    /// The columns that a DDL makes: one a line, its meaning behind `--`, there or on the lines
    /// below that hold nothing else.
    static func columns(of readModel: String, _ ddl: String) -> [Column] {
        var (columns, table) = ([Column](), String?.none)
        for line in ddl.split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ")
            if line.hasPrefix("CREATE TABLE "), words.count > 2 {
                table = String(words[2])
            } else if line.hasPrefix(")") {
                table = nil
            } else if let table, line.hasPrefix(" "), let first = words.first {
                let comment = line.range(of: "--").map { trimmed(line[$0.upperBound...]) } ?? ""
                if first.hasPrefix("--") {
                    guard let last = columns.last, last.table == table else { continue }
                    columns[columns.count - 1] = Column(
                        readModel: readModel, table: table, name: last.name, type: last.type,
                        meaning: trimmed((last.meaning + " " + comment)[...]))
                } else if words.count > 1, let kind = kind(words[1]) {
                    let isNeeded = line.contains("NOT NULL") || line.contains("PRIMARY KEY")
                    columns.append(
                        Column(
                            readModel: readModel, table: table, name: String(first),
                            type: isNeeded ? kind : "\(kind) or NULL", meaning: comment))
                }
            }
        }
        return columns
    }

    private static func kind(_ word: Substring) -> String? {
        ["INTEGER", "REAL", "TEXT"].first { word.hasPrefix($0) }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
