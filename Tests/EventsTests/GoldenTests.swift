import Events
import Foundation
import Testing

/// Bytes that were written once and must be read the same for ever.
///
/// `Golden/version-N.txt` has a line a message: name, bytes in hexadecimal, JSON. The lines were
/// made by `RandomMessage` from the schema's tables with seed 1, not by the encoder. A version's
/// file is never rewritten once a log of that version is kept anywhere; a new version adds a file
/// (`RECOUNT_REWRITE_GOLDEN=1` writes the current one where it is missing).
@Suite("Golden bytes")
struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    @Test("every message of every version decodes to the values it was written with")
    func decodes() throws {
        if ProcessInfo.processInfo.environment["RECOUNT_REWRITE_GOLDEN"] == "1" { try write() }
        for version in 0...EventSchema.version {
            let file = GoldenTests.folder.appendingPathComponent("version-\(version).txt")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            #expect(lines.count >= 49)
            for line in lines {
                let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
                let bytes = [UInt8](hex: parts[1])
                #expect(try EventJSON.string(message: bytes.span.bytes) == parts[2], "\(parts[0])")
                guard version == EventSchema.version,
                    let index = EventSchema.messages.firstIndex(where: { $0.name == parts[0] })
                else { continue }
                let message = try EventSchema.messageTypes[index].init(bytes: bytes)
                #expect(message.encoded() == bytes, "\(parts[0])")
            }
        }
    }

    private func write() throws {
        let file = GoldenTests.folder.appendingPathComponent("version-\(EventSchema.version).txt")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        var text = ""
        for message in EventSchema.messages {
            var random = SeededGenerator(state: 1 &+ UInt64(message.id))
            let bytes = RandomMessage(description: message).bytes(using: &random)
            let json = try EventJSON.string(message: bytes.span.bytes)
            text += "\(message.name)\t\(bytes.hex)\t\(json)\n"
        }
        try Data(text.utf8).write(to: file)
    }
}
