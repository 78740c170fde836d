import Foundation
import SchemaCompiler
import Testing

/// The Swift that `EventsTests` compiles to test messages of three versions.
private let fixture: [(generated: String, file: String)] = [
    ("SchemaMessages.swift", "EvolvedMessages.swift"), ("SchemaViews.swift", "EvolvedViews.swift"),
]

@Test("the compiled fixture is what the compiler makes of its schema today")
func fixtureIsCurrent() throws {
    let schema = try SampleSchema.schema("Tests/SchemaCompilerTests/Fixtures/evolved.xml")
    let files = Generator(schema).files()
    #expect(files.map(\.name) == Generator.fileNames)
    let folder = SampleSchema.package.appending(path: "Tests/EventsTests/Fixture")
    for (generated, file) in fixture {
        let made = try #require(files.first { $0.name == generated }).text
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
