import Testing

@Suite("The lexer of the tree tests")
struct LexerTests {
    private func words(_ text: String) -> [String] { SwiftSource(text).words.map(\.text) }

    @Test("words in comments and strings are no code, words within interpolations are")
    func parts() {
        let text = #"""
            let one = "two \(three("four")) five" // six "seven
            /* eight /* nine */ ten */ let eleven = """
                twelve " \(thirteen) fourteen
                """
            """#
        #expect(words(text) == ["let", "one", "three", "let", "eleven", "thirteen"])
    }

    @Test("raw strings end with as many marks as they began with")
    func raw() {
        let text = ##"let a = #"b " c \(d) \#(e) \"# + "f\\" + g"##
        #expect(words(text) == ["let", "a", "e", "g"])
    }

    @Test("an escaped quote ends no string")
    func escaped() {
        #expect(words(#"let a = "b\"c" + d"#) == ["let", "a", "d"])
    }

    @Test("imports of all kinds name their module")
    func imports() {
        let source = SwiftSource(
            "import A\npublic import B\n@testable import C\nimport struct D.E\nlet x = importF")
        #expect(source.imports.map(\.module) == ["A", "B", "C", "D"])
        #expect(source.imports.map(\.line) == [1, 2, 3, 4])
    }

    @Test("types are found at the top and within others")
    func types() {
        let source = SwiftSource("public enum A { struct B {} }\ntypealias C = A.B\nclass func d()")
        #expect(source.types.map(\.name) == ["A", "B", "C"])
    }

    @Test("each byte is code, string or comment")
    func bytes() {
        let source = SwiftSource("a\"b\\(c)d\"//e\nf")
        let parts = source.bytes.indices.map { place in
            switch source.part(at: place) {
            case .code: "c"
            case .string: "s"
            case .comment: "k"
            }
        }
        #expect(parts.joined() == "cssssssss" + "kkk" + "cc")
    }
}
