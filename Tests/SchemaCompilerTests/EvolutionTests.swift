import Foundation
import SchemaCompiler
import Testing

private let version = (
    find: "<sbe:messageSchema",
    write: "<sbe:messageSchema id=\"9\" version=\"2\" byteOrder=\"littleEndian\">"
)

private let lawful: [[(find: String, write: String)]] = [
    [],
    [version],
    [
        version,
        (
            "name=\"limit\"",
            "<field name=\"limit\" id=\"5\" type=\"PriceOptional\" sinceVersion=\"1\"/>"
                + "<field name=\"more\" id=\"9\" type=\"PriceOptional\" sinceVersion=\"2\"/>"
        ),
    ],
    [
        version,
        (
            "\"sell\"",
            "<validValue name=\"sell\">1</validValue>"
                + "<validValue name=\"hold\" sinceVersion=\"2\">2</validValue>"
        ),
    ],
    [
        version,
        (
            "\"kept\"",
            "<choice name=\"kept\">7</choice><choice name=\"new\" sinceVersion=\"2\">3</choice>"
        ),
    ],
    [
        version,
        (
            "name=\"Ended\"",
            "<sbe:message name=\"Begun\" id=\"3\" sinceVersion=\"2\">"
                + "<field name=\"envelope\" id=\"1\" type=\"envelope\"/>"
                + "</sbe:message><sbe:message name=\"Ended\" id=\"2\">"
        ),
    ],
    [("name=\"price\"", "<field name=\"price\" id=\"2\" type=\"Price\" description=\"dollars\"/>")],
]

private let unlawful: [(edits: [(find: String, write: String)], message: String)] = [
    ([("name=\"price\"", "<field name=\"cost\" id=\"2\" type=\"Price\"/>")], "version is still 1"),
    (
        [
            (
                "<sbe:messageSchema",
                "<sbe:messageSchema id=\"8\" version=\"2\" byteOrder=\"littleEndian\">"
            )
        ],
        "schema id changed from 9 to 8"
    ),
    (
        [version, ("name=\"price\"", "<field name=\"cost\" id=\"2\" type=\"Price\"/>")],
        "field 'price'"
    ),
    (
        [version, ("name=\"price\"", "<field name=\"price\" id=\"9\" type=\"Price\"/>")],
        "field 'price'"
    ),
    (
        [version, ("name=\"price\"", "<field name=\"price\" id=\"2\" type=\"float\"/>")],
        "field 'price'"
    ),
    ([version, ("name=\"price\"", "")], "field 'price'"),
    (
        [
            version,
            (
                "name=\"limit\"",
                "<field name=\"limit\" id=\"5\" type=\"PriceOptional\" sinceVersion=\"1\"/>"
                    + "<field name=\"more\" id=\"9\" type=\"PriceOptional\" sinceVersion=\"1\"/>"
            ),
        ], "new field 'more' of 'Traded' has sinceVersion 1"
    ),
    ([version, ("\"sell\"", "<validValue name=\"sell\">2</validValue>")], "'sell' = 1"),
    ([version, ("\"buy\"", "")], "'buy' = 0"),
    ([version, ("\"kept\"", "<choice name=\"kept\">6</choice>")], "'kept' = 7"),
    (
        [version, ("name=\"size\"", "<field name=\"size\" id=\"7\" type=\"int64\"/>")],
        "a group of 'Traded'"
    ),
    ([version, ("name=\"text\"", "")], "the data field of 'Traded'"),
    ([version, ("name=\"Ended\"", "<sbe:message name=\"Over\" id=\"2\">")], "'Ended' with id 2"),
    (
        [version, ("name=\"knownAt\"", "<type name=\"knownAt\" primitiveType=\"int64\"/>")],
        "the composite 'envelope'"
    ),
    (
        [
            version,
            (
                "name=\"Ended\"",
                "<sbe:message name=\"Begun\" id=\"3\"><field name=\"envelope\" id=\"1\" "
                    + "type=\"envelope\"/></sbe:message><sbe:message name=\"Ended\" id=\"2\">"
            ),
        ], "the new message 'Begun' has sinceVersion 0"
    ),
    (
        [
            version,
            (
                "\"sell\"",
                "<validValue name=\"sell\">1</validValue><validValue name=\"hold\">2</validValue>"
            ),
        ], "the new 'hold' of the enum 'Side' has sinceVersion 0"
    ),
    (
        [
            version,
            (
                "\"kept\"",
                "<choice name=\"kept\">7</choice>"
                    + "<choice name=\"new\" sinceVersion=\"1\">3</choice>"
            ),
        ], "the new 'new' of the set 'Marks' has sinceVersion 1"
    ),
]

@Test("additions that old readers skip are lawful", arguments: lawful.indices)
func lawfulSuccessor(_ index: Int) throws {
    try Evolution.check(old: try SampleSchema.read(), new: try SampleSchema.read(lawful[index]))
}

@Test("every other change is refused", arguments: unlawful.indices)
func unlawfulSuccessor(_ index: Int) throws {
    let old = try SampleSchema.read()
    let new = try SampleSchema.read(unlawful[index].edits)
    let refusal = #expect(throws: Refusal.self) { try Evolution.check(old: old, new: new) }
    #expect(refusal?.what.contains(unlawful[index].message) == true, "\(refusal?.what ?? "")")
}

@Test("a lower version is refused")
func fallingVersion() throws {
    let old = try SampleSchema.read([version])
    let new = try SampleSchema.read()
    let refusal = #expect(throws: Refusal.self) { try Evolution.check(old: old, new: new) }
    #expect(refusal?.what == "the version fell from 2 to 1")
}

@Test("the event schema is a lawful successor of every version before it")
func eventSchema() throws {
    let current = try SampleSchema.schema("Schemas/recount.xml")
    for version in 0..<current.version {
        let old = try SampleSchema.schema("Schemas/history/recount-\(version).xml")
        #expect(old.version == version)
        try Evolution.check(old: old, new: current)
    }
    #expect(current.messages.count >= 48)
}
