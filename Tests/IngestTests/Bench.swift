import EventLog
import Events
import Glibc

@testable import Ingest

/// A folder of its own with a data log, removed when it goes.
final class Bench {
    let folder: String
    let log: EventLog

    init() throws {
        var template = Array("/tmp/recount-ingest-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw BenchError.noFolder(errno) }
        folder = String(cString: made)
        log = try EventLog.create(
            at: folder + "/log",
            identity: LogIdentity(
                kind: .data, logID: sha256(Array(folder.utf8)), schemaVersion: EventSchema.version))
    }

    deinit {
        for name in ["log/data.mdb", "log/lock.mdb", "log/wake"] { unlink("\(folder)/\(name)") }
        rmdir(folder + "/log")
        for name in written { unlink(name) }
        rmdir(folder)
    }

    private var written: [String] = []

    /// Writes a file and gives its path.
    func file(_ text: String, name: String = "input") throws -> String {
        try file(bytes: Array(text.utf8), name: name)
    }

    func file(bytes: [UInt8], name: String = "input") throws -> String {
        let path = "\(folder)/\(name)"
        guard let handle = fopen(path, "w") else { throw BenchError.noFile(errno) }
        defer { fclose(handle) }
        written.append(path)
        guard fwrite(bytes, 1, bytes.count, handle) == bytes.count else {
            throw BenchError.noFile(errno)
        }
        return path
    }

    /// A writer whose clock stands at 2027-01-01.
    func writer() -> IngestWriter {
        IngestWriter(log, clock: { Instant(Day("2027-01-01")!) })
    }

    func disclosures(
        _ path: String, _ options: DisclosureOptions = .init()
    ) throws -> FileReport {
        try DisclosureImporter(
            writer(), options: options, onReject: { self.rejects.append($0) },
            onProgress: { _, _ in }
        ).run(path)
    }

    func prices(_ path: String, _ options: PriceImporter.Options = .init()) throws -> FileReport {
        try PriceImporter(
            writer(), options: options, onReject: { self.rejects.append($0) },
            onProgress: { _, _ in }
        ).run(path)
    }

    /// Rows that the imports told of as left out.
    var rejects: [RejectedRow] = []

    /// Every event of one kind, in order.
    func events<Event: EventMessage>(_ type: Event.Type = Event.self) throws -> [Event] {
        var found: [Event] = []
        try log.read { record in
            if try MessageHeader(record.message).templateID == Event.templateID {
                found.append(try Event(message: record.message))
            }
            return .proceed
        }
        return found
    }
}

enum BenchError: Error {
    case noFolder(Int32)
    case noFile(Int32)
}

/// Random numbers from a seed (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// One gzip member that stores `content` uncompressed (RFC 1951, 3.2.4; RFC 1952).
func gzipped(_ content: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
        let end = min(start + 60_000, content.count)
        let length = UInt16(end - start)
        result.append(end == content.count ? 1 : 0)
        for word in [length, ~length] {
            result += [UInt8(word & 255), UInt8(word >> 8)]
        }
        result += content[start..<end]
        start = end
    } while start < content.count
    for word in [crc32(content), UInt32(content.count)] {
        result += (0..<4).map { UInt8(word >> ($0 * 8) & 255) }
    }
    return result
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
        sum ^= UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
}
