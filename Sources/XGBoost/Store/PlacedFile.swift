import Foundation

/// A file that is there whole or not at all: written beside its place, then renamed.
enum PlacedFile {
    /// A call the system refused.
    struct Failure: Error, CustomStringConvertible {
        let operation: String
        let code: Int32

        var description: String { "\(operation): \(String(cString: strerror(code)))" }

        init(_ operation: String) {
            self.operation = operation
            code = errno
        }
    }

    /// Writes a file, replacing one of the same name; `isDurable` waits until it is on the disk.
    ///
    /// A process killed meanwhile leaves a file `.writing-…` behind, which `sweep` takes away.
    static func write(
        _ bytes: [UInt8], _ name: String, in folder: String, isDurable: Bool
    ) throws(Failure) {
        var temporary = Array("\(folder)/\(prefix)\(getpid())-XXXXXX".utf8CString)
        let descriptor = mkstemp(&temporary)
        guard descriptor >= 0 else { throw Failure("mkstemp") }
        var isPlaced = false
        defer {
            if !isPlaced { unlink(temporary) }
        }
        try write(bytes, to: descriptor, isDurable: isDurable)
        guard rename(temporary, "\(folder)/\(name)") == 0 else { throw Failure("rename") }
        isPlaced = true
        if isDurable { try sync(folder) }
    }

    private static let prefix = ".writing-"

    /// Removes what writers left that died at work: their processes are looked up by number; of
    /// what earlier programs wrote without one, what is older than an hour.
    static func sweep(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where name.hasPrefix(prefix) {
            let parts = name.split(separator: "-")
            let path = "\(folder)/\(name)"
            if parts.count == 3, let process = Int32(parts[1]) {
                if kill(process, 0) != 0, errno == ESRCH { unlink(path) }
            } else {
                var status = stat()
                if stat(path, &status) == 0, time(nil) - status.st_mtim.tv_sec > 3_600 {
                    unlink(path)
                }
            }
        }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, isDurable: Bool
    ) throws(Failure) {
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return Foundation.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure("write") }
            written += count
        }
        // mkstemp makes it for its owner alone.
        guard fchmod(descriptor, 0o666 & ~FileMode.umask) == 0 else { throw Failure("fchmod") }
        if isDurable, fsync(descriptor) != 0 { throw Failure("fsync") }
    }

    private static func sync(_ folder: String) throws(Failure) {
        let descriptor = open(folder, O_RDONLY)
        guard descriptor >= 0 else { throw Failure("open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw Failure("fsync") }
    }

    /// Reads a file; nil where there is none.
    static func read(_ path: String) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Failure("open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure("stat") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
                return Foundation.read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure("read") }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }
}
