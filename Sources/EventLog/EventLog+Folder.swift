import CPlatform
import Foundation
import LMDB

extension EventLog {
    /// The size of a file in bytes, nil when there is none.
    static func fileSize(_ path: String) -> Int? {
        var description = stat()
        return stat(path, &description) == 0 ? Int(description.st_size) : nil
    }

    /// Why there is no file to be seen: none is there, or it may not be looked for.
    static func absent(_ path: String) -> LogError {
        let code = errno
        return code == ENOENT || code == ENOTDIR
            ? .missing(path: path) : .system(path: path, operation: "open", code: code)
    }

    static func isWritable(_ path: String) -> Bool {
        let lock = "\(path)/lock.mdb"
        return access(path, W_OK) == 0 && (fileSize(lock) == nil || access(lock, W_OK) == 0)
    }

    /// Makes a folder and those above it, durably.
    static func makeFolder(_ path: String) throws(LogError) {
        if fileSize(path) != nil { return }
        let parent = FilePath.parent(path)
        if !parent.isEmpty, parent != path { try makeFolder(parent) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw .system(path: path, operation: "mkdir", code: errno)
        }
        try flushFolder(parent.isEmpty ? "." : parent)
    }

    /// Flushes a folder's entries, which LMDB never does: without it a file may be gone with the
    /// power, however well its content was flushed.
    static func flushFolder(_ path: String) throws(LogError) {
        let code = recount_sync_directory(path)
        // Some file systems know no such flush, and some folders above may not be read.
        guard [0, EINVAL, ENOTSUP, EACCES].contains(code) else {
            throw .system(path: path, operation: "fsync", code: code)
        }
    }

    /// Refuses file systems over a network or in user space, where locks and maps cannot be
    /// trusted.
    static func refuseFileSystem(
        _ path: String, kindOf: (String) -> Int64 = { recount_file_system($0) }
    ) throws(LogError) {
        let refused: [Int64: String] = [
            0x6969: "NFS", 0x517B: "SMB", 0xFE53_4D42: "SMB2", 0xFF53_4D42: "CIFS",
            0x0102_1997: "9p", 0x6573_5546: "FUSE",
        ]
        if let name = refused[kindOf(path)] { throw .fileSystem(path: path, name: name) }
    }

    /// What a person should hear once about the folder and the library.
    static func remarks(
        _ path: String, kindOf: (String) -> Int64 = { recount_file_system($0) },
        version: (major: Int, minor: Int, patch: Int) = Environment.libraryVersion
    ) -> [String] {
        var remarks: [String] = []
        if kindOf(path) == 0x794C_7630 {
            remarks.append(
                "\(path) lies on an overlay file system, which goes with its container; "
                    + "put logs that matter on a volume")
        }
        if let warning = Environment.warning(about: version) { remarks.append(warning) }
        return remarks
    }
}

extension EventLog {
    /// Whether something has this name, a link that leads nowhere included.
    static func isThere(_ path: String) -> Bool {
        var description = stat()
        return lstat(path, &description) == 0
    }

    /// The system's last error, about a path.
    static func systemError(_ path: String, _ operation: String) -> LogError {
        .system(path: path, operation: operation, code: errno)
    }

    /// Writes all bytes to a file.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(LogError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .system(path: path, operation: "write", code: count == 0 ? EIO : errno)
            }
            rest = rest.dropFirst(count)
        }
    }
}
