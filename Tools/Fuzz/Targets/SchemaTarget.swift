import Foundation
import SchemaCompiler

/// Event schemas, alone and as successors.
enum SchemaTarget {
    static let target = FuzzTarget(name: "schema") { bytes in
        guard let schema = try read(bytes[...]) else { return }
        let files = Generator(schema).files()
        try demand(files.map(\.name) == Generator.fileNames, "every file is generated")
        try demand(
            zip(files, Generator(schema).files()).allSatisfy { $0.text == $1.text },
            "the same schema gives the same Swift")
        do throws(Refusal) {
            try Evolution.check(old: schema, new: schema)
        } catch {
            throw Finding("a schema is its own lawful successor: \(error)")
        }
    }

    /// Two schemas behind one another, a line of three equals signs between them.
    static let evolution = FuzzTarget(name: "evolution") { bytes in
        let mark = Array("\n===\n".utf8)
        guard
            let index = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }),
            let old = try read(bytes[..<index]), let new = try read(bytes[(index + 5)...]),
            try isLawful(old, new)
        else { return }
        try demand(new.version >= old.version, "a successor's version does not fall")
        for message in old.messages {
            try demand(
                new.messages.contains { $0.name == message.name && $0.id == message.id },
                "a successor keeps message \(message.name)")
        }
        if new.version > old.version {
            try demand(try !isLawful(new, old), "a predecessor is no successor")
        } else {
            try demand(try isLawful(old, old), "a schema is its own lawful successor")
        }
    }

    private static func isLawful(_ old: Schema, _ new: Schema) throws -> Bool {
        do throws(Refusal) {
            try Evolution.check(old: old, new: new)
            return true
        } catch {
            try demand(!error.what.isEmpty && !error.remedy.isEmpty, "a refusal says what to do")
            return false
        }
    }

    /// The schema, or nil where the compiler refuses it in words.
    private static func read(_ bytes: ArraySlice<UInt8>) throws -> Schema? {
        do throws(Refusal) {
            return try SchemaReader.read(Data(bytes), file: "fuzz.xml")
        } catch {
            try demand(!error.what.isEmpty && !error.remedy.isEmpty, "a refusal says what to do")
            try demand(error.line >= 0 && error.file == "fuzz.xml", "a refusal names its place")
            return nil
        }
    }
}
