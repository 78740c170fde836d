/// An expression over the rows of read models at one moment.
///
/// A path names a value: `TABLE.COLUMN` of a table with one row, `TABLE[KEY].COLUMN` of the row
/// with that key or id, or of the newest with that ticker. Paths, numbers and texts in quotes are
/// joined by `+ - * /`, `< <= > >= = !=`, `and`, `or`, `not` and parentheses; `exists(TABLE[KEY])`
/// says whether there is such a row. A value that is not there is null: what is compared with it
/// or reckoned from it is null too, which does not hold.
public struct HistoryExpression: Hashable, Sendable {
    /// One row's path, as far as its table and key.
    struct RowPath: Hashable, Sendable {
        let projection: String
        let table: String
        let key: String?
    }

    /// What a part of an expression gives.
    enum Kind: Hashable, Sendable {
        case number
        case text
        /// Whether something holds; 1 or 0 where a number is asked for.
        case truth
    }

    indirect enum Node: Hashable, Sendable {
        case number(Double)
        case text(String)
        case value(RowPath, column: String)
        case exists(RowPath)
        case negated(Node)
        case not(Node)
        case binary(String, Node, Node)

        /// What it gives.
        var kind: Kind {
            switch self {
            case .number, .negated: .number
            case .text: .text
            case .value(let row, let column):
                VersionTable.type(of: column, in: row.table) == "TEXT" ? .text : .number
            case .exists, .not: .truth
            case .binary(let symbol, _, _):
                ["+", "-", "*", "/"].contains(symbol) ? .number : .truth
            }
        }
    }

    /// The expression as it was written.
    public let text: String
    let root: Node

    /// Reads an expression.
    ///
    /// - Throws: `ExpressionError` with the column.
    public init(_ text: String) throws(ExpressionError) {
        self.text = text
        var parser = ExpressionParser(text, try ExpressionText.tokens(text))
        root = try parser.whole()
        guard !rows.isEmpty else {
            throw ExpressionError(text: text, column: 1, what: "reads no row: it never changes")
        }
    }

    /// Whether it says that something holds, and not how much something is.
    public var isCondition: Bool { root.kind == .truth }

    /// The rows that it reads, each once, in the order in which they are named.
    var rows: [RowPath] {
        var found: [RowPath] = []
        func walk(_ node: Node) {
            switch node {
            case .number, .text: break
            case .value(let row, _), .exists(let row): if !found.contains(row) { found.append(row) }
            case .negated(let inner), .not(let inner): walk(inner)
            case .binary(_, let left, let right):
                walk(left)
                walk(right)
            }
        }
        walk(root)
        return found
    }

    /// The projections whose tables it names.
    public var projections: [String] {
        rows.reduce(into: []) { if !$0.contains($1.projection) { $0.append($1.projection) } }
    }
}
