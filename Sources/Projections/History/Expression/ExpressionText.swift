/// What is wrong with an expression, and where.
public struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The expression.
    public let text: String
    /// The column, from 1.
    public let column: Int
    /// What is wrong, and what to write.
    public let what: String

    /// The expression, a mark under the place, and what is wrong there.
    public var description: String {
        "column \(column): \(what)\n  \(text)\n  \(String(repeating: " ", count: column - 1))^"
    }
}

/// A piece of an expression.
struct ExpressionToken: Hashable {
    enum Kind: Hashable {
        case name(String)
        case number(Double)
        case text(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    /// Where it begins, from 1.
    let column: Int

    /// A name or symbol as it is written.
    var word: String {
        switch kind {
        case .name(let text), .symbol(let text), .text(let text): text
        case .number(let number): "\(number)"
        case .end: "the end"
        }
    }
}

/// Cuts an expression into pieces.
struct ExpressionText {
    private let text: String
    private let characters: [Character]
    private var place = 0

    private static let symbols = [
        "<=", ">=", "!=", "==", "<>", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ".",
        ",",
    ]

    private init(_ text: String) {
        self.text = text
        characters = Array(text)
    }

    /// The pieces, the end last.
    static func tokens(_ text: String) throws(ExpressionError) -> [ExpressionToken] {
        var reader = ExpressionText(text)
        var tokens: [ExpressionToken] = []
        while true {
            let token = try reader.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(ExpressionError) -> ExpressionToken {
        while place < characters.count, characters[place].isWhitespace { place += 1 }
        let column = place + 1
        guard place < characters.count else { return ExpressionToken(kind: .end, column: column) }
        let first = characters[place]
        let kind: ExpressionToken.Kind
        if first == "'" || first == "\"" {
            kind = .text(try quoted(by: first))
        } else if first.isASCII, first.isNumber {
            kind = try number()
        } else if first.isLetter || first == "_" {
            kind = .name(taken { $0.isLetter || $0.isNumber || $0 == "_" })
        } else {
            kind = .symbol(try symbol())
        }
        return ExpressionToken(kind: kind, column: column)
    }

    private mutating func taken(_ belongs: (Character) -> Bool) -> String {
        let start = place
        while place < characters.count, belongs(characters[place]) { place += 1 }
        return String(characters[start..<place])
    }

    private mutating func quoted(by mark: Character) throws(ExpressionError) -> String {
        let start = place
        place += 1
        let text = taken { $0 != mark }
        guard place < characters.count else {
            throw error(start, "this quotation has no end; close it with \(mark)")
        }
        place += 1
        return text
    }

    private mutating func number() throws(ExpressionError) -> ExpressionToken.Kind {
        let start = place
        let digits = taken { $0.isASCII && ($0.isNumber || $0.isLetter || $0 == "." || $0 == "_") }
        guard let value = Double(digits), value.isFinite else {
            // A key that begins with a digit, as a date does, is read where keys stand.
            throw error(start, "\(digits) is no number; write a text in quotes")
        }
        return .number(value)
    }

    private mutating func symbol() throws(ExpressionError) -> String {
        for symbol in ExpressionText.symbols
        where characters[place...].starts(with: Array(symbol)) {
            place += symbol.count
            return symbol
        }
        throw error(place, "\(characters[place]) means nothing here")
    }

    private func error(_ place: Int, _ what: String) -> ExpressionError {
        ExpressionError(text: text, column: place + 1, what: what)
    }
}
