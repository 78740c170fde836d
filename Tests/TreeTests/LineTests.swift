import Testing

@Suite("Lines")
struct LineTests {
    static let width = 100
    /// Written by the schema compiler, as its test compares it to the letter.
    static let generated = [
        "Tests/EventsTests/Fixture/EvolvedMessages.swift",
        "Tests/EventsTests/Fixture/EvolvedViews.swift",
    ]

    /// Lines of which code or a comment goes beyond the width; a string may be as long as it is.
    static func tooLong(_ source: SwiftSource) -> [Int] {
        var found: [Int] = []
        for (number, line) in source.bytes.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
        ).enumerated() where line.count > width {
            // Letters, not bytes.
            let letters = line.indices.filter { line[$0] & 0xC0 != 0x80 }
            if letters.count > width, source.part(at: letters[width]) != .string {
                found.append(number + 1)
            }
        }
        return found
    }

    @Test("no line of code or comment is wider than 100 columns, comments included")
    func width() {
        for file in Tree.all where !LineTests.generated.contains(file.path) {
            for line in LineTests.tooLong(file.source) {
                Issue.record("\(file.path):\(line) is wider than \(LineTests.width) columns")
            }
        }
    }

    @Test("100 columns are allowed and 101 are not, in code and comment; letters count, not bytes")
    func boundary() {
        func long(_ text: String) -> [Int] { LineTests.tooLong(SwiftSource(text)) }
        let dashes = String(repeating: "–", count: 97)
        #expect(long("// \(dashes)\n//") == [])
        #expect(long("let a = 1\n// \(dashes)–\n//") == [2])
        #expect(long(String(repeating: "a", count: 101)) == [1])
        #expect(long("let a = \"\(dashes)\(dashes)\"") == [])
        #expect(long("let a = \"\(dashes.dropLast(12))\" + bbbbbbb") == [1])
    }
}
