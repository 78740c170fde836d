import Events
import Foundation
import TestKit
import Testing

@testable import EventLog

@Suite("Signed seals")
struct SignedSealTests {
    private let folder = TemporaryFolder()
    private let noon = Instant(rawValue: 1_700_000_000_123_456_789)

    private func key(_ name: String = "key") throws -> (path: String, publicKey: String) {
        let path = "\(folder.path)/\(name)"
        return (path, try SealKey.make(at: path))
    }

    private func line(_ log: EventLog, _ path: String) throws -> SignedSeal {
        try SignedSeal(log.identity, try log.head(), at: noon, by: try SealKey(at: path))
    }

    private func check(_ log: EventLog, _ lines: [String], by key: String? = nil) throws
        -> PastCheck
    {
        try PastCheck(log, try lines.map { try PastCheck.Line($0) }, signedBy: key)
    }

    @Test("a line reads back equal, is genuine, and holds on its log as it grows")
    func holds() throws {
        let (path, publicKey) = try key()
        let log = try SealedLog.make(at: "\(folder.path)/log", commits: 4)
        let signed = try line(log, path)
        #expect(try SignedSeal("\(signed)") == signed)
        #expect(try signed.isGenuine() && signed.publicKey == publicKey)
        #expect("\(signed.signedAt)" == "2023-11-14T22:13:20Z", "whole seconds")
        try SealedLog.extend(log, with: 5...6)
        let check = try check(log, ["\(signed)", "seal \(Anchor(try log.head()))"], by: nil)
        #expect(check.holds && check.held.count == 2 && check.held.through == 18)
        #expect(check.keys == [publicKey] && check.unsigned == 1)
        #expect(check.proof(events: 18).contains("not proven: whose key \(publicKey) is"))
        #expect(!check.proof(events: 18).contains("came after the line"))
        #expect(check.proof(events: 21).contains("not proven: positions 19 to 21"))
    }

    @Test("a line of which any one character is another is unreadable or not genuine")
    func altered() throws {
        let (path, _) = try key()
        let log = try SealedLog.make(at: "\(folder.path)/log", commits: 2)
        let text = "\(try line(log, path))"
        for index in text.indices {
            for other in ["0", "1", "a", " "] where String(text[index]) != other {
                var changed = text
                changed.replaceSubrange(index...index, with: other)
                let isGenuine = try (try? SignedSeal(changed))?.isGenuine() ?? false
                #expect(!isGenuine, "\(changed)")
            }
        }
    }

    @Test("lines of another log, of another signer and of nobody are refused, not believed")
    func refused() throws {
        let (path, publicKey) = try key()
        let (other, _) = try key("other")
        let log = try SealedLog.make(at: "\(folder.path)/log", commits: 2)
        let stranger = try EventLog.create(
            at: "\(folder.path)/stranger",
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: 2))
        try SealedLog.extend(stranger, with: 1...2)
        #expect(try check(stranger, ["\(try line(log, path))"]).refused != nil)
        #expect(try check(log, ["\(try line(log, other))"], by: publicKey).refused != nil)
        #expect(try check(log, ["\(Anchor(try log.head()))"], by: publicKey).refused != nil)
        let forged = "\(try line(log, path))".replacingOccurrences(of: " 6:", with: " 3:")
        let check = try check(log, [forged])
        #expect(check.refused?.text.contains("was changed") == true && !check.holds)
    }

    @Test(
        "a past that was sealed anew is found, and lies between the last line that holds and the first that does not"
    )
    func rewritten() throws {
        let (path, _) = try key()
        let log = try SealedLog.make(at: "\(folder.path)/log", commits: 2)
        var lines = ["\(try line(log, path))"]
        for number in 3...8 as ClosedRange<Int64> {
            try SealedLog.extend(log, with: number...number)
            if number % 2 == 0 { lines.append("\(try line(log, path))") }
        }
        let forged = try SealedLog.make(at: "\(folder.path)/forged", commits: 8, changed: 5)
        #expect(try LogVerifier.verify(forged.path).isSound, "its own seals show nothing")
        let found = try check(forged, lines.shuffled())
        #expect(found.held.through == 12 && found.broken?.anchor.position == 18)
        #expect(found.sentence.contains("from position 13 to 18"), "\(found.sentence)")
        let cut = try SealedLog.make(at: "\(folder.path)/cut", commits: 7)
        #expect(try check(cut, lines).sentence.contains("ends before position 24"))
    }

    @Test(
        "a key is its owner's alone, is never written over, and its halves are what openssl reads")
    func files() throws {
        let (path, publicKey) = try key()
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: SealError.keyExists(path: path)) { try SealKey.make(at: path) }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: SealError.keyExists(path: "\(path).pub")) { try SealKey.make(at: path) }
        #expect(!FileManager.default.fileExists(atPath: path), "no half of a pair")
        #expect(try SealKey.publicKey("\(path).pub") == publicKey)
        #expect(try SealKey.publicKey(publicKey) == publicKey)
        let (readable, _) = try key("readable")
        chmod(readable, 0o644)
        #expect(throws: SealError.self) { _ = try SealKey(at: readable) }
        #expect(throws: SealError.self) { _ = try SealKey.publicKey(readable) }
    }

    @Test(
        "what is no seal is refused whole",
        arguments: [
            "", "12", "12:abc", "0:0123456789abcdef", "12:0123456789abcdeg", "recount-seal 1",
            "seal seal 12:0123456789abcdef",
        ])
    func unreadable(text: String) {
        #expect(throws: SealError.self) { _ = try PastCheck.Line(text) }
    }
}
