import ArgumentParser
import EventLog
import Events
import Foundation

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
            let report = try LogVerifier.verify(path)
            print(report.json)
            throw report.isSound ? ExitCode.success : ExitCode(65)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = Array(CommandLine.arguments.dropFirst()) + ["--child"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard process.terminationReason == .exit else {
            print(
                json
                    ? "{\"sound\":false,\"finding\":\"the file has a page that cannot be read\"}"
                    : "\(path): DAMAGED: the file has a page that cannot be read (signal "
                        + "\(process.terminationStatus)); restore from a backup")
            throw ExitCode(65)
        }
        print(json ? text : try LogVerifier.sentence(text, path: path))
        if process.terminationStatus != 0 { throw ExitCode(process.terminationStatus) }
    }
}
