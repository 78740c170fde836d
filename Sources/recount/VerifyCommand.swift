import ArgumentParser
import EventLog

/// `recount verify`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every checksum, seal and position of a log.",
        discussion: """
            The check runs in a child process, so that a broken page is a finding and not a crash.

            Example: recount verify --data DIR
            """)

    @OptionGroup var log: LogOption
    @Flag(name: .long, help: "Print the result as JSON.") var json = false
    @Flag(name: .long, help: "Check instead that no event of a run knew more than it could.")
    var causality = false
    @Flag(name: .long, help: .hidden) var child = false

    func run() throws {
        if causality {
            try CausalityCheck.run(log.data.folder, log.run)
            return
        }
        let path = try log.path
        if child {
            print(LogVerifier.childReport(path).json)
            return
        }
        let report = try LogVerifier.verifyInChild(
            path, executable: "/proc/self/exe",
            arguments: Array(CommandLine.arguments.dropFirst()) + ["--child"])
        print(json ? report.json : report.sentence(path: path))
        if let code = report.unchecked { throw ExitCode(ExitStatus.system(code).rawValue) }
        if !report.isSound { throw ExitCode(65) }
    }
}
