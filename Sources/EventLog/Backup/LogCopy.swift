import Events
import Foundation

/// A log's copy in a folder of segments, which grows with it: `FIRST-LAST.segment`, 20 digits each.
///
/// Whoever extends it has locked the backup. A segment takes its place only when it was read back
/// and found whole, so that a copy is whole up to its end at every instant.
public struct LogCopy: Sendable {
    /// The folder.
    public let folder: String
    /// The segments in order.
    private(set) var segments: [(first: UInt64, last: UInt64)] = []

    private static let ending = ".segment"
    /// Bytes of records after which a segment ends, with the commit that passes them.
    private static let segmentBytes = 16 << 20

    /// The copy in a folder, which need not be there.
    ///
    /// - Throws: `BackupError.damaged` where a segment is missing.
    public init(_ folder: String) throws {
        self.folder = folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var expected: UInt64 = 1
        for name in names.sorted() where name.hasSuffix(LogCopy.ending) {
            let parts = name.dropLast(LogCopy.ending.count).split(separator: "-")
            guard parts.count == 2, let first = UInt64(parts[0]), let last = UInt64(parts[1]),
                first == expected, last >= first || (first == 1 && last == 0)
            else {
                throw BackupError.damaged(
                    path: "\(folder)/\(name)", position: expected,
                    what: "the segment that begins there is missing")
            }
            segments.append((first, last))
            expected = last + 1
        }
    }

    /// Whether nothing was ever copied.
    public var isEmpty: Bool { segments.isEmpty }

    /// Reads a segment.
    func segment(_ index: Int) throws -> Segment {
        let (first, last) = segments[index]
        let segment = try Segment(at: path(first, last))
        guard segment.before.position + 1 == first, segment.end.position == last else {
            throw BackupError.damaged(
                path: segment.path, position: first, what: "it holds other positions than its name")
        }
        return segment
    }

    private func path(_ first: UInt64, _ last: UInt64) -> String {
        func digits(_ number: UInt64) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: 20 - text.utf8.count) + text
        }
        return "\(folder)/\(digits(first))-\(digits(last))\(LogCopy.ending)"
    }

    /// How far it goes.
    public func end() throws -> LogHead {
        try segments.isEmpty ? .empty : segment(segments.count - 1).end
    }

    /// What the log says of itself; nil when nothing was copied.
    public func identity() throws -> LogIdentity? {
        try segments.isEmpty ? nil : segment(0).identity
    }

    /// Reads every segment in order, up to a position, each chained to the one before.
    func forEach(through last: UInt64 = .max, _ body: (Segment) throws -> Bool) throws {
        var seal = Digest.zero
        var identity: LogIdentity?
        for index in segments.indices where segments[index].first <= last {
            let segment = try segment(index)
            guard segment.before.seal == seal, segment.identity == identity ?? segment.identity
            else {
                throw BackupError.damaged(
                    path: segment.path, position: segment.before.position + 1,
                    what: "it does not go on from the segment before it")
            }
            (seal, identity) = (segment.end.seal, segment.identity)
            guard try body(segment) else { return }
        }
    }

    /// Checks every byte.
    ///
    /// - Throws: `BackupError.damaged` with the first position that is wrong.
    public func verify() throws -> LogHead {
        var end = LogHead.empty
        try forEach {
            end = $0.end
            return true
        }
        return end
    }

    /// Copies what came since, through the commit that ends at `last` at most.
    ///
    /// The caller has seen to it that the copy's end is in the log's past.
    /// - Returns: how many events came.
    @discardableResult
    public mutating func extend(from log: EventLog, through last: UInt64 = .max) throws -> UInt64 {
        try extend(from: log, through: last) { _ in }
    }

    /// The same; `before` sees each segment before it takes its place.
    mutating func extend(
        from log: EventLog, through last: UInt64 = .max, before: (Segment) throws -> Void
    ) throws -> UInt64 {
        try EventLog.makeFolder(folder)
        let (start, goal) = (try end(), min(try log.head().position, last))
        var head = start
        while head.position < goal || segments.isEmpty {
            head = try copySegment(log, after: head, through: goal, before)
        }
        return head.position - start.position
    }

    private mutating func copySegment(
        _ log: EventLog, after head: LogHead, through last: UInt64,
        _ before: (Segment) throws -> Void
    ) throws -> LogHead {
        let commits = try log.commits(from: head.position + 1, most: 65_536)
            .filter { $0.head.position <= last }
        // Its name says where it ends, so what goes into it is known first.
        let temporary = try PlacedFile(at: "\(folder)/next")
        try temporary.append(Segment.line(log.identity, after: head).utf8)
        var (size, end) = (0, head)
        for commit in commits where size < LogCopy.segmentBytes {
            try temporary.append(Segment.header(commit))
            try log.readStored(from: commit.first, through: commit.head.position) { _, stored in
                let length = UInt32(stored.byteCount)
                try withUnsafeBytes(of: length.littleEndian) { try temporary.append($0) }
                try stored.withUnsafeBytes { try temporary.append($0) }
                size += stored.byteCount
            }
            end = commit.head
        }
        try temporary.place(as: path(head.position + 1, end.position)) { written in
            let segment = try Segment(at: written)
            guard segment.end == end || commits.isEmpty, segment.before.seal == head.seal else {
                throw BackupError.damaged(
                    path: log.path, position: head.position + 1,
                    what: "its seals do not go on from the copy")
            }
            try before(segment)
        }
        segments.append((head.position + 1, end.position))
        return end
    }

    /// Builds the log again at a path, up to a position at which a commit ends.
    ///
    /// - Throws: `BackupError.damaged` where a seal does not come out as it was.
    @discardableResult
    public func build(
        at path: String, through last: UInt64 = .max, manifest: RunManifest? = nil
    ) throws -> LogHead {
        guard let identity = try identity() else { throw BackupError.missing(path: folder) }
        let (_, head) = try LogBuilder.make(at: path, identity: identity, manifest: manifest) {
            builder in
            try forEach(through: last) { segment in
                for (commit, records) in segment.commits where commit.head.position <= last {
                    for record in records {
                        try segment.withMessage(record) { try builder.append($0) }
                    }
                    guard try builder.sealed(recordedAt: commit.recordedAt) == commit else {
                        throw BackupError.damaged(
                            path: segment.path, position: commit.first,
                            what: "what is built of it has another seal")
                    }
                }
                return true
            }
        }
        return head
    }
}

extension LogCopy: SealedPast {
    /// The commit that holds a position; nil when the copy does not reach it.
    public func commit(holding position: UInt64) throws -> Commit? {
        guard
            let index = segments.firstIndex(where: { $0.first <= position && position <= $0.last })
        else { return nil }
        return try segment(index).commits.map(\.commit).last { $0.first <= position }
    }
}
