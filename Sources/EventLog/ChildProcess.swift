import Glibc

/// Runs a program and takes what it prints; no call here traps where memory or descriptors are
/// short, as Foundation's `Process` does.
enum ChildProcess {
    /// How a child ended.
    enum End: Equatable {
        /// By itself, with a status.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)
    }

    /// Runs a program to its end, with variables in place of those of this process.
    ///
    /// - Throws: `LogError.system` when it cannot be started.
    static func run(
        _ executable: String, _ arguments: [String], setting variables: [(String, String?)]
    ) throws(LogError) -> (output: [UInt8], end: End) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw .system(path: executable, operation: "pipe", code: errno)
        }
        // The child has its end as its standard output alone.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        // A worker thread blocks signals, and a child has its mask: it could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var process = pid_t()
        let code = withPointers([executable] + arguments) { arguments in
            withPointers(environment(setting: variables)) { environment in
                posix_spawn(&process, executable, &actions, &attributes, arguments, environment)
            }
        }
        close(ends[1])
        guard code == 0 else { throw .system(path: executable, operation: "spawn", code: code) }
        let output = drain(ends[0])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else {
                throw .system(path: executable, operation: "waitpid", code: errno)
            }
        }
        let signal = status & 0x7F
        return (output, signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal))
    }

    private static func drain(_ descriptor: Int32) -> [UInt8] {
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return output }
            output.append(contentsOf: chunk[..<count])
        }
    }

    /// The variables of this process, with some set and some left out.
    private static func environment(setting variables: [(String, String?)]) -> [String] {
        var kept: [String] = []
        var place = environ
        while let entry = place.pointee {
            let text = String(cString: entry)
            if !variables.contains(where: { text.hasPrefix($0.0 + "=") }) { kept.append(text) }
            place += 1
        }
        return kept + variables.compactMap { name, value in value.map { "\(name)=\($0)" } }
    }

    private static func withPointers<Result>(
        _ texts: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
