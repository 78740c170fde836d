import Events
import Foundation
import TestKit
import Testing

@testable import EventLog
@testable import LMDB

/// What a log must get right about LMDB, and where each point is tested:
///
/// | caveat | test |
/// |---|---|
/// | a map outgrown by another process | LMDBTests: `outgrownMap`, `heldWhileOutgrown` |
/// | one environment a process | LMDBTests: `openedTwice`, `reopened` |
/// | racing releases of LMDB | LMDBTests: `versions` |
/// | EIO from a commit ends the process's use | LMDBTests and GroupCommitTests: `brokenDisk` |
/// | two processes write | GroupCommitTests: `twoProcesses` |
/// | a stuck reader is named, a dead one cleared | `stuckReader`, `deadReader` |
/// | a read lets go of its snapshot | `boundedSnapshot` |
/// | the folder is flushed after creation | `folderIsFlushed` |
/// | a full disk | `fullDisk` |
/// | a truncated file, a wrong magic, a newer format | `truncated`, `wrongMagic`, `newerFormat` |
/// | a folder that cannot be written | `readOnlyFolder` |
/// | a file system that keeps no promises | `refusedFileSystem`, `overlay` |
/// | a wake-up is never lost for long, nor believed | `follows`, `wakeAheadOfLog` |
/// | no flush only where nobody relies on it | `deferred` |
/// | bits flip | BitFlipTests, VerifierTests |
@Suite("The log over LMDB")
struct CaveatTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/log" }
    private let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)

    private func append(_ log: EventLog, size: Int = 0) throws {
        try log.append(now: Instant(rawValue: 1)) { batch in
            let bytes = message(
                recordedAt: batch.now.rawValue, payload: [UInt8](repeating: 9, count: size))
            batch.append(encoded: bytes.span.bytes)
        }
    }

    @Test("a stuck reader is found and named")
    func stuckReader() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try append(log)
        let peer = try Peer(["hold", path])
        #expect(peer.line() == "holding")
        for _ in 0..<5 { try append(log) }
        let reader = try #require(try log.readers().first)
        #expect(reader.process == peer.number)
        #expect(reader.lag == 5)
        #expect("\(reader)".contains("holds a snapshot 5 commits old"))
        #expect(peer.finish().status == 0)
    }

    @Test("the place of a dead reader is cleared")
    func deadReader() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try append(log)
        let peer = try Peer(["hold-and-die", path])
        #expect(peer.line() == "holding")
        peer.finish()
        let before = try log.readers().map(\.process)
        #expect(before.contains(peer.number))
        #expect(try log.clearDeadReaders() == 1)
        let after = try log.readers().map(\.process)
        #expect(!after.contains(peer.number))
    }

    @Test("a long read takes a new snapshot every few megabytes")
    func boundedSnapshot() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try log.append(now: Instant(rawValue: 1)) { batch in
            let bytes = message(recordedAt: 1, payload: [UInt8](repeating: 1, count: 1 << 20))
            for _ in 0..<8 { batch.append(encoded: bytes.span.bytes) }
        }
        var lags: [UInt64] = []
        try log.read { record in
            if record.position == 1 { for _ in 0..<3 { try append(log) } }
            lags.append(try log.readers().compactMap(\.lag).max() ?? 0)
            return .proceed
        }
        #expect(lags.count == 11, "the read goes on to what came meanwhile")
        #expect(lags.first == 3)
        #expect(lags.last == 0)
    }

    @Test(
        "a new log's folder is flushed, and the one that holds it",
        .enabled(if: Commands.run("strace", ["-o", "/dev/null", "true"]), "strace runs here"))
    func folderIsFlushed() throws {
        let trace = "\(folder.path)/trace"
        #expect(
            Commands.run(
                "strace",
                ["-f", "-y", "-e", "trace=fsync", "-o", trace, Peer.executable, "create", path]))
        let calls = try String(contentsOfFile: trace, encoding: .utf8)
        #expect(calls.contains("/log>) = 0"), "\(calls)")
        #expect(calls.contains("\(folder.path.split(separator: "/").last!)>) = 0"), "\(calls)")
    }

    @Test(
        "a full disk leaves the log readable, and the error says what to do",
        .enabled(if: Commands.canMount, "only root mounts a small file system"))
    func fullDisk() throws {
        let mount = "\(folder.path)/small"
        try FileManager.default.createDirectory(
            atPath: mount, withIntermediateDirectories: true)
        try #require(Commands.run("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", mount]))
        defer { _ = Commands.run("umount", ["-l", mount]) }
        let log = try EventLog.create(at: "\(mount)/log", identity: identity)
        var acknowledged: UInt64 = 0
        var refusal: (any Error)?
        while refusal == nil, acknowledged < 1_000 {
            do {
                try append(log, size: 8_000)
                acknowledged += 1
            } catch { refusal = error }
        }
        #expect("\(try #require(refusal))".contains("the disk is full"))
        #expect(acknowledged > 3)
        var seen: UInt64 = 0
        try log.read { record in
            seen = record.position
            return .proceed
        }
        #expect(seen == acknowledged)
        #expect(try LogVerifier.verify(log.path).isSound)
        try #require(Commands.run("mount", ["-o", "remount,size=4m", mount]))
        try append(log)
        #expect(try log.head().position == acknowledged + 1, "it goes on once there is room")
    }

    @Test("a truncated file is refused with both sizes", arguments: [0, 8_192, 40_960])
    func truncated(size: Int) throws {
        do {
            let log = try EventLog.create(at: path, identity: identity)
            for _ in 0..<40 { try append(log, size: 4_000) }
        }
        #expect(truncate("\(path)/data.mdb", size) == 0)
        for access in [EventLog.Access.read, .write] {
            let refusal = #expect(throws: LogError.self) {
                try EventLog.open(at: path, access: access)
            }
            #expect("\(try #require(refusal))".contains("truncated: \(size) bytes of"))
        }
    }

    @Test("an LMDB file that is no log, and a log of another magic, are refused")
    func wrongMagic() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try overwriteMeta("magic", Array("something else...".utf8))
        let refusal = #expect(throws: LogError.self) { try EventLog.open(at: path) }
        #expect("\(try #require(refusal))".contains("not an event log"))
    }

    @Test("a newer format is refused with both numbers")
    func newerFormat() throws {
        do { _ = try EventLog.create(at: path, identity: identity) }
        try overwriteMeta("format", [7, 0, 0, 0])
        let refusal = #expect(throws: LogError.self) { try EventLog.open(at: path) }
        #expect("\(try #require(refusal))".contains("format 7, this program knows up to 0"))
    }

    private func overwriteMeta(_ name: String, _ bytes: [UInt8]) throws {
        let environment = try Environment.open(path: path)
        let transaction = try environment.beginWrite()
        let meta = try transaction.makeDatabase("meta", keys: .bytes)
        try transaction.put(name, bytes, in: meta)
        try transaction.commit()
    }

    @Test("a log that cannot be written is read, and refuses to be written in clear words")
    func readOnlyFolder() throws {
        do {
            let log = try EventLog.create(at: path, identity: identity)
            for _ in 0..<3 { try append(log) }
        }
        #expect(chmod("\(path)/lock.mdb", 0o644) == 0 && chmod(path, 0o555) == 0)
        defer { chmod(path, 0o755) }
        let read = try Peer.run(["head-as-nobody", path])
        #expect(read.output == "3\n")
        let write = try Peer.run(["append-as-nobody", path])
        #expect(write.status == 1)
        #expect(write.output.contains("the folder cannot be written"), "\(write.output)")
    }

    @Test(
        "file systems over a network or in user space are refused by name",
        arguments: [
            (0x6969, "NFS"), (0x517B, "SMB"), (0xFE53_4D42, "SMB2"), (0xFF53_4D42, "CIFS"),
            (0x0102_1997, "9p"), (0x6573_5546, "FUSE"),
        ] as [(Int64, String)])
    func refusedFileSystem(magic: Int64, name: String) throws {
        let refusal = #expect(throws: LogError.self) {
            try EventLog.refuseFileSystem(path) { _ in magic }
        }
        #expect("\(try #require(refusal))".contains("lies on \(name)"))
        #expect(throws: Never.self) { try EventLog.refuseFileSystem(path) { _ in 0xEF53 } }
    }

    @Test("an overlay is remarked on, once")
    func overlay() throws {
        let remarks = EventLog.remarks(path, kindOf: { _ in 0x794C_7630 }, version: (0, 9, 24))
        #expect(remarks.count == 1 && remarks[0].contains("overlay"))
        #expect(EventLog.remarks(path, kindOf: { _ in 0xEF53 }, version: (0, 9, 31)).count == 1)
        #expect(EventLog.remarks(path, kindOf: { _ in 0xEF53 }, version: (0, 9, 24)).isEmpty)
        do { _ = try EventLog.create(at: path, identity: identity) }
        #expect(try EventLog.open(at: path).remarks.isEmpty, "the first opening has said it")
    }

    @Test("a follower sees what another process appends")
    func follows() throws {
        let log = try EventLog.create(at: path, identity: identity)
        let peer = try Peer(["append-when-told", path])
        #expect(peer.line() == "open")
        for position in 1...20 as ClosedRange<UInt64> {
            peer.proceed()
            #expect(try log.waitForHead(beyond: position - 1, seconds: 60).position == position)
        }
        #expect(peer.finish().status == 0)
    }

    @Test("a word that is ahead of its log is not believed")
    func wakeAheadOfLog() throws {
        let log = try EventLog.create(at: path, identity: identity)
        try append(log)
        try #require(log.wake).raise(1_000)
        #expect(try log.waitForHead(beyond: 1, seconds: 0.01).position == 1)
        try append(log)
        #expect(try log.waitForHead(beyond: 1, seconds: 60).position == 2)
    }

    @Test("a data log is never built without flushes, a run or timeline never appended to")
    func deferred() throws {
        let refusal = #expect(throws: LogError.self) {
            try LogBuilder.build(at: path, identity: identity) { _ in }
        }
        #expect("\(try #require(refusal))".contains("never written without flushes"))
        let runIdentity = LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        _ = try LogBuilder.build(at: path, identity: runIdentity) { _ in }
        let log = try EventLog.open(at: path, access: .write)
        let sealed = #expect(throws: LogError.self) { try append(log) }
        #expect("\(try #require(sealed))".contains("never changed"))
    }

    @Test("what a killed builder leaves is cleared by the next one")
    func staleBuilder() throws {
        let peer = try Peer.run(["build-and-die", path])
        #expect(peer.status == SIGKILL)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
        _ = try LogBuilder.build(
            at: path, identity: LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        ) { _ in }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log"])
    }
}
