public import Foundation

/// Reads a schema and refuses all that it does not support.
public struct SchemaReader {
    var schema: Schema
    /// Declared types by name: the Swift kind and the null, if the type has one.
    var types: [String: DeclaredType] = [:]
    private var sawEnvelope = false

    /// A type that fields may name.
    struct DeclaredType {
        var kind: Kind
        var null: Null?
        /// The null that a field with presence="optional" takes when the type has none.
        var fieldNull: Null?
    }

    /// The schema in `data`; `file` is what refusals call it.
    public static func read(_ data: Data, file: String) throws(Refusal) -> Schema {
        let root = try ElementReader.read(data, file: file)
        var reader = SchemaReader(schema: Schema(file: file, id: 0, version: 0))
        try reader.readRoot(root)
        return reader.schema
    }

    private mutating func readRoot(_ root: Element) throws(Refusal) {
        guard root.name == "sbe:messageSchema" else {
            throw root.refusal("the root is <\(root.name)>", "<sbe:messageSchema …>")
        }
        try root.check(
            required: ["id", "version", "byteOrder"],
            optional: ["xmlns:sbe", "package", "semanticVersion", "description"])
        guard root.required("byteOrder") == "littleEndian" else {
            throw root.refusal(
                "byteOrder is '\(root.required("byteOrder"))'", "byteOrder=\"littleEndian\"")
        }
        schema.id = try root.number(root.required("id"), "schema id", in: 0...65_534)
        schema.version = try root.number(root.required("version"), "version", in: 0...65_534)
        try root.checkNoText()
        for child in root.children {
            switch child.name {
            case "types": try readTypes(child)
            case "sbe:message": try readMessage(child)
            default:
                throw child.refusal(
                    "<\(child.name)> is not supported here", "<types> or <sbe:message>")
            }
        }
        try checkHeaders(root)
        schema.messages.sort { $0.id < $1.id }
    }

    private func checkHeaders(_ root: Element) throws(Refusal) {
        for name in ["messageHeader", "groupSizeEncoding", "varDataEncoding", "envelope"]
        where types[name] == nil {
            throw root.refusal(
                "the schema declares no composite '\(name)'", "<composite name=\"\(name)\">")
        }
    }
}
