/// A Swift file taken apart: words, symbols and numbers of its code, and what is string or comment.
///
/// It knows nested comments, raw and multi-line strings, and code within strings; it knows no
/// regular expressions between slashes, of which the tree has none.
struct SwiftSource {
    enum Kind: Equatable {
        /// An identifier or keyword, without its backticks.
        case word
        case number
        /// One character of an operator or of punctuation.
        case symbol
        /// A string, as it is written between its quotes.
        case string
    }

    struct Token: Equatable {
        let kind: Kind
        let text: String
        /// From 1.
        let line: Int
        /// Whether something blank, or a comment, stands before it.
        let isSpaced: Bool
    }

    /// What a byte of the file belongs to.
    enum Part: Equatable {
        case code
        /// Of a string, or of code within one.
        case string
        case comment
    }

    private(set) var tokens: [Token] = []
    /// The bytes that are no code, in order.
    private(set) var others: [(bytes: Range<Int>, part: Part)] = []
    let bytes: [UInt8]

    private var at = 0
    private var line = 1
    private var isSpaced = true
    /// Strings that are open around the place that is read.
    private var depth = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        readCode(toParenthesis: false)
    }

    /// What a byte belongs to.
    func part(at place: Int) -> Part {
        others.first { $0.bytes.contains(place) }?.part ?? .code
    }

    private func byte(_ ahead: Int = 0) -> UInt8 {
        at + ahead < bytes.count ? bytes[at + ahead] : 0
    }

    private mutating func step(_ count: Int = 1) {
        for _ in 0..<count where at < bytes.count {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            at += 1
        }
    }

    /// What was read since a place is no code; strings count as a whole, with the code in them.
    private mutating func mark(from start: Int, _ part: Part) {
        if depth == 0 { others.append((start..<at, part)) }
    }

    private mutating func add(_ kind: Kind, _ text: String, line: Int) {
        tokens.append(Token(kind: kind, text: text, line: line, isSpaced: isSpaced))
        isSpaced = false
    }

    /// Reads code to the end, or to the parenthesis that ends an interpolation.
    private mutating func readCode(toParenthesis: Bool) {
        var open = 0
        while at < bytes.count {
            switch byte() {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                isSpaced = true
                step()
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): readLineComment()
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): readBlockComment()
            case UInt8(ascii: "\""): readString(hashes: 0)
            case UInt8(ascii: "#"): readHash()
            case UInt8(ascii: "`"): step()
            case let first where SwiftSource.beginsWord(first): readWord()
            case UInt8(ascii: "0")...UInt8(ascii: "9"): readNumber()
            case let symbol:
                if symbol == UInt8(ascii: "(") { open += 1 }
                if symbol == UInt8(ascii: ")") {
                    if toParenthesis, open == 0 { return }
                    open -= 1
                }
                add(.symbol, String(UnicodeScalar(symbol)), line: line)
                step()
            }
        }
    }

    private mutating func readLineComment() {
        isSpaced = true
        let start = at
        at = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        mark(from: start, .comment)
    }

    private mutating func readBlockComment() {
        isSpaced = true
        let start = at
        var nested = 0
        repeat {
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                nested += 1
                step(2)
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                nested -= 1
                step(2)
            } else {
                step()
            }
        } while nested > 0 && at < bytes.count
        mark(from: start, .comment)
    }

    /// A raw string, or the mark of a directive or macro.
    private mutating func readHash() {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        if byte(hashes) == UInt8(ascii: "\"") {
            readString(hashes: hashes)
        } else {
            add(.symbol, "#", line: line)
            step()
        }
    }

    private mutating func readString(hashes: Int) {
        let (begun, from) = (line, at)
        depth += 1
        step(hashes)
        let quote = UInt8(ascii: "\"")
        let isLong = byte(1) == quote && byte(2) == quote
        let quotes = isLong ? 3 : 1
        step(quotes)
        let start = at
        while at < bytes.count, !(isRun(of: quote, quotes) && isRun(hashes, from: quotes)) {
            guard byte() == UInt8(ascii: "\\"), isRun(hashes, from: 1) else {
                step()
                continue
            }
            step(1 + hashes)
            if byte() == UInt8(ascii: "(") {
                step()
                readCode(toParenthesis: true)
            }
            step()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        step(quotes + hashes)
        depth -= 1
        mark(from: from, .string)
        add(.string, text, line: begun)
    }

    private func isRun(of byte: UInt8, _ count: Int) -> Bool {
        (0..<count).allSatisfy { self.byte($0) == byte }
    }

    private func isRun(_ hashes: Int, from ahead: Int) -> Bool {
        (0..<hashes).allSatisfy { byte(ahead + $0) == UInt8(ascii: "#") }
    }

    private mutating func readWord() {
        let start = at
        while SwiftSource.beginsWord(byte()) || 48...57 ~= byte() { step() }
        add(.word, String(decoding: bytes[start..<at], as: UTF8.self), line: line)
        if byte() == UInt8(ascii: "`") { step() }
    }

    private mutating func readNumber() {
        let start = at
        while SwiftSource.beginsWord(byte()) || 48...57 ~= byte() { step() }
        add(.number, String(decoding: bytes[start..<at], as: UTF8.self), line: line)
    }

    private static func beginsWord(_ byte: UInt8) -> Bool {
        65...90 ~= byte || 97...122 ~= byte || byte == 95 || byte == 36 || byte >= 128
    }
}

extension SwiftSource {
    /// The words of the code, each with its line.
    var words: [(text: String, line: Int)] {
        tokens.filter { $0.kind == .word }.map { ($0.text, $0.line) }
    }

    /// The modules that are imported, each with its line.
    var imports: [(module: String, line: Int)] {
        let kinds = [
            "struct", "class", "enum", "func", "typealias", "protocol", "var", "let", "actor",
        ]
        var found: [(module: String, line: Int)] = []
        for (place, token) in tokens.enumerated()
        where token.kind == .word && token.text == "import" {
            var next = place + 1
            if next + 1 < tokens.count, kinds.contains(tokens[next].text),
                tokens[next + 1].kind == .word
            {
                next += 1
            }
            if next < tokens.count { found.append((tokens[next].text, token.line)) }
        }
        return found
    }

    /// The types that are declared, at the top or within another, each with its line.
    var types: [(name: String, line: Int)] {
        let kinds = ["struct", "class", "enum", "protocol", "actor", "typealias"]
        return zip(tokens, tokens.dropFirst()).compactMap { first, second in
            first.kind == .word && kinds.contains(first.text) && second.kind == .word
                && !["func", "var", "let"].contains(second.text)
                ? (second.text, second.line) : nil
        }
    }
}
