import Glibc

/// How a process ended.
public enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
    /// By itself, with a status.
    case exited(Int32)
    /// By a signal.
    case signalled(Int32)

    init(status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    /// In words.
    public var description: String {
        switch self {
        case .exited(let status): "ended with status \(status)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }
}

/// A program that runs beside this one: it reads nothing, what it prints is dropped, and its errors
/// go where this one's go.
public final class RunningProcess {
    /// Its process number.
    public let number: Int32
    private var ended: ProcessEnd?

    /// Starts it.
    ///
    /// - Throws: `LogError.system` when it cannot be started.
    public init(_ executable: String, _ arguments: [String]) throws(LogError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        // A thread that blocks signals would have a child that cannot be asked to end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var process = pid_t()
        let code = ChildProcess.withPointers([executable] + arguments) { arguments in
            posix_spawn(&process, executable, &actions, &attributes, arguments, environ)
        }
        guard code == 0 else { throw .system(path: executable, operation: "spawn", code: code) }
        number = process
    }

    /// How it ended; nil while it runs.
    public func end() -> ProcessEnd? {
        if let ended { return ended }
        var status: Int32 = 0
        if waitpid(number, &status, WNOHANG) == number { ended = ProcessEnd(status: status) }
        return ended
    }

    /// Sends a signal, unless it has ended: its number may be another's then.
    public func signal(_ signal: Int32) {
        if end() == nil { kill(number, signal) }
    }
}
