import CPlatform
import Foundation

/// A file that is there whole or not at all: written beside its place, flushed, then renamed.
///
/// Whoever writes into a folder has locked it: what begins with `.writing-` there is left over from
/// a process that died.
final class PlacedFile {
    private static let prefix = ".writing-"

    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isPlaced = false

    /// Begins a file.
    init(at path: String) throws {
        self.path = path
        temporary =
            "\(FilePath.folder(of: path))/\(PlacedFile.prefix)\(getpid())-\(FilePath.name(path))"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw EventLog.systemError(temporary, "open") }
    }

    deinit {
        close(descriptor)
        if !isPlaced { unlink(temporary) }
    }

    /// Puts bytes behind the others.
    func append(_ bytes: some Collection<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count > 1 << 20 { try writeOut() }
    }

    private func writeOut() throws {
        try EventLog.write(buffer, to: descriptor, temporary)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Flushes it, lets `inspect` look at it under its temporary name, and gives it its own.
    func place(as path: String? = nil, inspect: (String) throws -> Void = { _ in }) throws {
        let path = path ?? self.path
        try writeOut()
        guard fsync(descriptor) == 0 else { throw EventLog.systemError(temporary, "fsync") }
        try inspect(temporary)
        guard rename(temporary, path) == 0 else { throw EventLog.systemError(path, "rename") }
        isPlaced = true
        try EventLog.flushFolder(FilePath.folder(of: path))
    }

    /// Writes a whole file.
    static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
        let file = try PlacedFile(at: path)
        try file.append(bytes)
        try file.place()
    }

    /// Removes what died at work in a folder and those below it.
    static func sweep(_ folder: String) {
        let files = FileManager.default.enumerator(atPath: folder)
        while let name = files?.nextObject() as? String {
            if FilePath.name(name).hasPrefix(prefix) { unlink("\(folder)/\(name)") }
        }
    }
}
