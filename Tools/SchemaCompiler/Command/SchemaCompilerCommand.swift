import Foundation
import SchemaCompiler

/// `schema-compiler generate SCHEMA.xml FOLDER` writes the Swift of a schema;
/// `schema-compiler check-evolution OLD.xml NEW.xml` refuses an unlawful successor.
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
            default:
                fail(
                    """
                    usage: schema-compiler generate SCHEMA.xml FOLDER
                           schema-compiler check-evolution OLD.xml NEW.xml
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
            let file = URL(filePath: folder).appending(path: name)
            let data = Data(text.utf8)
            // An equal file keeps its date, so that nothing is compiled again.
            if (try? Data(contentsOf: file)) == data { continue }
            try data.write(to: file)
        }
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
