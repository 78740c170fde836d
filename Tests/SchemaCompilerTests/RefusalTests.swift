import SchemaCompiler
import Testing

/// One edit of the sample that the compiler refuses.
struct Unlawful: CustomTestStringConvertible, Sendable {
    var find: String
    var write: String
    /// Words of the refusal.
    var message: String
    /// Lines of the replacement before the one at fault.
    var below = 0

    init(_ find: String, _ write: String, _ message: String, below: Int = 0) {
        self.find = find
        self.write = write
        self.message = message
        self.below = below
    }

    var testDescription: String { write }
}

private let inTypes: [Unlawful] = [
    Unlawful("name=\"Price\"", "<ref name=\"Price\" type=\"x\"/>", "<ref> is not supported"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" offset=\"4\"/>",
        "unsupported attribute 'offset'"),
    Unlawful("name=\"Price\"", "<type name=\"Price\"/>", "no attribute 'primitiveType'"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"decimal\"/>",
        "'decimal' is not a primitive type"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" length=\"2\"/>",
        "an array of double"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" semanticType=\"Amt\"/>",
        "semanticType 'Amt' does not go with double"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" semanticType=\"Foo\"/>",
        "semanticType 'Foo' is unknown"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" presence=\"constant\"/>",
        "presence is 'constant'"),
    Unlawful(
        "name=\"Price\"", "<type name=\"Price\" primitiveType=\"double\" nullValue=\"NaN\"/>",
        "a required type has a nullValue"),
    Unlawful(
        "PriceOptional",
        "<type name=\"PriceOptional\" primitiveType=\"double\" presence=\"optional\"/>",
        "an optional type has no nullValue"),
    Unlawful(
        "PriceOptional",
        "<type name=\"P\" primitiveType=\"double\" presence=\"optional\" nullValue=\"0\"/>",
        "nullValue '0' is not a null"),
    Unlawful(
        "PriceOptional",
        "<type name=\"P\" primitiveType=\"int8\" presence=\"optional\" nullValue=\"200\"/>",
        "nullValue '200' is not a null"),
    Unlawful(
        "PriceOptional",
        "<type name=\"P\" primitiveType=\"char\" length=\"4\" presence=\"optional\" nullValue=\"1\"/>",
        "nullValue '1' of characters"),
    Unlawful(
        "PriceOptional",
        "<type name=\"P\" primitiveType=\"uint8\" presence=\"optional\" nullValue=\"9\" "
            + "semanticType=\"EventFlags\"/>", "flags are optional but have no null"),
    Unlawful(
        "PriceOptional", "<type name=\"Price\" primitiveType=\"double\"/>",
        "type 'Price' is declared twice"),
    Unlawful(
        "PriceOptional", "<type name=\"int32\" primitiveType=\"int32\"/>",
        "type 'int32' is declared twice"),
    Unlawful("name=\"numInGroup\"", "", "'groupSizeEncoding' has another layout", below: -2),
    Unlawful("name=\"knownAt\"", "", "composite 'envelope' is empty", below: -1),
    Unlawful(
        "name=\"knownAt\"", "<composite name=\"inner\"/>", "<composite> in a composite"),
    Unlawful(
        "name=\"knownAt\"",
        "<type name=\"a\" primitiveType=\"int8\"/>\n<type name=\"a\" primitiveType=\"int8\"/>",
        "member 'a' is declared twice", below: 1),
    Unlawful(
        "name=\"Price\"",
        "<composite name=\"D\" semanticType=\"Digest\"><type name=\"w0\" primitiveType=\"uint64\"/>"
            + "</composite>", "'D' is not a digest"),
    Unlawful("<types>", "<types> stray", "contains the text 'stray'"),
]

private let inChoices: [Unlawful] = [
    Unlawful("name=\"Side\"", "<enum name=\"side\" encodingType=\"uint8\">", "not UpperCamelCase"),
    Unlawful("name=\"Side\"", "<enum name=\"Day\" encodingType=\"uint8\">", "name of another type"),
    Unlawful(
        "name=\"Side\"", "<enum name=\"Side\" encodingType=\"uint16\">",
        "encodingType 'uint16' of an enum"),
    Unlawful(
        "name=\"Side\"", "<enum name=\"Boolean\" encodingType=\"uint8\">",
        "Boolean has other values"),
    Unlawful("\"sell\"", "<validValue name=\"sell\">0</validValue>", "'sell' and 'buy' are both 0"),
    Unlawful("\"sell\"", "<validValue name=\"buy\">1</validValue>", "'buy' is used twice"),
    Unlawful("\"sell\"", "<validValue name=\"sell\">255</validValue>", "is the null"),
    Unlawful("\"sell\"", "<validValue name=\"sell\">254</validValue>", "kept for unrecognised"),
    Unlawful(
        "\"sell\"", "<validValue name=\"sell\">256</validValue>", "not a number from 0 to 255"),
    Unlawful("\"sell\"", "<validValue name=\"sell\">S</validValue>", "'S' is not a number"),
    Unlawful(
        "\"sell\"", "<validValue name=\"Sell\">1</validValue>", "'Sell' is not lowerCamelCase"),
    Unlawful("\"sell\"", "<validValue name=\"init\">1</validValue>", "'init' is reserved"),
    Unlawful(
        "\"sell\"", "<validValue name=\"unrecognised\">1</validValue>",
        "'unrecognised' is reserved"),
    Unlawful("\"sell\"", "<choice name=\"sell\">1</choice>", "<choice> is not supported here"),
    Unlawful("\"kept\"", "<choice name=\"kept\">8</choice>", "bit 8 is outside uint8"),
    Unlawful("\"kept\"", "<choice name=\"kept\">0</choice>", "'kept' and 'seen' are both 0"),
    Unlawful(
        "name=\"Marks\"", "<set name=\"Marks\" encodingType=\"uint64\">",
        "encodingType 'uint64' of a set"),
    Unlawful(
        "name=\"Marks\"", "<set name=\"Side\" encodingType=\"uint8\">", "'Side' is used twice"),
]

private let inMessages: [Unlawful] = [
    Unlawful(
        "<sbe:messageSchema", "<sbe:messageSchema id=\"9\" version=\"1\" byteOrder=\"bigEndian\">",
        "byteOrder is 'bigEndian'"),
    Unlawful("name=\"Traded\"", "<sbe:message name=\"traded\" id=\"1\">", "not UpperCamelCase"),
    Unlawful(
        "name=\"Traded\"", "<sbe:message name=\"Traded\" id=\"1\" blockLength=\"9\">",
        "unsupported attribute 'blockLength'"),
    Unlawful("name=\"Ended\"", "<sbe:message name=\"Ended\" id=\"1\">", "both have id 1"),
    Unlawful("name=\"Ended\"", "<sbe:message name=\"Traded\" id=\"2\">", "'Traded' is used twice"),
    Unlawful("name=\"Ended\"", "<sbe:message name=\"Side\" id=\"2\">", "'Side' is used twice"),
    Unlawful("name=\"Ended\"", "<sbe:message name=\"Ended\" id=\"70000\">", "template id '70000'"),
    Unlawful(
        "<field name=\"envelope\"", "", "first field of 'Traded' is not its envelope", below: -1),
    Unlawful(
        "name=\"price\"", "<field name=\"again\" id=\"2\" type=\"envelope\"/>",
        "the envelope is not the first field"),
    Unlawful(
        "name=\"price\"", "<field name=\"Price\" id=\"2\" type=\"Price\"/>", "not lowerCamelCase"),
    Unlawful("name=\"price\"", "<field name=\"in\" id=\"2\" type=\"Price\"/>", "reserved in Swift"),
    Unlawful("name=\"price\"", "<field name=\"view\" id=\"2\" type=\"Price\"/>", "is reserved"),
    Unlawful(
        "name=\"price\"", "<field name=\"price\" id=\"1\" type=\"Price\"/>", "id 1 is used twice"),
    Unlawful(
        "name=\"price\"", "<field name=\"price\" id=\"2\" type=\"Prize\"/>", "'Prize' is unknown"),
    Unlawful(
        "name=\"price\"", "<field name=\"price\" id=\"2\" type=\"messageHeader\"/>",
        "'messageHeader' is unknown"),
    Unlawful(
        "name=\"price\"", "<field name=\"price\" id=\"2\" type=\"Price\" offset=\"0\"/>",
        "unsupported attribute 'offset'"),
    Unlawful(
        "name=\"price\"", "<field name=\"price\" id=\"2\" type=\"Price\" presence=\"optional\"/>",
        "'price' is optional but type 'Price' has no null"),
    Unlawful(
        "name=\"marks\"", "<field name=\"marks\" id=\"3\" type=\"Marks\" presence=\"optional\"/>",
        "'marks' is optional but type 'Marks' has no null"),
    Unlawful(
        "name=\"price\"",
        "<field name=\"price\" id=\"2\" type=\"PriceOptional\" presence=\"required\"/>",
        "'price' is required but its type is optional"),
    Unlawful(
        "name=\"marks\"", "<field name=\"price\" id=\"3\" type=\"Marks\"/>", "'price' is used twice"
    ),
    Unlawful(
        "name=\"limit\"",
        "<field name=\"limit\" id=\"5\" type=\"PriceOptional\" sinceVersion=\"2\"/>",
        "sinceVersion 2 is later than the schema's version 1"),
    Unlawful(
        "name=\"limit\"", "<field name=\"limit\" id=\"5\" type=\"Price\" sinceVersion=\"1\"/>",
        "'limit' is new in version 1 but required"),
    Unlawful(
        "name=\"side\"",
        "<field name=\"a\" id=\"9\" type=\"PriceOptional\" sinceVersion=\"1\"/>\n"
            + "<field name=\"side\" id=\"4\" type=\"Side\"/>",
        "'side' of version 0 stands after 'a' of version 1", below: 1),
    Unlawful(
        "name=\"Ended\"", "<sbe:message name=\"Ended\" id=\"2\" sinceVersion=\"2\">",
        "sinceVersion 2 is later than the schema's version 1"),
    Unlawful(
        "name=\"Traded\"", "<sbe:message name=\"Traded\" id=\"1\" sinceVersion=\"1\">",
        "'limit' of version 1 is no newer than its message", below: 5),
    Unlawful(
        "\"sell\"", "<validValue name=\"sell\" sinceVersion=\"2\">1</validValue>",
        "sinceVersion 2 is later than the schema's version 1"),
    Unlawful("name=\"size\"", "", "the group 'parts' has no field", below: -1),
    Unlawful(
        "name=\"size\"", "<field name=\"size\" id=\"2\" type=\"int32\"/>", "id 2 is used twice"),
    Unlawful(
        "name=\"size\"",
        "<field name=\"size\" id=\"7\" type=\"PriceOptional\" sinceVersion=\"1\"/>",
        "a field of a group has a sinceVersion"),
    Unlawful(
        "name=\"size\"", "<group name=\"inner\" id=\"7\" dimensionType=\"groupSizeEncoding\"/>",
        "a group inside a group"),
    Unlawful(
        "name=\"size\"", "<data name=\"inner\" id=\"7\" type=\"varDataEncoding\"/>",
        "<data> in a group"),
    Unlawful(
        "name=\"parts\"",
        "<group name=\"parts\" id=\"6\" dimensionType=\"groupSizeEncoding\" sinceVersion=\"1\">",
        "unsupported attribute 'sinceVersion'"),
    Unlawful(
        "name=\"parts\"", "<group name=\"parts\" id=\"6\" dimensionType=\"Price\">",
        "dimensionType is 'Price'"),
    Unlawful(
        "name=\"text\"",
        "<data name=\"text\" id=\"8\" type=\"varDataEncoding\" sinceVersion=\"1\"/>",
        "unsupported attribute 'sinceVersion'"),
    Unlawful(
        "name=\"text\"", "<data name=\"text\" id=\"8\" type=\"Price\"/>",
        "data field's type is 'Price'"),
    Unlawful(
        "name=\"text\"",
        "<data name=\"text\" id=\"8\" type=\"varDataEncoding\"/>\n"
            + "<data name=\"more\" id=\"9\" type=\"varDataEncoding\"/>",
        "'Traded' has two data fields", below: 1),
    Unlawful(
        "name=\"text\"",
        "<data name=\"text\" id=\"8\" type=\"varDataEncoding\"/>\n"
            + "<group name=\"more\" id=\"9\" dimensionType=\"groupSizeEncoding\"/>",
        "a group stands after the data field", below: 1),
    Unlawful(
        "name=\"text\"", "<field name=\"late\" id=\"8\" type=\"Price\"/>",
        "a field stands after a group or data field"),
    Unlawful("name=\"text\"", "<note/>", "<note> is not supported here"),
]

@Test("what is not supported is refused at its line", arguments: inTypes + inChoices + inMessages)
func refusals(_ unlawful: Unlawful) throws {
    let index = try #require(SampleSchema.lines.firstIndex { $0.contains(unlawful.find) })
    let refusal = #expect(throws: Refusal.self) {
        try SampleSchema.read([(unlawful.find, unlawful.write)])
    }
    let found = try #require(refusal)
    #expect(found.what.contains(unlawful.message))
    #expect(found.line == index + 1 + unlawful.below)
    #expect(found.file == "sample.xml")
    #expect(!found.remedy.isEmpty)
}

@Test("the sample that the refusals edit is itself accepted")
func sampleIsLawful() throws {
    let schema = try SampleSchema.read()
    let traded = try #require(schema.messages.first)
    #expect(traded.fields.map(\.offset) == [0, 8, 16, 17, 18])
    #expect(traded.blockLength == 26)
    #expect(traded.blockLength(inVersion: 0) == 18)
    #expect(traded.groups.map(\.entryName) == ["Part"])
}

@Test("a refusal reads as a build error that links to its line")
func refusalText() {
    let refusal = #expect(throws: Refusal.self) {
        try SampleSchema.read([
            ("name=\"price\"", "<field name=\"price\" id=\"2\" type=\"Prize\"/>")
        ])
    }
    #expect(
        refusal?.description
            == "sample.xml:33: error: the type 'Prize' is unknown; write instead a type declared above"
    )
}

@Test("a block beyond 65,535 bytes is refused")
func longBlock() {
    let edits = [
        (
            find: "name=\"Price\"",
            write: "<type name=\"Price\" primitiveType=\"char\" length=\"65535\"/>"
        )
    ]
    let refusal = #expect(throws: Refusal.self) { try SampleSchema.read(edits) }
    #expect(refusal?.what == "the block of 'Traded' is longer than 65535 bytes")
    #expect(refusal?.line == 33)
}

@Test("text that is not XML is refused with its line")
func malformedXML() {
    let refusal = #expect(throws: Refusal.self) {
        try SampleSchema.read([("<types>", "<types")])
    }
    #expect(refusal?.what.contains("not well-formed") == true)
    #expect((refusal?.line ?? 0) >= 2)
}

@Test("a schema without an envelope is refused")
func missingEnvelope() {
    let refusal = #expect(throws: Refusal.self) {
        try SampleSchema.read([("name=\"envelope\"", "<composite name=\"other\">")])
    }
    #expect(refusal?.what.contains("'envelope' is unknown") == true)
}
