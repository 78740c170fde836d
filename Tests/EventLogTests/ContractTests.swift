import EventLog
import Events
import Foundation
import TestKit
import Testing

/// The promises of `Log`, kept by each log there is.
@Suite("Every log")
struct ContractTests {
    enum Kind: CaseIterable {
        case disk
        case memory
    }

    private let folder = TemporaryFolder()
    private struct Refusal: Error {}

    private func make(_ kind: Kind) throws -> any Log {
        let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
        return switch kind {
        case .disk: try EventLog.create(at: "\(folder.path)/log", identity: identity)
        case .memory: MemoryLog(identity: identity)
        }
    }

    @discardableResult
    private func append(_ log: any Log, _ count: Int, at instant: Int64) throws -> UInt64 {
        try log.append(now: Instant(rawValue: instant)) { batch in
            var last: UInt64 = 0
            for index in 0..<count {
                let bytes = message(
                    recordedAt: batch.now.rawValue, payload: [UInt8](repeating: 3, count: index))
                last = batch.append(encoded: bytes.span.bytes)
            }
            return last
        }
    }

    private func positions(
        _ log: any Log, from first: UInt64 = 1, through last: UInt64 = .max
    ) throws -> [UInt64] {
        var positions: [UInt64] = []
        try log.read(from: first, through: last, check: .checksum) { record in
            positions.append(record.position)
            return .proceed
        }
        return positions
    }

    @Test("begins empty", arguments: Kind.allCases)
    func empty(kind: Kind) throws {
        let log = try make(kind)
        #expect(try log.head() == .empty)
        #expect(try positions(log).isEmpty)
        #expect(try log.commits(from: 1).isEmpty)
    }

    @Test("gives positions without gaps, over batches", arguments: Kind.allCases)
    func gapless(kind: Kind) throws {
        let log = try make(kind)
        #expect(try append(log, 3, at: 1) == 3)
        #expect(try append(log, 2, at: 2) == 5)
        #expect(try positions(log) == [1, 2, 3, 4, 5])
        #expect(try positions(log, from: 2, through: 4) == [2, 3, 4])
        #expect(try positions(log, from: 6).isEmpty)
        #expect(try log.head().position == 5)
        #expect(try log.commits(from: 2).map(\.first) == [4])
    }

    @Test("stops reading when told to", arguments: Kind.allCases)
    func stop(kind: Kind) throws {
        let log = try make(kind)
        try append(log, 5, at: 1)
        var seen = 0
        try log.read(from: 1, through: .max, check: .trust) { record in
            seen += 1
            return record.position == 2 ? .stop : .proceed
        }
        #expect(seen == 2)
    }

    @Test("undoes a batch that throws, and commits no empty one", arguments: Kind.allCases)
    func rollback(kind: Kind) throws {
        let log = try make(kind)
        try append(log, 2, at: 1)
        let head = try log.head()
        #expect(throws: Refusal.self) {
            try log.append(now: Instant(rawValue: 2)) { batch in
                let bytes = message(recordedAt: 2)
                batch.append(encoded: bytes.span.bytes)
                throw Refusal()
            }
        }
        #expect(try append(log, 0, at: 3) == 0)
        #expect(try log.head() == head)
    }

    @Test("lets a batch read what is before it", arguments: Kind.allCases)
    func readInBatch(kind: Kind) throws {
        let log = try make(kind)
        try append(log, 4, at: 1)
        let seen = try log.append(now: Instant(rawValue: 2)) { batch in
            let bytes = message(recordedAt: 2)
            batch.append(encoded: bytes.span.bytes)
            var seen: [UInt64] = []
            try batch.read(from: 2) { record in
                seen.append(record.position)
                return .proceed
            }
            return seen
        }
        #expect(seen == [2, 3, 4])
    }

    @Test("never lets recordedAt fall", arguments: Kind.allCases)
    func time(kind: Kind) throws {
        let log = try make(kind)
        try append(log, 1, at: 50)
        let now = try log.append(now: Instant(rawValue: 7)) { $0.now }
        #expect(now == Instant(rawValue: 50))
        #expect(throws: LogError.self) {
            try log.append(now: Instant(rawValue: 60)) { batch in
                let bytes = message(recordedAt: 49)
                batch.append(encoded: bytes.span.bytes)
            }
        }
        #expect(try log.head().position == 1)
    }

    @Test("keeps the appends of many threads apart and in order", arguments: Kind.allCases)
    func threads(kind: Kind) throws {
        let log = try make(kind)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<10 {
                do { try append(log, 2, at: 1) } catch { Issue.record(error) }
            }
        }
        #expect(try positions(log) == Array(1...160))
        #expect(try log.commits(from: 1).map(\.count) == Array(repeating: 2, count: 80))
    }

    @Test("wakes who waits for its head, and gives up in the end", arguments: Kind.allCases)
    func waits(kind: Kind) throws {
        let log = try make(kind)
        #expect(try log.waitForHead(beyond: 0, seconds: 0).position == 0)
        let appender = Thread { _ = try? self.append(log, 1, at: 1) }
        appender.start()
        #expect(try log.waitForHead(beyond: 0, seconds: 60).position == 1)
    }

    @Test("seals the same batches the same way on disk and in memory")
    func sameSeals() throws {
        let (disk, memory) = (try make(.disk), try make(.memory))
        for log in [disk, memory] {
            for index in 0..<20 { try append(log, 1 + index % 7, at: Int64(index)) }
        }
        #expect(try disk.head() == memory.head())
        #expect(try disk.commits(from: 1) == memory.commits(from: 1))
    }
}
