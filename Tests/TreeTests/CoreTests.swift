import Testing

/// What the pure core may not do: its results depend on facts and settings alone.
@Suite("The pure core")
struct CoreTests {
    static let folders = [
        "Sources/Events", "Sources/Market", "Sources/Learning", "Sources/FeedbackLoop",
        "Sources/Brokerage",
        "Sources/Simulation", "Sources/Projections/ReadModels", "Sources/Projections/Rows",
    ]
    /// The one file that keeps a hashed collection, which nobody can walk.
    static let lookup = "Sources/Events/Values/Lookup.swift"
    /// The one file that calls the C mathematics library.
    static let mathematics = "Sources/Market/Elementary.swift"
    /// Clocks, chance, threads and the world outside.
    static let refused = [
        "Date", "UUID", "ContinuousClock", "SuspendingClock", "DispatchTime", "DispatchQueue",
        "SystemRandomNumberGenerator", "Task", "Thread", "ProcessInfo", "FileManager", "getenv",
        "clock_gettime", "gettimeofday", "time", "arc4random", "rand", "drand48",
    ]
    /// Chance, unless a generator is named.
    static let drawing = ["random", "randomElement", "shuffled", "shuffle"]

    @Test("it imports no Foundation, and no C library but in one file", arguments: folders)
    func imports(folder: String) {
        let files = Tree.all(under: folder)
        #expect(!files.isEmpty)
        for file in files {
            for (module, line) in file.source.imports
            where ["Foundation", "Dispatch", "Synchronization"].contains(module)
                || ["Glibc", "Musl", "Darwin"].contains(module)
                    && file.path != CoreTests.mathematics
            {
                Issue.record("\(file.path):\(line) imports \(module)")
            }
        }
    }

    @Test("it reads no clock, draws no chance, starts nothing and asks nobody", arguments: folders)
    func pure(folder: String) {
        for file in Tree.all(under: folder) {
            for (word, line) in CoreTests.calls(file.source) {
                Issue.record("\(file.path):\(line) has \(word)")
            }
        }
    }

    @Test("no Dictionary and no Set: neither by name, nor as a type or literal", arguments: folders)
    func hashed(folder: String) {
        for file in Tree.all(under: folder) where file.path != CoreTests.lookup {
            for line in CoreTests.hashedCollections(file.source) {
                Issue.record("\(file.path):\(line) has a hashed collection; use Lookup")
            }
        }
        #expect(
            folder != "Sources/Events"
                || Tree.all.contains {
                    $0.path == CoreTests.lookup && !CoreTests.hashedCollections($0.source).isEmpty
                }, "Lookup itself has one")
    }

    /// Refused words that are called or named as a type; a label or member of one's own is none.
    static func calls(_ source: SwiftSource) -> [(text: String, line: Int)] {
        source.tokens.indices.compactMap { index in
            let token = source.tokens[index]
            guard token.kind == .word else { return nil }
            let next = index + 1 < source.tokens.count ? source.tokens[index + 1].text : ""
            if drawing.contains(token.text), next == "(" {
                let arguments = source.tokens[(index + 2)...].prefix { $0.text != ")" }
                let isBlind =
                    arguments.isEmpty
                    || token.text == "random" && !arguments.contains { $0.text == "using" }
                return isBlind ? (token.text, token.line) : nil
            }
            guard refused.contains(token.text) else { return nil }
            let isType = token.text.first?.isUppercase == true
            return isType || next == "(" ? (token.text, token.line) : nil
        }
    }

    /// Lines that name a hashed collection, have a type `[K: V]`, or a literal `[k: v]` or `[:]`.
    static func hashedCollections(_ source: SwiftSource) -> [Int] {
        let tokens = source.tokens
        var found: [Int] = []
        /// The brackets that are open, and whether a colon right in one makes it a dictionary.
        var open: [(symbol: String, isCollection: Bool, questions: Int)] = []
        for (index, token) in tokens.enumerated() {
            if token.kind == .word,
                ["Dictionary", "Set", "NSDictionary", "NSSet", "KeyValuePairs"]
                    .contains(token.text)
            {
                found.append(token.line)
            }
            guard token.kind == .symbol else { continue }
            switch token.text {
            case "[":
                open.append(("[", !isSubscript(tokens, index), 0))
            case "(", "{":
                open.append((token.text, false, 0))
            case "]", ")", "}":
                _ = open.popLast()
            case "?" where !open.isEmpty && isCondition(tokens, index):
                open[open.count - 1].questions += 1
            case ":" where !open.isEmpty:
                if open[open.count - 1].questions > 0 {
                    open[open.count - 1].questions -= 1
                } else if open[open.count - 1].isCollection {
                    found.append(token.line)
                }
            default: break
            }
        }
        return found
    }

    /// Whether a question mark begins a condition's values: neither optional nor `??`.
    private static func isCondition(_ tokens: [SwiftSource.Token], _ index: Int) -> Bool {
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        return tokens[index].isSpaced && !(next?.text == "?" && next?.isSpaced == false)
    }

    /// Whether a bracket stands right behind what it takes a part of.
    private static func isSubscript(_ tokens: [SwiftSource.Token], _ index: Int) -> Bool {
        guard index > 0, !tokens[index].isSpaced else { return false }
        let before = tokens[index - 1]
        return before.kind == .word || before.kind == .string
            || [")", "]", "}", "?", "!", ">"].contains(before.text)
    }

    @Test(
        "each spelling of a hashed collection is found",
        arguments: [
            "let a: [String: Int] = b", "let a: [Key : Value]", "let a = [1: 2]", "var a = [:]",
            "func a() -> [Ticker: [Int]] {}", "let a = Dictionary(grouping: b) { $0 }",
            "let a: Set = [1]", "let a = Set(b)", "let a = [\n    b:\n    c\n]",
            "a([b: c])", "[x ? y : z: 2]", "[a ?? b: c]", "let a: Lookup<Int, [Int: Int]>",
        ])
    func spellings(text: String) {
        #expect(!CoreTests.hashedCollections(SwiftSource(text)).isEmpty)
    }

    @Test(
        "subscripts with labels, arrays, conditions and closures are none",
        arguments: [
            "a[default: 1]", "a[b, age: 2]", "a.b()[unchecked: 3]", "a?[label: b]",
            "let a = [b ? c : d]", "let a = [f(x: 1), g(y: 2)]", "let a: [Int] = [1, 2]",
            "let a = [{ (b: Int) in b }]", "switch a { case [1, 2]: b }", "a = b ? [c] : [d]",
            "let trainingSet = TrainingSet()", "// [a: b]", "let a = \"[b: c]\"",
        ])
    func others(text: String) {
        #expect(CoreTests.hashedCollections(SwiftSource(text)).isEmpty)
    }

    @Test("a clock or chance is found where it is called, and a name of one's own is none")
    func spelledCalls() {
        func found(_ text: String) -> [String] {
            CoreTests.calls(SwiftSource(text)).map(\.text)
        }
        #expect(found("let a = Date()") == ["Date"])
        #expect(found("let a = Int.random(in: 0...1); b.shuffle()") == ["random", "shuffle"])
        #expect(found("Int.random(in: 0...1, using: &a); chance.shuffle(&b)") == [])
        #expect(found("let a: Task<Int, Never>") == ["Task"])
        #expect(found("time(nil)") == ["time"])
        #expect(found("let time = a.time; f(time: 1)") == [])
    }
}
