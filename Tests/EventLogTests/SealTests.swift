import Digests
import Events
import TestKit
import Testing

@testable import EventLog

@Suite("Seals")
struct SealTests {
    private func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    @Test("the schema's version and the log's id are no part of a seal")
    func identity() throws {
        let identities = [
            LogIdentity(kind: .data, logID: .zero, schemaVersion: 0),
            LogIdentity(kind: .data, logID: Digest(w0: 1, w1: 0, w2: 0, w3: 0), schemaVersion: 7),
        ]
        let seals = try identities.map { identity in
            let log = MemoryLog(identity: identity)
            try log.append(now: Instant(rawValue: 1)) { batch in
                batch.append(encoded: message(recordedAt: 1, payload: [1, 2]).span.bytes)
            }
            return log.head().seal
        }
        #expect(seals[0] == seals[1])
    }

    @Test("a seal is SHA-256 of the seal before, first, count, recordedAt and content")
    func formula() throws {
        let log = MemoryLog(
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
        var previous = [UInt8](repeating: 0, count: 32)
        var first: UInt64 = 1
        for (index, count) in [1, 3, 2].enumerated() {
            let recordedAt = Int64(index) - 1
            var records: [UInt8] = []
            try log.append(now: Instant(rawValue: recordedAt)) { batch in
                for _ in 0..<count {
                    let bytes = message(recordedAt: recordedAt, payload: [UInt8(index)])
                    let crc = Checksum.of(littleEndian(batch.nextPosition) + bytes)
                    records += bytes + littleEndian(UInt64(crc)).prefix(4)
                    batch.append(encoded: bytes.span.bytes)
                }
            }
            let content = SHA256.hash(records).bytes
            let sealed =
                previous + littleEndian(first) + littleEndian(UInt64(count))
                + littleEndian(UInt64(bitPattern: recordedAt)) + content
            let commit = try #require(log.commits().last)
            #expect(commit.content.bytes == content)
            #expect(commit.seal.bytes == SHA256.hash(sealed).bytes)
            #expect(commit.stored.count == 80)
            #expect(Commit(first: first, stored: commit.stored.span.bytes) == commit)
            previous = commit.seal.bytes
            first += UInt64(count)
        }
    }
}

/// CRC-32C bit by bit, as its definition says.
private enum Checksum {
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }
}
