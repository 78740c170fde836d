import Events

/// Reads an expression's pieces: or, and, not, comparison, sum, product, sign, value.
struct ExpressionParser {
    private let text: String
    private let tokens: [ExpressionToken]
    private var place = 0
    private var depth = 0

    private static let deepest = 100

    init(_ text: String, _ tokens: [ExpressionToken]) {
        (self.text, self.tokens) = (text, tokens)
    }

    mutating func whole() throws(ExpressionError) -> HistoryExpression.Node {
        let node = try either()
        guard case .end = token.kind else {
            throw error("expected the end, or an operator before this")
        }
        return node
    }

    private var token: ExpressionToken { tokens[place] }

    private mutating func take(_ words: [String]) -> String? {
        let found: String
        switch token.kind {
        case .symbol(let symbol): found = symbol
        case .name(let name): found = name.lowercased()
        default: return nil
        }
        guard words.contains(found) else { return nil }
        place += 1
        return found
    }

    private mutating func require(_ symbol: String, _ what: String) throws(ExpressionError) {
        guard take([symbol]) != nil else { throw error("expected \(symbol) \(what)") }
    }

    private mutating func either() throws(ExpressionError) -> HistoryExpression.Node {
        depth += 1
        defer { depth -= 1 }
        guard depth < ExpressionParser.deepest else { throw error("is nested too deep") }
        var left = try both()
        while let place = operation(["or"]) {
            left = try joined("OR", left, try both(), at: place, .numbers)
        }
        return left
    }

    private mutating func both() throws(ExpressionError) -> HistoryExpression.Node {
        var left = try negation()
        while let place = operation(["and"]) {
            left = try joined("AND", left, try negation(), at: place, .numbers)
        }
        return left
    }

    private mutating func negation() throws(ExpressionError) -> HistoryExpression.Node {
        var count = 0
        let start = token
        while take(["not"]) != nil { count += 1 }
        let inner = try comparison()
        guard count == 0 || inner.kind != .text else {
            throw error("not takes a condition, and this is a text", at: start)
        }
        // Twice not is a condition as well, unlike the number under it.
        return (0..<count).reduce(inner) { node, _ in .not(node) }
    }

    private mutating func comparison() throws(ExpressionError) -> HistoryExpression.Node {
        let left = try sum()
        let place = token
        guard let symbol = take(["<=", ">=", "!=", "<>", "==", "=", "<", ">"]) else { return left }
        let right = try sum()
        if case .symbol(let next) = token.kind, ["<", ">", "=", "<=", ">=", "!="].contains(next) {
            throw error("compares what was compared; join two comparisons with and")
        }
        let known = ["==": "=", "!=": "<>"]
        return try joined(known[symbol] ?? symbol, left, right, at: place, .alike)
    }

    private mutating func sum() throws(ExpressionError) -> HistoryExpression.Node {
        var left = try product()
        while let place = operation(["+", "-"]) {
            left = try joined(place.word, left, try product(), at: place, .numbers)
        }
        return left
    }

    private mutating func product() throws(ExpressionError) -> HistoryExpression.Node {
        var left = try signed()
        while let place = operation(["*", "/"]) {
            left = try joined(place.word, left, try signed(), at: place, .numbers)
        }
        return left
    }

    private mutating func signed() throws(ExpressionError) -> HistoryExpression.Node {
        var isNegative = false
        while let symbol = take(["-", "+"]) { if symbol == "-" { isNegative.toggle() } }
        let start = token
        let value = try value()
        guard !isNegative || value.kind != .text else {
            throw error("a text has no sign", at: start)
        }
        return isNegative ? .negated(value) : value
    }

    private mutating func value() throws(ExpressionError) -> HistoryExpression.Node {
        switch token.kind {
        case .number(let number):
            place += 1
            return .number(number)
        case .text(let text):
            place += 1
            return .text(text)
        case .symbol("("):
            place += 1
            let inner = try either()
            try require(")", "to close the parenthesis")
            return inner
        case .name(let name) where name.lowercased() == "exists":
            place += 1
            try require("(", "behind exists")
            let row = try row()
            try require(")", "to close exists")
            return .exists(row)
        case .name:
            return try path()
        case .end: throw error("ends where a value is expected")
        case .symbol(let symbol): throw error("\(symbol) stands where a value is expected")
        }
    }

    private mutating func path() throws(ExpressionError) -> HistoryExpression.Node {
        let row = try row()
        try require(".", "and a column of \(row.table)")
        guard case .name(let column) = token.kind else { throw error("expected a column") }
        let columns = VersionTable.named(row.table)?.columns ?? []
        guard columns.contains(column) else {
            throw error(
                "\(row.table) has no column \(column)\(Suggestion.question(column, columns)); it "
                    + "has \(columns.joined(separator: ", "))")
        }
        place += 1
        return .value(row, column: column)
    }

    private mutating func row() throws(ExpressionError) -> HistoryExpression.RowPath {
        guard case .name(let table) = token.kind else { throw error("expected a table") }
        let known = VersionTable.catalogue
        guard let found = known.first(where: { $0.table.name == table }) else {
            let names = known.map(\.table.name)
            throw error(
                "there is no table \(table)\(Suggestion.question(table, names)); known are "
                    + names.joined(separator: ", "))
        }
        place += 1
        let key = try key(of: found.table)
        return HistoryExpression.RowPath(projection: found.projection, table: table, key: key)
    }

    /// What stands in brackets, in quotes or as it is.
    private mutating func key(of table: VersionTable) throws(ExpressionError) -> String? {
        guard take(["["]) != nil else {
            guard table.hasOneRow else {
                throw error(
                    "expected [KEY]: \(table.name) has many rows; name one by key, id or ticker")
            }
            return nil
        }
        let key: String
        switch token.kind {
        case .text(let text): key = text
        case .name(let name): key = name
        case .number(let number):
            guard let whole = Int64(exactly: number) else { throw error("is no key") }
            key = "\(whole)"
        default: throw error("expected a key, id or ticker; put in quotes what is no word")
        }
        place += 1
        try require("]", "behind the key")
        return key
    }

    /// The operator that stands here, if it is one of these.
    private mutating func operation(_ words: [String]) -> ExpressionToken? {
        let start = token
        return take(words) == nil ? nil : start
    }

    /// What an operator takes.
    private enum Operands {
        case numbers
        case alike
    }

    private func joined(
        _ symbol: String, _ left: HistoryExpression.Node, _ right: HistoryExpression.Node,
        at place: ExpressionToken, _ operands: Operands
    ) throws(ExpressionError) -> HistoryExpression.Node {
        let texts = (left.kind == .text ? 1 : 0) + (right.kind == .text ? 1 : 0)
        if operands == .numbers, texts > 0 {
            throw error("\(place.word) takes numbers and conditions, not a text", at: place)
        }
        if operands == .alike, texts == 1 {
            throw error("\(place.word) compares a text with a number", at: place)
        }
        return .binary(symbol, left, right)
    }

    private func error(_ what: String, at place: ExpressionToken? = nil) -> ExpressionError {
        ExpressionError(text: text, column: (place ?? token).column, what: what)
    }
}
