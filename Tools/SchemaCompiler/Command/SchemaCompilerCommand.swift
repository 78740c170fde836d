import Foundation
import SchemaCompiler

/// `schema-compiler generate SCHEMA.xml FOLDER` writes the Swift of a schema;
/// `schema-compiler check-evolution OLD.xml NEW.xml` refuses an unlawful successor;
/// `schema-compiler embed OUTPUT.swift FILE.sql ...` writes text files as Swift constants.
@main
enum SchemaCompilerCommand {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        do {
            switch (arguments.first, arguments.count) {
            case ("generate", 3):
                try generate(arguments[arguments.startIndex + 1], arguments[arguments.endIndex - 1])
            case ("check-evolution", 3):
                try checkEvolution(
                    arguments[arguments.startIndex + 1], arguments[arguments.endIndex - 1])
            case ("embed", 3...):
                try embed(Array(arguments.dropFirst(2)), arguments[arguments.startIndex + 1])
            default:
                fail(
                    """
                    usage: schema-compiler generate SCHEMA.xml FOLDER
                           schema-compiler check-evolution OLD.xml NEW.xml
                           schema-compiler embed OUTPUT.swift FILE.sql ...
                    """, code: 64)
            }
        } catch let refusal as Refusal {
            fail(refusal.description, code: 65)
        } catch {
            fail("error: \(error.localizedDescription)", code: 74)
        }
    }

    private static func generate(_ schema: String, _ folder: String) throws {
        for (name, text) in Generator(try read(schema)).files() {
            try write(text, to: URL(filePath: folder).appending(path: name))
        }
    }

    /// An equal file keeps its date, so that nothing is compiled again.
    private static func write(_ text: String, to file: URL) throws {
        let data = Data(text.utf8)
        if (try? Data(contentsOf: file)) == data { return }
        try data.write(to: file)
    }

    private static func embed(_ files: [String], _ output: String) throws {
        var text =
            "/// The DDL of the read models, from `Schemas/ReadModels`.\nenum ReadModelDDL {\n"
        var cases = ""
        for file in files {
            let url = URL(filePath: file)
            let projection = url.deletingPathExtension().lastPathComponent
            let words = projection.split(separator: "-")
            let name = words[0] + words.dropFirst().map { $0.capitalized }.joined()
            let body = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            cases += "        case \"\(projection)\": \(name)\n"
            text += "    static let \(name) = #\"\"\"\n\(body)\n\"\"\"#\n"
        }
        text += """
                /// The DDL of a projection, in the file of its name; nil without one.
                static func named(_ projection: String) -> String? {
                    switch projection {
            \(cases)        default: nil
                    }
                }
            }

            """
        try write(text, to: URL(filePath: output))
    }

    private static func checkEvolution(_ old: String, _ new: String) throws {
        try Evolution.check(old: try read(old), new: try read(new))
    }

    private static func read(_ file: String) throws -> Schema {
        try SchemaReader.read(try Data(contentsOf: URL(filePath: file)), file: file)
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data((message + "\n").utf8))
        exit(code)
    }
}
