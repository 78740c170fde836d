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
        /// What is wrong with it, or why it could not be checked.
        public var finding: String?
        /// The system's error for which it could not be checked; nil when it was.
        public var unchecked: Int32?

        /// Whether nothing was found.
        public var isSound: Bool { sound }

        /// The report as a sentence.
        public func sentence(path: String) -> String {
            guard !sound else {
                return "\(path): sound: \(events) events in \(commits) commits, \(bytes) bytes; "
                    + "seal \(seal)"
            }
            if unchecked != nil {
                return
                    "\(path): could not be checked: \(finding ?? "unknown"); nothing is known of "
                    + "the log itself: mend that and repeat"
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

    /// Something that was found, and where.
    private struct Finding: Sendable {
        var position: UInt64
        var text: String
        /// The system's error that kept it from being looked at.
        var systemCode: Int32?

        init(_ position: UInt64, _ text: String, _ systemCode: Int32? = nil) {
            (self.position, self.text, self.systemCode) = (position, text, systemCode)
        }
    }

    /// Why a log is not the one that its place says: of another kind, or a timeline under a seal
    /// that is not its own. Nil when it is.
    public static func wrongKind(_ path: String, kind: LogKind) throws -> String? {
        let log = try EventLog.open(at: path)
        guard log.identity.kind.role == kind.role else {
            return "it is a \(log.identity.kind.name) log, where a \(kind.name) log belongs"
        }
        if log.identity.kind == .timeline, let name = Digest(FilePath.name(path)) {
            let seal = try log.head().seal
            if seal != name { return "it lies under the seal \(name), and has the seal \(seal)" }
        }
        return nil
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
        var findings = chainFindings(commits)
        let lanes = max(1, min(ProcessInfo.processInfo.activeProcessorCount, 8))
        if let reached {
            return try verifyInOrder(log, commits, &report, &findings, reached)
        }
        let found = Mutex<[Finding]>([])
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
        _ findings: inout [Finding], _ reached: (UInt64) -> Void
    ) throws -> Report {
        reached(1)
        findings += contentFindings(commits, log, &report.bytes, reached)
        return try finish(report, findings, log)
    }

    private static func finish(
        _ report: Report, _ findings: [Finding], _ log: EventLog
    ) throws -> Report {
        var (report, findings) = (report, findings)
        if let extra = try eventsBeyond(log, report.events) { findings.append(extra) }
        // What is known to be wrong comes before what could not be looked at.
        let known = findings.filter { $0.systemCode == nil }
        let all = known.isEmpty ? findings : known
        if let first = all.min(by: { $0.position < $1.position }) {
            report.sound = false
            report.position = first.position
            report.finding = first.text
            report.unchecked = first.systemCode
        }
        return report
    }

    private static func chainFindings(_ commits: [Commit]) -> [Finding] {
        var head = LogHead.empty
        for commit in commits {
            if commit.first != head.position + 1 {
                return [Finding(head.position + 1, "no commit seals it")]
            }
            let expected = Commit(
                first: commit.first, count: commit.count, recordedAt: commit.recordedAt,
                content: commit.content, previous: head.seal)
            if expected.seal != commit.seal {
                return [Finding(commit.first, "the seal of its commit does not match")]
            }
            if commit.recordedAt < head.recordedAt {
                return [Finding(commit.first, "it was recorded before its predecessor")]
            }
            head = commit.head
        }
        return []
    }

    private static func contentFindings(
        _ commits: [Commit], _ log: EventLog, _ bytes: inout UInt64,
        _ reached: (UInt64) -> Void = { _ in }
    ) -> [Finding] {
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
                return [Finding(position, "its checksum does not match")]
            } catch LogError.gap(_, let expected, _) {
                return [Finding(expected, "it is missing")]
            } catch {
                return [Finding(next, "\(error)", (error as? LogError)?.systemCode)]
            }
            if next != commit.first + commit.count { return [Finding(next, "it is missing")] }
            if hasher.finalize() != commit.content {
                return [Finding(commit.first, "the content of its commit does not match its seal")]
            }
        }
        return []
    }

    private static func eventsBeyond(_ log: EventLog, _ last: UInt64) throws
        -> Finding?
    {
        var extra: Finding?
        do {
            try log.record(at: last + 1) { record in
                extra = Finding(record.position, "no commit seals it")
            }
        } catch {
            extra = Finding(last + 1, "no commit seals it", (error as? LogError)?.systemCode)
        }
        return extra
    }
}
