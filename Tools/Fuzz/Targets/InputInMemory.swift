import Glibc

/// A file that lies in memory and has a path, for readers that take paths.
final class InputInMemory {
    /// Where readers find it.
    let path: String
    private let descriptor: Int32

    /// A file with this content.
    init(_ bytes: [UInt8]) {
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var name = Array("\(folder)/recount-fuzz-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        precondition(descriptor >= 0, "memory has room for a file: error \(errno)")
        unlink(name)
        path = "/proc/self/fd/\(descriptor)"
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { rest in
                pwrite(descriptor, rest.baseAddress, rest.count, off_t(done))
            }
            precondition(count > 0, "memory has room for the input: error \(errno)")
            done += count
        }
    }

    deinit {
        close(descriptor)
    }
}
