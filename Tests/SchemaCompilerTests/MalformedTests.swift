import Foundation
import SchemaCompiler
import Testing

@Suite("Files that are no schema")
struct MalformedTests {
    private func refusal(_ bytes: [UInt8]) -> Refusal? {
        do throws(Refusal) {
            _ = try SchemaReader.read(Data(bytes), file: "sample.xml")
            return nil
        } catch {
            return error
        }
    }

    // Found by fuzzing: Foundation's parser crashed on both.
    @Test("a processing instruction is refused by its line, with data and without")
    func instruction() {
        for text in ["<?xm?>", "<?go now?>", "<?xml?>"] {
            let found = refusal(Array("<a>\n\(text)</a>".utf8))
            #expect(found?.line == 2 && found?.what.contains("processing instruction") == true)
        }
    }

    @Test("a name that is not UTF-8 is refused by its line")
    func notUTF8() {
        let found = refusal(Array("<a>\n<b:c".utf8) + [0xFF, 0xFF] + Array("></a>".utf8))
        #expect(found?.line == 2 && found?.what == "the file is not UTF-8")
    }

    @Test("a document type is refused, so that no entity reads another file")
    func documentType() {
        let text = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b SYSTEM \"c\">]>\n<a>&b;</a>"
        let found = refusal(Array(text.utf8))
        #expect(found?.line == 2 && found?.what.contains("document type") == true)
    }

    @Test("a declaration and a byte order mark are no obstacle")
    func declaration() throws {
        let text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + SampleSchema.text([])
        #expect(refusal(Array(text.utf8)) == nil)
    }
}
