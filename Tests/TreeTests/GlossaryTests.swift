import Testing

/// One word an idea: `Documentation/glossary.md` names the words that the code does not use.
@Suite("The glossary")
struct GlossaryTests {
    /// The rows of the glossary's table: the word, what it means, and the words it stands for.
    static func rows() throws -> [(word: String, meaning: String, instead: [String])] {
        let lines = try Tree.text("Documentation/glossary.md")
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { !$0.hasPrefix("|---") }.dropFirst().prefix { $0.hasPrefix("|") }
            .map { line in
                let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                    $0.split(separator: " ").joined(separator: " ")
                }
                precondition(cells.count == 5, "a row has three cells: \(line)")
                return (
                    cells[1], cells[2],
                    cells[3].split(separator: ",").map { word in
                        String(word.filter { $0 != " " && $0 != "`" })
                    }
                )
            }
    }

    /// The words that an identifier is made of, in small letters.
    static func parts(_ identifier: String) -> [String] {
        var parts: [String] = []
        var part = ""
        let letters = Array(identifier)
        for (index, letter) in letters.enumerated() {
            let isBoundary =
                letter.isUppercase
                && (index > 0 && !letters[index - 1].isUppercase
                    || index + 1 < letters.count && letters[index + 1].isLowercase)
            if !letter.isLetter || isBoundary {
                if !part.isEmpty { parts.append(part) }
                part = ""
            }
            if letter.isLetter { part += letter.lowercased() }
        }
        return part.isEmpty ? parts : parts + [part]
    }

    @Test("no identifier of the code has a word that the glossary replaces")
    func enforced() throws {
        let refused = try GlossaryTests.rows().flatMap { row in
            row.instead.map { (instead: $0, word: row.word) }
        }
        #expect(refused.count >= 11)
        var seen: Set<String> = []
        for file in Tree.all {
            for (identifier, line) in file.source.words where seen.insert(identifier).inserted {
                let parts = GlossaryTests.parts(identifier)
                for (instead, word) in refused where parts.contains(instead) {
                    Issue.record("\(file.path):\(line) has \(identifier); the word is \(word)")
                }
            }
        }
    }

    @Test("its table is sorted, complete, and asks for no word that it forbids")
    func sound() throws {
        let rows = try GlossaryTests.rows()
        #expect(rows.map(\.word) == rows.map(\.word).sorted())
        let refused = rows.flatMap(\.instead)
        #expect(Set(refused).count == refused.count, "each word is replaced by one")
        for row in rows {
            #expect(!row.word.isEmpty && row.meaning.hasSuffix("."), "\(row.word)")
            #expect(!refused.contains(row.word), "\(row.word)")
        }
        for word in [
            "ripe", "ripen", "ripening", "growing", "foresight", "scout", "hand", "says", "said",
            "told", "speaker",
        ] { #expect(refused.contains(word), "\(word)") }
    }

    @Test("identifiers come apart at capitals, digits and underscores, abbreviations stay whole")
    func identifiers() {
        #expect(GlossaryTests.parts("byHand") == ["by", "hand"])
        #expect(GlossaryTests.parts("beforehandHandle") == ["beforehand", "handle"])
        #expect(GlossaryTests.parts("JSONText") == ["json", "text"])
        #expect(GlossaryTests.parts("canonicalJSON") == ["canonical", "json"])
        #expect(GlossaryTests.parts("_said2told") == ["said", "told"])
        #expect(GlossaryTests.parts("Speaker") == ["speaker"])
    }

    @Test(
        "one type is a word, and one has the elementary functions",
        arguments: ["Word", "Elementary"])
    func unique(name: String) {
        let places = Tree.all(under: "Sources").flatMap { file in
            file.source.types.filter { $0.name == name }.map { "\(file.path):\($0.line)" }
        }
        #expect(places.count <= 1, "\(places.joined(separator: ", "))")
    }
}
