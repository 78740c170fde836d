import CPlatform
import Events

/// JSON lines that carry a whole log: its identity, its events, and a seal after each commit.
///
/// An event line has `position`, `commit` (the first position of its commit), `crc` and `bytes`
/// (hexadecimal), and `event`, the fields of the message, where a renderer is given. The bytes are
/// the log; the fields are for people and are compared with the bytes on import.
public enum LogExport {
    /// Writes the lines of a log; `render` turns a message into a JSON object. A fork's first line
    /// carries its manifest, without which it cannot be read.
    public static func write(
        _ log: some Log, manifest: RunManifest? = nil,
        render: ((RawSpan) throws -> String)? = nil, to line: (String) throws -> Void
    ) throws {
        try line(identityLine(log.identity, manifest?.parent == nil ? nil : manifest))
        for commit in try log.commits(from: 1) {
            try log.read(from: commit.first, through: commit.head.position, check: .checksum) {
                record in
                try line(
                    eventLine(
                        record.message, position: record.position, commit: commit.first, render))
                return .proceed
            }
            try line(sealLine(commit))
        }
    }

    static func identityLine(_ identity: LogIdentity, _ manifest: RunManifest? = nil) -> String {
        #"{"log":"\#(identity.kind.name)","format":\#(EventLog.format),"#
            + #""schema":\#(identity.schemaVersion),"id":"\#(identity.logID)""#
            + (manifest.map { #","manifest":\#($0.text.dropLast())"# } ?? "") + "}"
    }

    static func eventLine(
        _ message: RawSpan, position: UInt64, commit: UInt64,
        _ render: ((RawSpan) throws -> String)?
    ) throws -> String {
        let (crc, bytes) = message.withUnsafeBytes { bytes in
            (recount_record_crc(position, bytes.baseAddress, bytes.count), Hexadecimal.text(bytes))
        }
        let fields = try render.map { #","event":\#(try $0(message))"# } ?? ""
        return #"{"position":\#(position),"commit":\#(commit),"crc":\#(crc),"#
            + #""bytes":"\#(bytes)"\#(fields)}"#
    }

    static func sealLine(_ commit: Commit) -> String {
        #"{"seal":"\#(commit.seal)","first":\#(commit.first),"count":\#(commit.count),"#
            + #""recordedAt":\#(commit.recordedAt.rawValue),"content":"\#(commit.content)"}"#
    }
}
