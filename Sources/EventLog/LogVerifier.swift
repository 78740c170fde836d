import CPlatform
import Events
import Foundation
import Synchronization

import struct Crypto.SHA256

/// Checks a whole log: checksums, contents, seals, contiguity; commits side by side.
public enum LogVerifier {
    /// What a check found.
    public struct Report: Sendable, Codable {
        /// Whether nothing was found.
        public var sound: Bool
        /// Position of the last event.
        public var events: UInt64
        /// Number of commits.
        public var commits: Int
        /// Bytes of records.
        public var bytes: UInt64
        /// The head's seal, hexadecimal.
        public var seal: String
        /// The first bad position; nil when there is none.
        public var position: UInt64?
        /// What is wrong with it.
        public var finding: String?

        /// Whether nothing was found.
        public var isSound: Bool { sound }

        /// The report as one JSON object.
        public var json: String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(self) else { return "{}" }
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// A report as a sentence.
    public static func sentence(_ json: String, path: String) throws -> String {
        let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
        guard report.sound else {
            return "\(path): DAMAGED at position \(report.position ?? 0): \(report.finding ?? "?")"
        }
        return "\(path): sound: \(report.events) events in \(report.commits) commits, "
            + "\(report.bytes) bytes; seal \(report.seal)"
    }

    /// Checks the log in a folder, in this process.
    public static func verify(_ path: String) throws -> Report {
        let log = try EventLog.open(at: path)
        let commits = try log.commits()
        var report = Report(
            sound: true, events: commits.last?.head.position ?? 0, commits: commits.count,
            bytes: 0, seal: "\(commits.last?.seal ?? .zero)")
        var findings: [(position: UInt64, text: String)] = chainFindings(commits)
        let lanes = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8))
        let found = Mutex<[(position: UInt64, text: String)]>([])
        let bytes = Mutex<UInt64>(0)
        let size = max(1, (commits.count + lanes * 4 - 1) / (lanes * 4))
        let chunks = stride(from: 0, to: commits.count, by: size).map {
            Array(commits[$0..<min($0 + size, commits.count)])
        }
        DispatchQueue.concurrentPerform(iterations: chunks.count) { index in
            var counted: UInt64 = 0
            let result = contentFindings(chunks[index], log, &counted)
            let total = counted
            found.withLock { $0 += result }
            bytes.withLock { $0 += total }
        }
        findings += found.withLock { $0 }
        report.bytes = bytes.withLock { $0 }
        if let extra = try eventsBeyond(log, report.events) { findings.append(extra) }
        if let first = findings.min(by: { $0.position < $1.position }) {
            report.sound = false
            report.position = first.position
            report.finding = first.text
        }
        return report
    }

    private static func chainFindings(_ commits: [Commit]) -> [(position: UInt64, text: String)] {
        var head = LogHead.empty
        for commit in commits {
            if commit.first != head.position + 1 {
                return [(head.position + 1, "no commit seals it")]
            }
            let expected = Commit(
                first: commit.first, count: commit.count, recordedAt: commit.recordedAt,
                content: commit.content, previous: head.seal)
            if expected.seal != commit.seal {
                return [(commit.first, "the seal of its commit does not match")]
            }
            if commit.recordedAt < head.recordedAt {
                return [(commit.first, "it was recorded before its predecessor")]
            }
            head = commit.head
        }
        return []
    }

    private static func contentFindings(
        _ commits: [Commit], _ log: EventLog, _ bytes: inout UInt64
    ) -> [(position: UInt64, text: String)] {
        for commit in commits {
            var hasher = SHA256()
            var next = commit.first
            do {
                try log.readStored(from: commit.first, through: commit.head.position) {
                    position, stored in
                    bytes += UInt64(stored.byteCount)
                    stored.withUnsafeBytes { hasher.update(bufferPointer: $0) }
                    next = position + 1
                }
            } catch LogError.damaged(_, let position) {
                return [(position, "its checksum does not match")]
            } catch LogError.gap(_, let expected, _) {
                return [(expected, "it is missing")]
            } catch {
                return [(next, "\(error)")]
            }
            if next != commit.first + commit.count { return [(next, "it is missing")] }
            if Digest(bytes: hasher.finalize()) != commit.content {
                return [(commit.first, "the content of its commit does not match its seal")]
            }
        }
        return []
    }

    private static func eventsBeyond(_ log: EventLog, _ last: UInt64) throws
        -> (position: UInt64, text: String)?
    {
        var extra: (position: UInt64, text: String)?
        do {
            try log.record(at: last + 1) { record in
                extra = (record.position, "no commit seals it")
            }
        } catch {
            extra = (last + 1, "no commit seals it")
        }
        return extra
    }
}
