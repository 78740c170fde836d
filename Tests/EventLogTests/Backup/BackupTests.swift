import Events
import Foundation
import TestKit
import Testing

@testable import EventLog

@Suite("Backups")
struct BackupTests {
    private let folder = TemporaryFolder()
    private let now = Instant(rawValue: 1_700_000_000_000_000_000)
    private var data: DataFolder { DataFolder("\(folder.path)/data") }
    private var backup: Backup { Backup("\(folder.path)/backup") }

    private func bytes(_ path: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        let files = FileManager.default.enumerator(atPath: path)
        while let name = files?.nextObject() as? String {
            guard !FilePath.name(name).hasPrefix("."),
                let data = FileManager.default.contents(atPath: "\(path)/\(name)")
            else { continue }
            found[name] = data
        }
        return found
    }

    private func restore(_ moment: Backup.Moment = .end, to name: String = "again") throws
        -> (result: Backup.Restored, log: EventLog)
    {
        let target = DataFolder("\(folder.path)/\(name)")
        let result = try backup.restore(to: target, moment)
        return (result, try EventLog.open(at: target.log, access: .write))
    }

    @Test("what came since is copied, nothing else is touched, and a restore has the same seals")
    func incremental() throws {
        let log = try SealedLog.make(at: data.log, commits: 3)
        #expect(try backup.take(data, now: now).events.map(\.count) == [9])
        let before = try bytes(backup.path)
        #expect(try backup.take(data, now: now).events.isEmpty)
        #expect(try bytes(backup.path) == before, "nothing came")
        try SealedLog.extend(log, with: 4...5)
        #expect(try backup.take(data, now: now).events.map(\.count) == [6])
        for (name, content) in before where name != Backup.indexName {
            #expect(try bytes(backup.path)[name] == content, "\(name)")
        }
        let (restored, again) = try restore()
        #expect(try again.head() == log.head() && again.identity == log.identity)
        #expect(try again.commits() == log.commits())
        #expect(restored.logs.map(\.name) == ["log"])
        try SealedLog.extend(again, with: 6...6)
        #expect(throws: BackupError.exists(path: "\(folder.path)/again")) { try restore() }
    }

    @Test("a restore to a position or a time ends with the last commit that there was")
    func moments() throws {
        let log = try SealedLog.make(at: data.log, commits: 5)
        _ = try backup.take(data, now: now)
        for (index, (moment, position)) in [
            (.position(6), 6), (.position(8), 6), (.position(15), 15),
            (.instant(Instant(rawValue: 3)), 9), (.instant(now), 15),
        ].enumerated() as EnumeratedSequence<[(Backup.Moment, UInt64)]> {
            let (restored, cut) = try restore(moment, to: "cut-\(index)")
            #expect(try cut.head().position == position)
            #expect(try cut.head() == log.commit(holding: position)?.head)
            #expect(restored.remarks.isEmpty == (moment != .position(8)))
        }
        for moment in [.position(2), .position(16), .instant(Instant(rawValue: 0))]
            as [Backup.Moment]
        {
            #expect(throws: BackupError.self) { try restore(moment, to: "none") }
        }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/none"))
    }

    @Test("a source whose past is another is refused with the position, and nothing is written")
    func otherPast() throws {
        _ = try SealedLog.make(at: data.log, commits: 6)
        _ = try backup.take(data, now: now)
        let before = try bytes(backup.path)
        for (commits, changed, position) in [
            (6, 3, 8), (9, 3, 8), (4, nil, 13), (4, 2, 5),
        ] as [(Int64, Int64?, UInt64)] {
            try FileManager.default.removeItem(atPath: data.log)
            _ = try SealedLog.make(at: data.log, commits: commits, changed: changed)
            let error = #expect(throws: BackupError.self) { try backup.take(data, now: now) }
            guard case .otherPast(_, let difference)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(difference.position == position, "\(difference)")
            #expect(try bytes(backup.path) == before)
        }
    }

    @Test("any changed byte of a segment is found, and nothing is restored of it")
    func damage() throws {
        _ = try SealedLog.make(at: data.log, commits: 4)
        _ = try backup.take(data, now: now)
        let file = try #require(try bytes("\(backup.path)/log").keys.first)
        let path = "\(backup.path)/log/\(file)"
        let whole = try #require(FileManager.default.contents(atPath: path))
        for place in stride(from: 0, to: whole.count, by: 7) {
            var changed = whole
            changed[place] ^= 0x10
            try changed.write(to: URL(fileURLWithPath: path))
            #expect(try backup.verify(against: nil).contains { !$0.holds }, "byte \(place)")
            #expect(throws: (any Error).self) { try restore() }
        }
        for size in stride(from: 0, to: whole.count, by: 11) {
            try whole.prefix(size).write(to: URL(fileURLWithPath: path))
            #expect(try backup.verify(against: nil).contains { !$0.holds }, "\(size) bytes")
        }
        try FileManager.default.removeItem(atPath: path)
        #expect(try backup.verify(against: nil).contains { !$0.holds })
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/again"))
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(try backup.verify(against: data).allSatisfy(\.holds))
    }

    @Test("what an interrupted backup left is swept, and until its end the one before is restored")
    func interrupted() throws {
        let log = try SealedLog.make(at: data.log, commits: 2)
        _ = try backup.take(data, now: now)
        let index = try #require(
            FileManager.default.contents(atPath: "\(backup.path)/\(Backup.indexName)"))
        try SealedLog.extend(log, with: 3...4)
        _ = try backup.take(data, now: now)
        // Killed between the segment and the index, with the next segment half there.
        try index.write(to: URL(fileURLWithPath: "\(backup.path)/\(Backup.indexName)"))
        let left = "\(backup.path)/log/.writing-1-next"
        try Data("half".utf8).write(to: URL(fileURLWithPath: left))
        #expect(try restore().log.head().position == 6)
        #expect(try backup.take(data, now: now).events.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(try restore(to: "whole").log.head() == log.head())
    }

    @Test("a restore that was killed is gone on with; one of something else is begun anew")
    func killedRestore() throws {
        let log = try SealedLog.make(at: data.log, commits: 3)
        _ = try backup.take(data, now: now)
        let left = "\(folder.path)/again.restoring"
        try FileManager.default.createDirectory(
            atPath: "\(left)/log", withIntermediateDirectories: true)
        try Data("half".utf8).write(to: URL(fileURLWithPath: "\(left)/log/data.mdb"))
        #expect(try restore().log.head() == log.head())
        #expect(!FileManager.default.fileExists(atPath: left))
    }

    @Test("a folder of something else, of another log, in use or never finished is refused")
    func refusals() throws {
        _ = try SealedLog.make(at: data.log, commits: 1)
        #expect(throws: BackupError.incomplete(path: backup.path)) { try restore() }
        try FileManager.default.createDirectory(
            atPath: backup.path, withIntermediateDirectories: true)
        let foreign = "\(backup.path)/thesis.txt"
        try Data("years".utf8).write(to: URL(fileURLWithPath: foreign))
        #expect(throws: BackupError.notABackup(path: backup.path)) {
            try backup.take(data, now: now)
        }
        try FileManager.default.removeItem(atPath: foreign)
        do {
            let hold = try Backup.Hold(backup.path, isShared: true)
            #expect(throws: BackupError.busy(path: backup.path)) {
                try backup.take(data, now: now)
            }
            withExtendedLifetime(hold) {}
        }
        #expect(throws: BackupError.incomplete(path: backup.path)) { try restore() }
        _ = try backup.take(data, now: now)
        try FileManager.default.removeItem(atPath: data.log)
        let other = LogIdentity(kind: .data, logID: .zero, schemaVersion: 2)
        try SealedLog.extend(try EventLog.create(at: data.log, identity: other), with: 1...1)
        #expect(throws: BackupError.otherFolder(path: backup.path)) {
            try backup.take(data, now: now)
        }
    }
}
