import Events
import Foundation
import Synchronization
import TestKit
import Testing

@testable import EventLog
@testable import LMDB

@Suite("Group commit")
struct GroupCommitTests {
    private let folder = TemporaryFolder()
    private struct Refusal: Error {}

    private func make() throws -> EventLog {
        try EventLog.create(
            at: "\(folder.path)/log",
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 0))
    }

    private func append(_ log: EventLog, throwing: Bool = false) throws -> UInt64 {
        try log.append(now: Instant(rawValue: 1)) { batch in
            let bytes = message(recordedAt: 1)
            let position = batch.append(encoded: bytes.span.bytes)
            if throwing { throw Refusal() }
            return position
        }
    }

    /// Runs `count` batches that wait behind one that is held until all of them wait.
    private func together(
        _ log: EventLog, count: Int, _ body: @escaping @Sendable (Int) -> Void
    ) throws {
        let finished = DispatchGroup()
        try log.append(now: Instant(rawValue: 1)) { batch in
            let bytes = message(recordedAt: 1)
            batch.append(encoded: bytes.span.bytes)
            for index in 0..<count {
                finished.enter()
                Thread {
                    body(index)
                    finished.leave()
                }.start()
            }
            while log.appender.waitingCount < count { usleep(100) }
        }
        finished.wait()
    }

    @Test("batches that wait together share one transaction, each with a seal of its own")
    func shared() throws {
        let log = try make()
        let before = try log.environment.information().lastTransaction
        try together(log, count: 16) { _ in
            do { _ = try append(log) } catch { Issue.record(error) }
        }
        #expect(try log.environment.information().lastTransaction == before + 2)
        #expect(try log.commits().map(\.first) == Array(1...17))
        #expect(try LogVerifier.verify(log.path).isSound)
    }

    @Test("a batch that throws is undone alone")
    func alone() throws {
        let log = try make()
        let refused = Mutex(0)
        try together(log, count: 9) { index in
            do {
                _ = try append(log, throwing: index % 3 == 0)
            } catch is Refusal {
                refused.withLock { $0 += 1 }
            } catch { Issue.record(error) }
        }
        #expect(refused.withLock { $0 } == 3)
        #expect(try log.head().position == 7)
        #expect(try LogVerifier.verify(log.path).isSound)
    }

    @Test("a failed flush fails every batch that rests on it, and the log says to stop")
    func brokenDisk() throws {
        let log = try make()
        _ = try append(log)
        log.environment.plantedFault.store(EIO, ordering: .relaxed)
        #expect(throws: LogError.self) { try append(log) }
        let refusal = #expect(throws: LogError.self) { try append(log) }
        #expect("\(try #require(refusal))".contains("stop this process"))
        #expect(throws: (any Error).self) { try log.head() }
        #expect(throws: (any Error).self) { try log.read { _ in .proceed } }
    }

    @Test("two processes append in turn without a gap")
    func twoProcesses() throws {
        let log = try make()
        let peer = try Peer(["append-when-told", log.path])
        #expect(peer.line() == "open")
        for turn in 0..<10 as Range<UInt64> {
            #expect(try append(log) == 2 * turn + 1)
            peer.proceed()
            #expect(peer.line() == "\(2 * turn + 2)")
        }
        #expect(peer.finish().status == 0)
        #expect(try log.head().position == 20)
        #expect(try LogVerifier.verify(log.path).isSound)
    }
}
