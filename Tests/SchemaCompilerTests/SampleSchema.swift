import Foundation
import SchemaCompiler

/// A small lawful schema whose lines tests replace.
enum SampleSchema {
    static let lines = """
        <sbe:messageSchema id="9" version="1" byteOrder="littleEndian">
        <types>
        <composite name="messageHeader">
        <type name="blockLength" primitiveType="uint16"/>
        <type name="templateId" primitiveType="uint16"/>
        <type name="schemaId" primitiveType="uint16"/>
        <type name="version" primitiveType="uint16"/>
        </composite>
        <composite name="groupSizeEncoding">
        <type name="blockLength" primitiveType="uint16"/>
        <type name="numInGroup" primitiveType="uint16"/>
        </composite>
        <composite name="varDataEncoding">
        <type name="length" primitiveType="uint32"/>
        <type name="varData" primitiveType="uint8"/>
        </composite>
        <composite name="envelope">
        <type name="knownAt" primitiveType="int64" semanticType="UTCTimestamp"/>
        </composite>
        <type name="Price" primitiveType="double"/>
        <type name="PriceOptional" primitiveType="double" presence="optional" nullValue="NaN"/>
        <enum name="Side" encodingType="uint8">
        <validValue name="buy">0</validValue>
        <validValue name="sell">1</validValue>
        </enum>
        <set name="Marks" encodingType="uint8">
        <choice name="seen">0</choice>
        <choice name="kept">7</choice>
        </set>
        </types>
        <sbe:message name="Traded" id="1">
        <field name="envelope" id="1" type="envelope"/>
        <field name="price" id="2" type="Price"/>
        <field name="marks" id="3" type="Marks"/>
        <field name="side" id="4" type="Side" presence="optional"/>
        <field name="limit" id="5" type="PriceOptional" sinceVersion="1"/>
        <group name="parts" id="6" dimensionType="groupSizeEncoding">
        <field name="size" id="7" type="int32"/>
        </group>
        <data name="text" id="8" type="varDataEncoding"/>
        </sbe:message>
        <sbe:message name="Ended" id="2">
        <field name="envelope" id="1" type="envelope"/>
        </sbe:message>
        </sbe:messageSchema>
        """.split(separator: "\n").map(String.init)

    /// The sample with each line that contains a key replaced by its value; a key must be found.
    static func text(_ edits: [(find: String, write: String)]) -> String {
        var lines = lines
        for edit in edits {
            guard let index = lines.firstIndex(where: { $0.contains(edit.find) }) else {
                preconditionFailure("the sample has no line with \(edit.find)")
            }
            lines[index] = edit.write
        }
        return lines.joined(separator: "\n")
    }

    static func read(_ edits: [(find: String, write: String)] = []) throws(Refusal) -> Schema {
        try SchemaReader.read(Data(text(edits).utf8), file: "sample.xml")
    }

    /// The package's folder.
    static let package = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func schema(_ path: String) throws -> Schema {
        let file = package.appending(path: path)
        return try SchemaReader.read(try Data(contentsOf: file), file: file.lastPathComponent)
    }
}
