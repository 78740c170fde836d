import Digests
import Events
import Foundation

/// Whole commits of a log in one file, each record as it is stored: what a backup is made of.
///
/// The file is one line of text, then for each commit 88 bytes (first position, count, recordedAt,
/// each 8 little-endian; content and seal, 32 each) and its records, each behind its length in 4
/// bytes little-endian. A record is the message and its CRC-32C, as in the log:
///
///     recount-segment 1 KIND LOG-ID SCHEMA FIRST PREVIOUS-SEAL
struct Segment {
    /// The file.
    let path: String
    /// What the log says of itself.
    let identity: LogIdentity
    /// Where the log stood before: its last position and seal.
    let before: (position: UInt64, seal: Digest)
    /// The commits, and where each of their records stands among the bytes.
    private(set) var commits: [(commit: Commit, records: [Range<Int>])] = []
    private let bytes: [UInt8]

    private static let mark = "recount-segment"
    private static let headerSize = 88

    /// Reads a file and checks all that it says: checksums, contents, seals, contiguity.
    ///
    /// - Throws: `BackupError.damaged` with the first position that is wrong.
    init(at path: String) throws {
        self.path = path
        let found: Data
        do {
            found = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw EventLog.isThere(path)
                ? EventLog.systemError(path, "read") : BackupError.missing(path: path)
        }
        bytes = [UInt8](found)
        let line = bytes.prefix { $0 != 0x0A }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 7, words[0] == Segment.mark, words[1] == "1",
            let kind = LogKind.allCases.first(where: { $0.name == words[2] }),
            let logID = Digest(words[3]), let schema = UInt16(words[4]),
            let first = UInt64(words[5]), first > 0, let previous = Digest(words[6])
        else {
            throw BackupError.damaged(
                path: path, position: nil, what: "it does not begin as a segment does")
        }
        identity = LogIdentity(kind: kind, logID: logID, schemaVersion: schema)
        before = (first - 1, previous)
        var place = line.count + 1
        while place < bytes.count { try readCommit(&place) }
    }

    /// The head of the log with the last commit of this segment; of an empty one what was before.
    var end: LogHead {
        commits.last?.commit.head
            ?? LogHead(
                position: before.position, seal: before.seal,
                recordedAt: LogHead.empty.recordedAt)
    }

    /// The stored bytes of a record.
    func stored(_ record: Range<Int>) -> ArraySlice<UInt8> { bytes[record] }

    /// Lends the message of a record.
    func withMessage<Result>(_ record: Range<Int>, _ body: (RawSpan) throws -> Result) rethrows
        -> Result
    {
        try body(bytes.span.bytes.extracting(record.lowerBound..<record.upperBound - 4))
    }

    private mutating func readCommit(_ place: inout Int) throws {
        let head = end
        func damaged(_ position: UInt64, _ what: String) -> BackupError {
            .damaged(path: path, position: position, what: what)
        }
        guard place + Segment.headerSize <= bytes.count,
            let commit = bytes.withUnsafeBytes({ all in
                Commit(
                    first: all.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian,
                    stored: RawSpan(
                        _unsafeBytes: UnsafeRawBufferPointer(
                            rebasing: all[place + 8..<place + Segment.headerSize])))
            })
        else { throw damaged(head.position + 1, "the file ends here") }
        place += Segment.headerSize
        guard commit.first == head.position + 1, commit.count > 0 else {
            throw damaged(head.position + 1, "no commit begins here")
        }
        let records = try readRecords(commit, &place)
        var hasher = SHA256()
        for record in records { hasher.update(bytes.span.bytes.extracting(record)) }
        let made = Commit(
            first: commit.first, count: commit.count, recordedAt: commit.recordedAt,
            content: hasher.finalize(), previous: head.seal)
        guard made.content == commit.content else {
            throw damaged(commit.first, "the content of its commit does not match its seal")
        }
        guard made == commit, commit.recordedAt >= head.recordedAt else {
            throw damaged(commit.first, "the seal of its commit does not match")
        }
        commits.append((commit, records))
    }

    private func readRecords(_ commit: Commit, _ place: inout Int) throws -> [Range<Int>] {
        var records: [Range<Int>] = []
        for position in commit.first..<commit.first + commit.count {
            let size =
                place + 4 <= bytes.count
                ? bytes.withUnsafeBytes {
                    Int($0.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian)
                } : Int.max
            guard size < bytes.count, place + 4 + size <= bytes.count else {
                throw BackupError.damaged(
                    path: path, position: position, what: "the file ends here")
            }
            let record = place + 4..<place + 4 + size
            do {
                _ = try Record(
                    stored: bytes.span.bytes.extracting(record), position: position,
                    expected: position, check: .checksum, path: path)
            } catch {
                throw BackupError.damaged(
                    path: path, position: position, what: "its checksum does not match")
            }
            records.append(record)
            place = record.upperBound
        }
        return records
    }

    /// The line that a segment begins with.
    static func line(_ identity: LogIdentity, after head: LogHead) -> String {
        "\(mark) 1 \(identity.kind.name) \(identity.logID) \(identity.schemaVersion) "
            + "\(head.position + 1) \(head.seal)\n"
    }

    /// The bytes before a commit's records.
    static func header(_ commit: Commit) -> [UInt8] {
        withUnsafeBytes(of: commit.first.littleEndian) { Array($0) } + commit.stored
    }
}
