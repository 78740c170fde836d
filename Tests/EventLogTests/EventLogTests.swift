import CPlatform
import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("The event log")
struct EventLogTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/log" }
    private let identity = LogIdentity(
        kind: .data, logID: Digest(w0: 1, w1: 2, w2: 3, w3: 4), schemaVersion: 0)

    private let runIdentity = LogIdentity(
        kind: .run, logID: Digest(w0: 5, w1: 6, w2: 7, w3: 8), schemaVersion: 0)

    private func job(_ number: Int) -> JobFinished {
        JobFinished(
            envelope: Envelope(
                knownAt: Instant(rawValue: Int64(number)),
                recordedAt: Instant(rawValue: Int64(number)), actor: .scheduler),
            start: .own(UInt64(number)), scheduledAt: Instant(rawValue: Int64(number)),
            produced: UInt32(number), examined: 0, job: .cycle)
    }

    private func fill(_ log: EventLog, from first: Int, count: Int) throws {
        try log.append(now: Instant(rawValue: Int64(first))) { batch in
            for number in first..<(first + count) { batch.append(job(number)) }
        }
    }

    @Test("positions are gapless from 1 and events come back as they were put")
    func roundTrip() throws {
        let log = try EventLog.create(at: path, identity: identity)
        #expect(try log.head() == .empty)
        try fill(log, from: 1, count: 3)
        try fill(log, from: 4, count: 2)
        var seen: [UInt64] = []
        try log.read { record in
            seen.append(record.position)
            let event = try JobFinished(message: record.message)
            #expect(UInt64(event.produced) == record.position)
            return .proceed
        }
        #expect(seen == [1, 2, 3, 4, 5])
        #expect(try log.commits().map(\.first) == [1, 4])
    }

    @Test("a batch that throws leaves nothing behind")
    func rollback() throws {
        struct Refusal: Error {}
        let log = try EventLog.create(at: path, identity: identity)
        try fill(log, from: 1, count: 2)
        let before = try log.head()
        #expect(throws: Refusal.self) {
            try log.append(now: .epoch) { batch in
                batch.append(job(9))
                throw Refusal()
            }
        }
        #expect(try log.head() == before)
    }

    @Test("recordedAt never runs back when the clock does")
    func clockRunsBack() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try fill(log, from: 1_000, count: 1)
        try log.append(now: Instant(rawValue: 5)) { batch in
            #expect(batch.now == Instant(rawValue: 1_000))
            batch.append(job(1_001))
        }
        #expect(try log.head().recordedAt == Instant(rawValue: 1_000))
    }

    @Test("a second process sees what the first appended, after reopening too")
    func reopen() throws {
        do {
            let log = try EventLog.create(at: path, identity: identity)
            try fill(log, from: 1, count: 7)
        }
        let log = try EventLog.open(at: path)
        #expect(log.identity == identity)
        #expect(try log.head().position == 7)
        #expect(try LogVerifier.verify(path).isSound)
    }

    @Test("a built log has the seals of its commits and appears at once or not at all")
    func builder() throws {
        struct Stop: Error {}
        let final = "\(folder.path)/runs/a"
        #expect(throws: Stop.self) {
            _ = try LogBuilder.build(at: final, identity: runIdentity) { builder in
                let message = job(1).encoded()
                try builder.append(message.span.bytes)
                throw Stop()
            }
        }
        #expect(!FileManager.default.fileExists(atPath: final))
        #expect(
            !FileManager.default.fileExists(atPath: "\(folder.path)/runs"),
            "nothing half built stays, nor the folder that was made for it")
        let (_, head) = try LogBuilder.build(at: final, identity: runIdentity) { builder in
            for number in 1...10 {
                let message = job(number).encoded()
                try builder.append(message.span.bytes)
                if number % 5 == 0 {
                    try builder.commit(recordedAt: Instant(rawValue: Int64(number)))
                }
            }
        }
        let log = try EventLog.open(at: final)
        #expect(try log.head() == head)
        #expect(try log.commits().count == 2)
        #expect(throws: LogError.self) {
            _ = try LogBuilder.build(at: final, identity: runIdentity) { _ in }
        }
    }

    @Test("the same events in the same commits give the same seal, appended or built")
    func sealsAgree() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try fill(log, from: 1, count: 4)
        let (_, head) = try LogBuilder.build(
            at: "\(folder.path)/built", identity: runIdentity
        ) { builder in
            for number in 1...4 {
                let message = job(number).encoded()
                try builder.append(message.span.bytes)
            }
            try builder.commit(recordedAt: Instant(rawValue: 1))
        }
        #expect(try log.head() == head)
    }

    @Test("what is not a log, or newer, or not there is refused in words")
    func refusals() throws {
        #expect(throws: LogError.self) { try EventLog.open(at: "\(folder.path)/nowhere") }
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        let garbage = Data(repeating: 0x5A, count: 16_384)
        try garbage.write(to: URL(fileURLWithPath: "\(path)/data.mdb"))
        do {
            _ = try EventLog.open(at: path)
            Issue.record("garbage was opened")
        } catch {
            #expect("\(error)".contains("not an event log"))
        }
    }

    @Test("a log cut short is refused or found damaged, never served as whole")
    func truncated() throws {
        do {
            let log = try EventLog.create(at: path, identity: identity)
            for start in 0..<40 { try fill(log, from: 1 + start * 500, count: 500) }
        }
        let file = "\(path)/data.mdb"
        let data = try Data(contentsOf: URL(fileURLWithPath: file))
        try data.prefix(4_096).write(to: URL(fileURLWithPath: file))
        #expect(throws: (any Error).self) {
            let log = try EventLog.open(at: path)
            guard try log.head().position == 20_000 else { throw CancellationError() }
        }
    }

    @Test("a log in a folder that cannot be written is read without a lock file")
    func readOnlyFolder() throws {
        do {
            let log = try EventLog.create(at: path, identity: identity)
            try fill(log, from: 1, count: 3)
        }
        try FileManager.default.removeItem(atPath: "\(path)/lock.mdb")
        #expect(chmod(path, 0o555) == 0)
        defer { chmod(path, 0o755) }
        let log = try EventLog.open(at: path)
        #expect(try log.head().position == 3)
    }
}
