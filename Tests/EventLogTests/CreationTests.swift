import EventLog
import Events
import Foundation
import TestKit
import Testing

@Suite("The making of a log")
struct CreationTests {
    private let folder = TemporaryFolder()
    private let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)

    // Found by cutting the power while a log was made: the next try was told that the half of a
    // log there was damaged, and to restore it from a backup.
    @Test("what a process that died left of a log does not stand in the way of the next")
    func halfMade() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        let left = "\(folder.path)/.building-\(process.processIdentifier)-1"
        try FileManager.default.createDirectory(
            atPath: left, withIntermediateDirectories: false)
        try Data(count: 4_096).write(to: URL(fileURLWithPath: "\(left)/data.mdb"))
        let log = try EventLog.create(at: "\(folder.path)/log", identity: identity)
        #expect(try log.head() == .empty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["log"])
    }

    @Test("a log is made in an empty folder that is there, once")
    func emptyFolder() throws {
        let path = "\(folder.path)/log"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        _ = try EventLog.create(at: path, identity: identity)
        let refusal = #expect(throws: LogError.self) {
            try EventLog.create(at: path, identity: identity)
        }
        #expect("\(try #require(refusal))".contains("a log is here already"))
    }

    @Test("of processes that make one log at once, one makes it and the others are told so")
    func race() throws {
        let path = "\(folder.path)/log"
        let peers = try (0..<6).map { _ in try Peer(["create", path]) }
        let ends = peers.map { $0.finish() }
        #expect(ends.filter { $0.status == 0 }.count == 1)
        for end in ends where end.status != 0 {
            #expect(end.output.contains("a log is here already"), "\(end.output)")
        }
        #expect(try LogVerifier.verify(path).isSound)
    }

    @Test("a call that the system refuses is told in words, with what to do")
    func refusedCall() throws {
        let file = try folder.write("file", "")
        let refusal = #expect(throws: LogError.self) {
            try EventLog.create(at: "\(file)/log", identity: identity)
        }
        let text = "\(try #require(refusal))"
        #expect(text.contains("mkdir: Not a directory (code 20); mend that and repeat"), "\(text)")
    }
}
