import CPlatform
import Events
import Foundation

extension RunManifest {
    /// Reads the manifest in a run's folder; nil when there is none.
    ///
    /// - Throws: `RunFolderError` for one that cannot be read, and for a live run without one.
    public static func read(in folder: String) throws -> RunManifest? {
        do {
            let manifest = try found(in: folder)
            guard manifest?.live == nil, isLive(folder) else { return manifest }
            throw RunFolderError.badLiveManifest(
                path: "\(folder)/\(fileName)",
                what: manifest == nil ? "is missing" : "does not say how the live run began")
        } catch RunFolderError.badManifest(let path, let what) where isLive(folder) {
            throw RunFolderError.badLiveManifest(path: path, what: what)
        }
    }

    /// Whether a folder is a live run's, as its logs say.
    private static func isLive(_ folder: String) -> Bool {
        EventLog.isLog("\(folder)/timeline")
            || EventLog.isLog(folder)
                && (try? EventLog.open(at: folder).identity.kind) == .liveRun
    }

    private static func found(in folder: String) throws -> RunManifest? {
        let path = "\(folder)/\(fileName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            guard EventLog.fileSize(path) == nil else {
                throw RunFolderError.badManifest(path: path, what: "cannot be read")
            }
            return nil
        }
        return try RunManifest(data, path: path)
    }

    init(_ data: Data, path: String) throws(RunFolderError) {
        guard let value = try? JSONSerialization.jsonObject(with: data),
            let object = ManifestFields(value, place: "", path: path)
        else { throw .badManifest(path: path, what: "is no JSON object") }
        let format = try object.integer("format")
        guard (1...UInt64(RunManifest.newestFormat)).contains(format) else {
            throw format > RunManifest.newestFormat
                ? .newerManifest(path: path, format: Int(clamping: format))
                : .badManifest(path: path, what: "has format \(format), which there never was")
        }
        let (window, strategy) = (try object.object("window"), try object.object("strategy"))
        self.init(
            logID: try object.value("log"), timeline: try object.value("timeline"),
            firstDay: try window.optional("from"), lastDay: try window.optional("to"),
            strategy: try strategy.value("name"), strategyDigest: try strategy.value("digest"),
            program: try object.value("program"),
            parent: object.has("parent") ? try Parent(try object.object("parent")) : nil,
            live: object.has("live") ? try Live(try object.object("live")) : nil)
    }

    /// Writes it into a folder that nobody sees yet; `flush` makes it durable.
    func write(in folder: String) throws(LogError) {
        let path = "\(folder)/\(RunManifest.fileName)"
        let descriptor = try RunManifest.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        defer { close(descriptor) }
        try EventLog.write(Array(text.utf8), to: descriptor, path)
        // So that the flush, when the run is made, finds it on the disk.
        recount_begin_writing(descriptor)
    }

    /// Makes the manifest in a folder durable.
    static func flush(in folder: String) throws(LogError) {
        let path = "\(folder)/\(fileName)"
        let descriptor = try open(path, O_RDONLY)
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .system(path: path, operation: "fsync", code: errno)
        }
    }

    private static func open(_ path: String, _ flags: Int32) throws(LogError) -> Int32 {
        let descriptor = Foundation.open(path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw .system(path: path, operation: "open", code: errno)
        }
        return descriptor
    }
}

extension RunManifest.Parent {
    fileprivate init(_ fields: ManifestFields) throws(RunFolderError) {
        self.init(
            run: try fields.value("run"), seal: try fields.value("seal"),
            position: MergedPosition(
                own: try fields.integer("own"), timeline: try fields.integer("timeline")),
            timeline: try fields.value("facts"))
    }
}

extension RunManifest.Live {
    fileprivate init(_ fields: ManifestFields) throws(RunFolderError) {
        self.init(
            position: try fields.integer("position"), instant: try fields.value("instant"),
            broker: try fields.value("broker"), prefix: try fields.hexadecimal("prefix"),
            account: try fields.optional("account"))
    }
}

extension MergedLog.ForkTimeline: LosslessStringConvertible {
    /// `whole` or `continued`.
    public var description: String { rawValue }

    /// Reads `whole` or `continued`.
    public init?(_ description: String) { self.init(rawValue: description) }
}

/// The fields of a JSON object, and where they stand.
private struct ManifestFields {
    private let fields: [String: Any]
    private let place: String
    private let path: String

    init?(_ value: Any, place: String, path: String) {
        guard let fields = value as? [String: Any] else { return nil }
        (self.fields, self.place, self.path) = (fields, place, path)
    }

    func has(_ key: String) -> Bool { fields[key] != nil && !(fields[key] is NSNull) }

    func object(_ key: String) throws(RunFolderError) -> ManifestFields {
        guard let value = fields[key],
            let object = ManifestFields(value, place: "\(place)\(key).", path: path)
        else { throw refusal(key, "an object") }
        return object
    }

    func integer(_ key: String) throws(RunFolderError) -> UInt64 {
        guard let number = fields[key] as? NSNumber, let value = UInt64("\(number)") else {
            throw refusal(key, "a whole number")
        }
        return value
    }

    func hexadecimal(_ key: String) throws(RunFolderError) -> UInt64 {
        guard let text = fields[key] as? String, let value = UInt64(text, radix: 16) else {
            throw refusal(key, "a hexadecimal number in quotes")
        }
        return value
    }

    func value<Value: LosslessStringConvertible>(_ key: String) throws(RunFolderError) -> Value {
        guard let text = fields[key] as? String, let value = Value(text) else {
            throw refusal(key, "a \(Value.self) in quotes")
        }
        return value
    }

    func optional<Value: LosslessStringConvertible>(_ key: String) throws(RunFolderError)
        -> Value?
    {
        has(key) ? try value(key) : nil
    }

    private func refusal(_ key: String, _ kind: String) -> RunFolderError {
        let found = fields[key].map { "is \($0)" } ?? "is missing"
        return .badManifest(path: path, what: "\(place)\(key) \(found), not \(kind)")
    }
}
