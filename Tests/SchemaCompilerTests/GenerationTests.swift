import Foundation
import Testing

@testable import SchemaCompiler

/// The schema whose Swift `EventsTests` compiles to test messages of three versions, and the first
/// of them: the same without what has a `sinceVersion`, under other names.
private enum Fixture: String, CaseIterable {
    case evolved = "Evolved"
    case original = "Original"

    func schema(named name: String = "Original") throws -> Schema {
        let file = SampleSchema.package.appending(
            path: "Tests/SchemaCompilerTests/Fixtures/evolved.xml")
        let text = try String(contentsOf: file, encoding: .utf8)
        guard self == .original else {
            return try SchemaReader.read(Data(text.utf8), file: "evolved.xml")
        }
        var lines: [String] = []
        var isSkipping = false
        for line in text.components(separatedBy: "\n") {
            let isLater = line.contains("sinceVersion")
            isSkipping = isSkipping || isLater && line.contains("<sbe:message ")
            if !isSkipping, !isLater { lines.append(line) }
            if line.contains("</sbe:message>") { isSkipping = false }
        }
        let original = lines.joined(separator: "\n")
            .replacing("Evolved", with: name).replacing("version=\"2\"", with: "version=\"0\"")
        return try SchemaReader.read(Data(original.utf8), file: "original.xml")
    }

    /// What is compiled; the envelope's types are those of the event schema.
    func files() throws -> [(name: String, text: String)] {
        let generator = Generator(try schema())
        let files = generator.files()
        #expect(files.map(\.name) == Generator.fileNames)
        let types =
            generator.schema.enums.filter { $0.name.hasPrefix(rawValue) }
            .map(generator.enumeration) + generator.schema.sets.map(generator.set)
        return [
            ("\(rawValue)Types.swift", types.joined(separator: "\n")),
            ("\(rawValue)Messages.swift", files[1].text), ("\(rawValue)Views.swift", files[2].text),
        ]
    }
}

@Test("the compiled fixtures are what the compiler makes of their schemas today")
func fixtureIsCurrent() throws {
    let folder = SampleSchema.package.appending(path: "Tests/EventsTests/Fixture")
    for (file, made) in try Fixture.allCases.flatMap({ try $0.files() }) {
        let expected = "// swift-format-ignore-file\n@testable public import Events\n\n" + made
        let url = folder.appending(path: file)
        if ProcessInfo.processInfo.environment["RECOUNT_REWRITE_FIXTURES"] != nil {
            try Data(expected.utf8).write(to: url)
        }
        let found = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        #expect(
            found == expected, "run this test with RECOUNT_REWRITE_FIXTURES=1 and read the diff")
    }
}

@Test("the fixture's last version is a lawful successor of its first")
func fixtureIsLawful() throws {
    let old = try Fixture.original.schema(named: "Evolved")
    let new = try Fixture.evolved.schema()
    #expect(old.messages.map(\.blockVersions) == [[0]])
    #expect(new.messages.map(\.blockVersions) == [[0, 1, 2], [1, 2]])
    try Evolution.check(old: old, new: new)
}

@Test("the same schema gives the same bytes")
func deterministic() throws {
    let first = Generator(try SampleSchema.schema("Schemas/recount.xml")).files()
    let second = Generator(try SampleSchema.schema("Schemas/recount.xml")).files()
    for (one, two) in zip(first, second) { #expect(one.text == two.text) }
}

@Test(
    "a group's entry takes the singular of its name",
    arguments: [
        ("bars", "Bar"), ("entries", "Entry"), ("unused", "UnusedEntry"), ("mass", "MassEntry"),
    ])
func singular(_ name: String, _ entry: String) throws {
    let schema = try SampleSchema.read([
        (
            "name=\"parts\"",
            "<group name=\"\(name)\" id=\"6\" dimensionType=\"groupSizeEncoding\">"
        )
    ])
    #expect(schema.messages[0].groups.map(\.entryName) == [entry])
}
