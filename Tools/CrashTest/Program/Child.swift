import Foundation
import Glibc

/// A process that may be killed at any moment.
final class Child {
    /// How a process ended.
    enum End: Equatable, CustomStringConvertible {
        case exit(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .exit(let code): "exit code \(code)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    /// What a process said, and how it ended.
    struct Result {
        var end: End
        var output: String
        var errors: String

        /// Its last line of output that is whole.
        var lastLine: String {
            output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last
                .map(String.init) ?? ""
        }
    }

    private static let starting = NSLock()

    private let number: pid_t
    private let output: Int32
    private let errorFile: String

    /// Starts a program; its errors go to a file, its output to a pipe.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        var ends: [Int32] = [0, 0]
        // A pipe's ends are not for children that other threads start meanwhile.
        Child.starting.lock()
        defer { Child.starting.unlock() }
        guard pipe(&ends) == 0 else { throw CrashTestError("no pipe: errno \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        errorFile = NSTemporaryDirectory() + "recount-crash-\(UUID().uuidString)"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT, 0o600)
        var words = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RECOUNT_SHIM") }
        words["SWIFT_BACKTRACE"] = "enable=no"
        words.merge(environment) { $1 }
        var argv = ([program] + arguments).map { strdup($0) }
        var envp = words.map { strdup("\($0.key)=\($0.value)") }
        argv.append(nil)
        envp.append(nil)
        defer { for text in argv + envp { free(text) } }
        var number: pid_t = 0
        let code = posix_spawn(&number, program, &actions, nil, argv, envp)
        close(ends[1])
        guard code == 0 else { throw CrashTestError("\(program) does not start: errno \(code)") }
        self.number = number
        output = ends[0]
    }

    /// Sends SIGKILL.
    func kill() {
        _ = Glibc.kill(number, SIGKILL)
    }

    /// Reads its output to the end and waits for it.
    func finish() -> Result {
        let data = FileHandle(fileDescriptor: output, closeOnDealloc: true).readDataToEndOfFile()
        var status: Int32 = 0
        while waitpid(number, &status, 0) < 0, errno == EINTR {}
        let errors = FileManager.default.contents(atPath: errorFile) ?? Data()
        unlink(errorFile)
        let signal = status & 0x7F
        return Result(
            end: signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal),
            output: String(decoding: data, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self))
    }

    /// Starts a program, waits for its end, and demands that it succeeds.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> Result {
        let result = try Child(program, arguments).finish()
        guard result.end == .exit(0) else {
            throw CrashTestError(
                "\(arguments.joined(separator: " ")): \(result.end): \(result.errors)")
        }
        return result
    }
}

/// What stopped the test, or what it found.
struct CrashTestError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
