import Events
import Foundation
import TestKit
import Testing

@testable import EventLog
@testable import LMDB

@Suite("Verification")
struct VerifierTests {
    private let folder = TemporaryFolder()
    private var path: String { "\(folder.path)/log" }

    /// A run of 60 events in commits of three, each with a text of its own.
    private func makeLog() throws -> LogHead {
        try LogBuilder.build(
            at: path, identity: LogIdentity(kind: .run, logID: .zero, schemaVersion: 0)
        ) { builder in
            for number in 1...60 {
                let bytes = message(
                    recordedAt: Int64(number), payload: Array("event number \(number).".utf8))
                try builder.append(bytes.span.bytes)
                if number % 3 == 0 {
                    try builder.commit(recordedAt: Instant(rawValue: Int64(number)))
                }
            }
        }.head
    }

    private func verifyInChild() throws -> LogVerifier.Report {
        try LogVerifier.verifyInChild(
            path, executable: Peer.executable, arguments: ["verify", path])
    }

    @Test("a sound log is sound in a child, with its numbers")
    func sound() throws {
        let head = try makeLog()
        let report = try verifyInChild()
        #expect(report.isSound)
        #expect(report.events == 60 && report.commits == 20)
        #expect(report.seal == "\(head.seal)")
        #expect(report.sentence(path: path).contains("60 events in 20 commits"))
    }

    @Test("a record whose size leads out of the file kills the child and is named")
    func brokenPage() throws {
        _ = try makeLog()
        let file = URL(fileURLWithPath: "\(path)/data.mdb")
        var data = try Data(contentsOf: file)
        let text = try #require(data.range(of: Data("event number 41.".utf8)))
        // The entry's header is 8 bytes and its key 8: the upper half of the size is the second
        // pair of bytes.
        let entry = text.lowerBound - 56 - 16
        data[entry + 2] = 0xFF
        data[entry + 3] = 0x3F
        try data.write(to: file)
        let report = try verifyInChild()
        #expect(!report.isSound)
        #expect(report.position == 41)
        #expect(report.finding == "the file has a page that cannot be read")
    }

    @Test("a log that cannot be opened is a finding, a missing one a refusal")
    func unopened() throws {
        _ = try makeLog()
        #expect(truncate("\(path)/data.mdb", 8_192) == 0)
        let report = try verifyInChild()
        #expect(!report.isSound && report.position == nil)
        #expect(report.finding?.contains("truncated") == true)
        #expect(throws: LogError.self) {
            try LogVerifier.verifyInChild(
                "\(folder.path)/nowhere", executable: Peer.executable, arguments: [])
        }
    }

    @Test("a check that died is of a damaged log where it had reached a record, or lacked a page")
    func died() throws {
        _ = try makeLog()
        func verdict(_ script: String) throws -> LogVerifier.Report {
            try LogVerifier.verifyInChild(path, executable: "/bin/sh", arguments: ["-c", script])
        }
        let seven = "[ -z $RECOUNT_VERIFY_PROGRESS ] || printf '\\007' >$RECOUNT_VERIFY_PROGRESS"
        for signal in ["ABRT", "ILL", "TRAP"] {
            let early = try verdict("kill -\(signal) $$")
            #expect(!early.isSound && early.unchecked != nil && early.position == nil, "\(signal)")
            #expect(early.sentence(path: path).contains("could not be checked"))
            let late = try verdict("\(seven); kill -\(signal) $$")
            #expect(!late.isSound && late.unchecked == nil && late.position == 7, "\(signal)")
        }
        for signal in ["BUS", "SEGV"] {
            let report = try verdict("kill -\(signal) $$")
            #expect(!report.isSound && report.unchecked == nil && report.position == nil)
        }
        #expect(try verdict("kill -KILL $$").unchecked != nil)
    }

    @Test("records under each other's positions are found, whole as they are")
    func swapped() throws {
        _ = try makeLog()
        let file = URL(fileURLWithPath: "\(path)/data.mdb")
        var data = try Data(contentsOf: file)
        let first = try #require(data.range(of: Data("event number 20.".utf8)))
        let second = try #require(data.range(of: Data("event number 50.".utf8)))
        let size = 56 + 16 + 4
        let (one, other) = (first.lowerBound - 56, second.lowerBound - 56)
        let kept = data.subdata(in: one..<one + size)
        data.replaceSubrange(one..<one + size, with: data.subdata(in: other..<other + size))
        data.replaceSubrange(other..<other + size, with: kept)
        try data.write(to: file)
        let report = try LogVerifier.verify(path)
        #expect(report.position == 20)
        #expect(report.finding == "its checksum does not match")
    }

    @Test("a seal that was changed is found at its commit")
    func changedSeal() throws {
        let head = try makeLog()
        let file = URL(fileURLWithPath: "\(path)/data.mdb")
        var data = try Data(contentsOf: file)
        let seal = try #require(data.range(of: Data(head.seal.bytes)))
        data[seal.lowerBound] ^= 1
        try data.write(to: file)
        let report = try LogVerifier.verify(path)
        #expect(report.position == 58)
        #expect(report.finding == "the seal of its commit does not match")
    }

    @Test("an event that is gone is found as missing")
    func missing() throws {
        _ = try makeLog()
        // The key of event 33 becomes 133: keys are in order no more, and 33 is nowhere.
        let file = URL(fileURLWithPath: "\(path)/data.mdb")
        var data = try Data(contentsOf: file)
        let text = try #require(data.range(of: Data("event number 33.".utf8)))
        data[text.lowerBound - 56 - 8] = 133
        try data.write(to: file)
        let report = try LogVerifier.verify(path)
        #expect(report.position == 33)
        #expect(report.finding == "it is missing")
    }
}
