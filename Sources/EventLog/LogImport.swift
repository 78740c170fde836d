public import Events
import Foundation

/// Builds a log from the lines of an export: the same bytes, the same seals, or nothing.
public struct LogImport: ~Copyable {
    private let file: String
    private let render: ((RawSpan) throws -> String)?
    private var line = 0
    private var commit: UInt64 = 1

    /// Reads lines until `next` gives nil and builds the log at `path`, which must not hold one.
    ///
    /// - Parameters:
    ///   - file: what errors call the source of the lines.
    ///   - render: what the export was rendered with; events that carry fields are compared.
    /// - Throws: `LogError.badLine` for the first line that is wrong; then nothing is built.
    @discardableResult
    public static func read(
        file: String, to path: String, render: ((RawSpan) throws -> String)? = nil,
        next: () throws -> String?
    ) throws -> LogHead {
        try read(file: file, render: render, next: next) { _ in .at(path) }.head
    }

    /// Where an imported log goes.
    public enum Destination {
        /// Into a folder.
        case at(String)
        /// Into the folder that its seal names, as a timeline; one that is there already stays.
        case named((Digest) -> String)
    }

    /// Reads lines until `next` gives nil, and builds the log where `place` says for its kind.
    ///
    /// - Throws: as above, and what `place` throws; then nothing is built.
    public static func read(
        file: String, render: ((RawSpan) throws -> String)? = nil, next: () throws -> String?,
        place: (LogKind) throws -> Destination
    ) throws -> (kind: LogKind, head: LogHead) {
        var reader = LogImport(file: file, render: render)
        guard let first = try reader.line(next), let identity = reader.identity(first) else {
            throw reader.refusal("an export begins with a line that names the log")
        }
        let manifest = try reader.manifest(first)
        func build(
            _ path: String, keepsExisting: Bool, place: ((LogHead) -> String)?
        ) throws -> LogHead {
            let (_, head) = try LogBuilder.make(
                at: path, identity: identity, manifest: manifest, keepsExisting: keepsExisting,
                place: place
            ) { builder in
                while let text = try reader.line(next) {
                    try reader.take(text, into: &builder)
                }
                guard builder.position == builder.head.position else {
                    throw reader.refusal(
                        "the export ends inside the commit at position \(reader.commit)")
                }
            }
            return head
        }
        switch try place(identity.kind) {
        case .at(let path):
            return (identity.kind, try build(path, keepsExisting: false, place: nil))
        case .named(let name):
            return (
                identity.kind,
                try build(name(.zero), keepsExisting: true) { name($0.seal) }
            )
        }
    }

    private init(file: String, render: ((RawSpan) throws -> String)?) {
        self.file = file
        self.render = render
    }

    private func refusal(_ what: String) -> LogError {
        .badLine(file: file, line: line, what: what)
    }

    private mutating func line(_ next: () throws -> String?) throws -> String? {
        line += 1
        return try next()
    }

    private func object(_ text: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
    }

    private func identity(_ text: String) -> LogIdentity? {
        guard let fields = object(text), let name = fields["log"] as? String,
            let kind = LogKind.allCases.first(where: { $0.name == name }),
            (fields["format"] as? NSNumber)?.uint32Value == EventLog.format,
            let schema = fields["schema"] as? NSNumber,
            let id = (fields["id"] as? String).flatMap(Digest.init)
        else { return nil }
        return LogIdentity(kind: kind, logID: id, schemaVersion: schema.uint16Value)
    }

    /// The manifest that a fork's export carries.
    private func manifest(_ text: String) throws -> RunManifest? {
        guard let fields = object(text)?["manifest"] else { return nil }
        return try RunManifest(
            try JSONSerialization.data(withJSONObject: fields, options: [.fragmentsAllowed]),
            path: file)
    }

    private mutating func take(_ text: String, into builder: inout LogBuilder) throws {
        guard let fields = object(text) else { throw refusal("this is no JSON object") }
        if fields["seal"] != nil {
            try seal(text, fields, &builder)
        } else {
            try event(text, fields, &builder)
        }
    }

    private func event(
        _ text: String, _ fields: [String: Any], _ builder: inout LogBuilder
    ) throws {
        let position = builder.position + 1
        guard let hexadecimal = fields["bytes"] as? String,
            let bytes = Hexadecimal.bytes(hexadecimal), bytes.count >= 56
        else { throw refusal("`bytes` is not the hexadecimal text of an event") }
        guard (fields["position"] as? NSNumber)?.uint64Value == position else {
            throw refusal("position \(position) is expected here")
        }
        let message = bytes.span.bytes
        let expected: String
        do {
            expected = try LogExport.eventLine(
                message, position: position, commit: commit,
                fields["event"] == nil ? nil : render)
        } catch let error as DecodingError {
            throw refusal("`bytes` are no event: \(error); export the log again")
        }
        if text != expected { try compare(fields, object(expected) ?? [:]) }
        try builder.append(message)
    }

    /// Names what differs between a line and the line that its bytes would have given.
    private func compare(_ found: [String: Any], _ expected: [String: Any]) throws {
        func differs(_ name: String) -> Bool {
            !((found[name] as? NSObject)?.isEqual(expected[name]) ?? (expected[name] == nil))
        }
        if differs("commit") { throw refusal("its commit begins at position \(commit)") }
        if differs("crc") { throw refusal("the checksum does not match the bytes") }
        if render != nil, differs("event") {
            throw refusal("the fields do not match the bytes; edit neither")
        }
    }

    private mutating func seal(
        _ text: String, _ fields: [String: Any], _ builder: inout LogBuilder
    ) throws {
        guard let recordedAt = (fields["recordedAt"] as? NSNumber)?.int64Value,
            builder.position > builder.head.position
        else { throw refusal("there are no events for this seal") }
        let instant = Instant(rawValue: recordedAt)
        guard instant >= builder.head.recordedAt else {
            throw refusal("it was recorded before its predecessor")
        }
        let made = try builder.sealed(recordedAt: instant)
        let expected = object(LogExport.sealLine(made)) ?? [:]
        guard NSDictionary(dictionary: fields).isEqual(to: expected) else {
            throw refusal("the seal does not match the events before it")
        }
        commit = made.head.position + 1
    }
}
