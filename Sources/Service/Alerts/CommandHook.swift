public import Events
import Foundation

/// Runs a program for each alert, without a shell: the alert's JSON on its standard input, its
/// fields in the environment, which holds nothing else but where programs are found.
///
/// Ended with 0 it has taken the alert. After half a minute it is killed, and what it started.
public struct CommandHook: AlertSender {
    private let command: [String]
    private let seconds: Double

    /// A hook of a program's absolute path and its arguments.
    ///
    /// - Throws: `AlertRefusal` where that is no program.
    public init(_ command: [String]) throws(AlertRefusal) {
        guard let path = command.first, access(path, X_OK) == 0, CommandHook.isFile(path) else {
            throw AlertRefusal(
                description: "alert_command: \(command.first ?? "") is no program that this user "
                    + "may run; write an absolute path, and its arguments behind it")
        }
        self.init(checked: command)
    }

    init(checked command: [String], seconds: Double = 30) {
        (self.command, self.seconds) = (command, seconds)
    }

    private static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// A command.
    public var channel: AlertChannel { .command }

    /// Its program; arguments may be secret.
    public var place: String { command[0] }

    /// Variables of this process that a program needs to find its own.
    private static let kept = ["PATH", "HOME", "LANG", "TZ", "TMPDIR"]

    /// Runs the program to its end.
    public func send(_ alert: Alert, at now: Instant, until isOver: () -> Bool) -> AlertAnswer {
        let input = CommandHook.pipe(holding: alert.json(at: now) + "\n")
        guard input >= 0 else { return .refused("its input cannot be made (\(errno))") }
        defer { close(input) }
        let own = ProcessInfo.processInfo.environment
        // By which what it started is found, wherever it went.
        let mark = "RECOUNT_ALERT_SENDING=\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let variables =
            CommandHook.kept.compactMap { name in own[name].map { "\(name)=\($0)" } }
            + alert.variables(at: now).map { "\($0.name)=\($0.value)" } + [mark]
        let (process, code) = start(input, variables)
        guard code == 0 else {
            return .refused("cannot be started (\(String(cString: strerror(code))))")
        }
        return wait(for: process, mark: mark, until: isOver)
    }

    /// The reading end of a pipe that holds a text: it is written while nobody can have closed
    /// that end, and is far shorter than a pipe is deep.
    private static func pipe(holding text: String) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard Foundation.pipe(&ends) == 0 else { return -1 }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let bytes = Array(text.utf8)
        let count = write(ends[1], bytes, bytes.count)
        close(ends[1])
        guard count == bytes.count else {
            close(ends[0])
            return -1
        }
        return ends[0]
    }

    private func start(_ input: Int32, _ variables: [String]) -> (process: pid_t, code: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // What it prints is shown nowhere: a log of this process would have no bound.
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
        var process = pid_t()
        let code = CommandHook.withPointers(command) { arguments in
            CommandHook.withPointers(variables) { environment in
                posix_spawn(&process, command[0], &actions, &attributes, arguments, environment)
            }
        }
        return (process, code)
    }

    private static func withPointers<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("it ends with nil") }
            return body(base)
        }
    }

    private func wait(
        for process: pid_t, mark: String, until isOver: () -> Bool
    ) -> AlertAnswer {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var status: Int32 = 0
        var reason: String?
        while true {
            let found = waitpid(process, &status, reason == nil ? WNOHANG : 0)
            if found == process { break }
            if found < 0, errno != EINTR { return .refused("its end was not seen (\(errno))") }
            guard reason == nil else { continue }
            if clock.now >= end {
                reason = "not ended after \(Int(seconds.rounded(.up))) s, and killed"
            } else if isOver() {
                reason = "not ended when the service did, and killed"
            }
            if reason != nil {
                StartedProcesses.kill(mark: mark)
                kill(-process, SIGKILL)
            } else {
                usleep(20_000)
            }
        }
        if let reason { return .refused(reason) }
        let (signal, code) = (status & 0x7F, status >> 8 & 0xFF)
        if signal != 0 { return .refused("ended by signal \(signal)") }
        return code == 0 ? .taken : .refused("ended with status \(code)")
    }
}
