import CPlatform
import Digests
import Events
import Foundation
import Synchronization

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

        /// The report as a sentence.
        public func sentence(path: String) -> String {
            guard !sound else {
                return "\(path): sound: \(events) events in \(commits) commits, \(bytes) bytes; "
                    + "seal \(seal)"
            }
            let place = position.map { " at position \($0)" } ?? ""
            return "\(path): DAMAGED\(place): \(finding ?? "unknown"); restore from a backup"
        }

        /// The report as one JSON object.
        public var json: String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(self) else { return "{}" }
            return String(decoding: data, as: UTF8.self)
        }
    }

    /// Checks the log in a folder, in this process; with one lane, and in order, when `reached`
    /// is to be told each position before it is read.
    public static func verify(
        _ path: String, reached: ((UInt64) -> Void)? = nil
    ) throws -> Report {
        let log = try EventLog.open(at: path)
        let commits = try log.commits()
        var report = Report(
            sound: true, events: commits.last?.head.position ?? 0, commits: commits.count,
            bytes: 0, seal: "\(commits.last?.seal ?? .zero)")
        var findings: [(position: UInt64, text: String)] = chainFindings(commits)
        let lanes = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8))
        if let reached {
            return try verifyInOrder(log, commits, &report, &findings, reached)
        }
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
        return try finish(report, findings, log)
    }

    private static func verifyInOrder(
        _ log: EventLog, _ commits: [Commit], _ report: inout Report,
        _ findings: inout [(position: UInt64, text: String)], _ reached: (UInt64) -> Void
    ) throws -> Report {
        reached(1)
        findings += contentFindings(commits, log, &report.bytes, reached)
        return try finish(report, findings, log)
    }

    private static func finish(
        _ report: Report, _ findings: [(position: UInt64, text: String)], _ log: EventLog
    ) throws -> Report {
        var (report, findings) = (report, findings)
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
        _ commits: [Commit], _ log: EventLog, _ bytes: inout UInt64,
        _ reached: (UInt64) -> Void = { _ in }
    ) -> [(position: UInt64, text: String)] {
        for commit in commits {
            var hasher = SHA256()
            var next = commit.first
            do {
                try log.readStored(from: commit.first, through: commit.head.position) {
                    position, stored in
                    bytes += UInt64(stored.byteCount)
                    stored.withUnsafeBytes { hasher.update($0) }
                    next = position + 1
                    reached(next)
                }
            } catch LogError.damaged(_, let position) {
                return [(position, "its checksum does not match")]
            } catch LogError.gap(_, let expected, _) {
                return [(expected, "it is missing")]
            } catch {
                return [(next, "\(error)")]
            }
            if next != commit.first + commit.count { return [(next, "it is missing")] }
            if hasher.finalize() != commit.content {
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
