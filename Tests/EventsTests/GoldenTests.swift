import Foundation
import Testing

@testable import Events

/// Bytes that were written once and must be read the same for ever.
///
/// `Golden/version-N.txt` has a line for each message whose form changed in version N: name, bytes
/// in hexadecimal, JSON. The lines were made by `RandomMessage` from the schema's tables with seed
/// 1, not by the encoder. A version's file is never rewritten once a log of that version is kept
/// anywhere; a new version adds a file (`RECOUNT_REWRITE_GOLDEN=1` writes the newest one where it
/// is missing).
@Suite("Golden bytes")
struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    /// A line of a file.
    private struct Line {
        var name: String
        var bytes: [UInt8]
        var json: String
    }

    private func lines(_ version: UInt16) throws -> [Line] {
        let file = GoldenTests.folder.appendingPathComponent("version-\(version).txt")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 2).map(String.init)
            try #require(parts.count == 3, "\(file.lastPathComponent): \(line.prefix(80))")
            return Line(name: parts[0], bytes: [UInt8](hex: parts[1]), json: parts[2])
        }
    }

    /// The messages that are new in a version, or whose block is longer in it than before.
    private func changed(in version: UInt16) -> [MessageDescription] {
        EventSchema.messages.filter { message in
            message.sinceVersion == version
                || message.fields.contains { $0.sinceVersion == version && version > 0 }
        }
    }

    @Test("every message of every version decodes to the values it was written with")
    func decodes() throws {
        if ProcessInfo.processInfo.environment["RECOUNT_REWRITE_GOLDEN"] == "1" { try write() }
        for version in 0...EventSchema.version {
            for line in try lines(version) {
                #expect(try EventJSON.string(message: line.bytes.span.bytes) == line.json)
                let index = try #require(
                    EventSchema.messages.firstIndex { $0.name == line.name }, "\(line.name)")
                let message = try EventSchema.messageTypes[index].init(bytes: line.bytes)
                #expect(message.encoded() == line.bytes, "\(line.name) of version \(version)")
            }
        }
    }

    @Test("every form of every message has golden bytes, and nothing else has")
    func complete() throws {
        for version in 0...EventSchema.version {
            let lines = try lines(version)
            #expect(lines.map(\.name) == changed(in: version).map(\.name), "version \(version)")
            for line in lines {
                let header = try MessageHeader(line.bytes.span.bytes)
                #expect(header.version == version, "\(line.name)")
                #expect(EventSchema.message(id: header.templateID)?.name == line.name)
            }
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: GoldenTests.folder.path)
        #expect(files.sorted() == (0...EventSchema.version).map { "version-\($0).txt" }.sorted())
    }

    private func write() throws {
        let version = EventSchema.version
        let file = GoldenTests.folder.appendingPathComponent("version-\(version).txt")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        var text = ""
        for message in changed(in: version) {
            var random = SeededGenerator(state: 1 &+ UInt64(message.id))
            let bytes = RandomMessage(description: message, isNewestPresent: true)
                .bytes(using: &random)
            let json = try EventJSON.string(message: bytes.span.bytes)
            text += "\(message.name)\t\(bytes.hex)\t\(json)\n"
        }
        try Data(text.utf8).write(to: file)
    }
}
