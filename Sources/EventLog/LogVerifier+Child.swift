import CPlatform
import Foundation

extension LogVerifier {
    /// The variable that names the file in which a child notes the position it has reached.
    private static let progressVariable = "RECOUNT_VERIFY_PROGRESS"

    /// Checks the log in a folder in a child process, so that a broken page is a finding and not a
    /// crash. A child that dies is run again, in order, to learn which position it dies at.
    ///
    /// - Parameters:
    ///   - executable: the program, which must print `childReport(path).json` and nothing else.
    ///   - arguments: its arguments.
    public static func verifyInChild(
        _ path: String, executable: String, arguments: [String]
    ) throws -> Report {
        guard EventLog.fileSize("\(path)/data.mdb") != nil else {
            throw EventLog.absent(path)
        }
        let first = try run(executable, arguments, progress: nil)
        guard case .died(let signal) = first else { return report(first) }
        // Killed from outside, as the system does when memory runs out: the log is not at fault.
        if signal == SIGKILL { return unchecked(ENOMEM, "the check was killed; free memory") }
        let progress = NSTemporaryDirectory() + "recount-verify-\(getpid())-\(UUID().uuidString)"
        guard FileManager.default.createFile(atPath: progress, contents: Data(count: 8)) else {
            return unchecked(errno, "\(progress): cannot be written")
        }
        defer { try? FileManager.default.removeItem(atPath: progress) }
        let second = try run(executable, arguments, progress: progress)
        guard case .died(let last) = second else { return report(second) }
        let noted = [UInt8](FileManager.default.contents(atPath: progress) ?? Data())
        let position = noted.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // Before the first record the check may have stopped itself, as where memory is short; a
        // page that is not there ends it by a signal of the system's.
        guard position > 0 || last == SIGBUS || last == SIGSEGV else {
            return unchecked(
                EAGAIN,
                "the check died of signal \(last) before it reached a record; run it again with "
                    + "more memory, and if it still does, restore the folder from a backup")
        }
        return damaged(
            position == 0 ? nil : position, "the file has a page that cannot be read")
    }

    /// What became of a child.
    private enum Outcome {
        case reported(Report)
        case died(signal: Int32)
        case failed(status: Int32)
    }

    private static func report(_ outcome: Outcome) -> Report {
        switch outcome {
        case .reported(let report): report
        case .died(let signal): unchecked(EINTR, "the check was ended by signal \(signal)")
        case .failed(let status):
            unchecked(EAGAIN, "the check could not be run: it ended with status \(status)")
        }
    }

    /// What a child finds: like `verify`, but a log that cannot be opened is a finding.
    public static func childReport(_ path: String) -> Report {
        do {
            guard let progress = ProcessInfo.processInfo.environment[progressVariable] else {
                return try verify(path)
            }
            let descriptor = Foundation.open(progress, O_RDWR | O_CLOEXEC)
            defer { close(descriptor) }
            guard descriptor >= 0,
                let memory = mmap(nil, 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
                memory != MAP_FAILED
            else { throw LogError.system(path: progress, operation: "mmap", code: errno) }
            return try verify(path) { position in
                memory.storeBytes(of: position.littleEndian, as: UInt64.self)
            }
        } catch let error as LogError {
            guard let code = error.systemCode else { return damaged(nil, "\(error)") }
            return unchecked(code, "\(error)")
        } catch {
            return damaged(nil, "\(error)")
        }
    }

    private static func unchecked(_ code: Int32, _ finding: String) -> Report {
        var report = damaged(nil, finding)
        report.unchecked = code
        return report
    }

    private static func damaged(_ position: UInt64?, _ finding: String) -> Report {
        Report(
            sound: false, events: 0, commits: 0, bytes: 0, seal: "", position: position,
            finding: finding)
    }

    private static func run(
        _ executable: String, _ arguments: [String], progress: String?
    ) throws -> Outcome {
        let (output, end) = try ChildProcess.run(
            executable, arguments, setting: [(progressVariable, progress)])
        switch end {
        case .signalled(let signal): return .died(signal: signal)
        case .exited(0):
            let report = try? JSONDecoder().decode(Report.self, from: Data(output))
            return report.map { .reported($0) } ?? .failed(status: 0)
        case .exited(let status): return .failed(status: status)
        }
    }
}
