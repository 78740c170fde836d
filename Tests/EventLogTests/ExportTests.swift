import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("Export and import")
struct ExportTests {
    private let folder = TemporaryFolder()
    private let identity = LogIdentity(
        kind: .data, logID: Digest(w0: 4, w1: 3, w2: 2, w3: 1), schemaVersion: 2)

    /// What a message says, for people.
    private func render(_ message: RawSpan) -> String {
        let size = message.byteCount
        let last = message.unsafeLoad(fromByteOffset: size - 1, as: UInt8.self)
        return #"{"size":\#(size),"last":\#(last)}"#
    }

    private func lines(rendered: Bool = true) throws -> [String] {
        let log = MemoryLog(identity: identity)
        for number in 1...6 as ClosedRange<Int64> {
            try log.append(now: Instant(rawValue: number)) { batch in
                for index in 0..<2 {
                    let bytes = message(recordedAt: number, payload: [UInt8(number), UInt8(index)])
                    batch.append(encoded: bytes.span.bytes)
                }
            }
        }
        var lines: [String] = []
        try LogExport.write(log, render: rendered ? render : nil) { lines.append($0) }
        return lines
    }

    private func read(_ lines: [String], to name: String = "copy") throws -> LogHead {
        var rest = lines.makeIterator()
        return try LogImport.read(
            file: "export.jsonl", to: "\(folder.path)/\(name)", render: render
        ) { rest.next() }
    }

    @Test("a log comes back with the same events, commits, identity and seals")
    func roundTrip() throws {
        for rendered in [true, false] {
            let exported = try lines(rendered: rendered)
            #expect(exported.count == 1 + 12 + 6)
            let head = try read(exported, to: "copy-\(rendered)")
            let copy = try EventLog.open(at: "\(folder.path)/copy-\(rendered)", access: .write)
            #expect(copy.identity == identity)
            #expect(try copy.head() == head)
            var again: [String] = []
            try LogExport.write(copy, render: rendered ? render : nil) { again.append($0) }
            #expect(again == exported)
            #expect(try LogVerifier.verify(copy.path).isSound)
            try copy.append(now: Instant(rawValue: 9)) { batch in
                let bytes = message(recordedAt: 9)
                batch.append(encoded: bytes.span.bytes)
            }
            #expect(try copy.head().position == 13, "an imported data log goes on")
        }
    }

    private static let edits: [(line: Int, from: String, to: String, message: String)] = [
        (1, #""log":"data""#, #""log":"date""#, "begins with a line that names the log"),
        (2, #""size":58"#, #""size":59"#, "the fields do not match the bytes; edit neither"),
        (2, #""crc":"#, #""crc":1"#, "the checksum does not match the bytes"),
        (3, #""position":2"#, #""position":3"#, "position 2 is expected here"),
        (3, #""commit":1"#, #""commit":2"#, "its commit begins at position 1"),
        (3, "0101\"", "0102\"", "the checksum does not match the bytes"),
        (3, "0101\"", "01x1\"", "`bytes` is not the hexadecimal text of an event"),
        (4, #""count":2"#, #""count":3"#, "the seal does not match"),
        (4, #""recordedAt":1"#, #""recordedAt":2"#, "the seal does not match"),
        (7, #""recordedAt":2"#, #""recordedAt":0"#, "recorded before its predecessor"),
        (5, "{", "", "no JSON object"),
    ]

    @Test("an edited line is refused by its number", arguments: 0..<11)
    func edited(index: Int) throws {
        let edit = ExportTests.edits[index]
        var lines = try lines()
        let changed = lines[edit.line - 1].replacingOccurrences(of: edit.from, with: edit.to)
        try #require(changed != lines[edit.line - 1])
        lines[edit.line - 1] = changed
        let refusal = #expect(throws: LogError.self) { try read(lines) }
        let text = "\(try #require(refusal))"
        #expect(text.contains("export.jsonl: line \(edit.line): "), "\(text)")
        #expect(text.contains(edit.message), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/copy"))
    }

    @Test("a line that is lost, doubled or cut off is refused")
    func structure() throws {
        let lines = try lines()
        for bad in [
            Array(lines.dropFirst()), Array(lines.dropLast()), lines + [lines[18]],
            Array(lines[0..<3] + lines[4...]), Array(lines[0..<2] + lines[3...]),
        ] {
            #expect(throws: LogError.self) { try read(bad) }
        }
    }

    @Test("an import into a log that is there is refused")
    func occupied() throws {
        let lines = try lines()
        _ = try read(lines)
        let refusal = #expect(throws: LogError.self) { try read(lines) }
        #expect("\(try #require(refusal))".contains("a log is here already"))
    }

    // Found by fuzzing: such a line was refused without its number.
    @Test("bytes that are no event of the schema are refused by their line")
    func noEvent() throws {
        var lines = try lines()[...]
        let refusal = #expect(throws: LogError.self) {
            try LogImport.read(
                file: "export.jsonl", to: "\(folder.path)/copy",
                render: { throw DecodingError.truncated(count: $0.byteCount, needed: 99) },
                next: { lines.popFirst() })
        }
        let text = "\(try #require(refusal))"
        #expect(text.contains("export.jsonl: line 2: `bytes` are no event"), "\(text)")
    }
}
