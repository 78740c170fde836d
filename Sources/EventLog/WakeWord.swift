import CPlatform
import Glibc

/// The word `wake` in a log's folder, shared by all processes: the durable head and a futex.
///
/// It only says "look again"; what the head is, the log says.
final class WakeWord: @unchecked Sendable {
    // Guarded by atomic access in C.
    private let word: UnsafeMutablePointer<recount_wake>

    private static let size = 4_096

    /// Maps the file, nil when there is none or it cannot be written.
    init?(folder: String, create: Bool) {
        let descriptor = Glibc.open(
            "\(folder)/wake", O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0), 0o666)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard !create || ftruncate(descriptor, off_t(WakeWord.size)) == 0,
            lseek(descriptor, 0, SEEK_END) >= WakeWord.size,
            let memory = mmap(
                nil, WakeWord.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { return nil }
        word = memory.assumingMemoryBound(to: recount_wake.self)
    }

    deinit {
        munmap(word, WakeWord.size)
    }

    /// Tells everyone that the log is durable up to a position.
    func raise(_ position: UInt64) { recount_wake_raise(word, position) }

    /// The head that was told last. After a loss of power it may be ahead of the log.
    var head: UInt64 { recount_wake_head(word) }

    /// Waits until the told head is beyond `seen`, or someone tells anything.
    func wait(beyond seen: UInt64, nanoseconds: Int64) {
        _ = recount_wake_wait(word, seen, nanoseconds)
    }
}
