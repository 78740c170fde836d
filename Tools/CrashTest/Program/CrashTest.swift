import ArgumentParser
import Foundation
import TestKit

/// `crash-test`: kills, power losses and failing disks.
@main
struct CrashTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-test",
        abstract: "Kill the log's processes, take their power away, let their disk fail.",
        discussion: """
            Tools/crash-test builds what is needed and runs all three.

            Example: Tools/crash-test --rounds 1000 --seed 7
            """,
        subcommands: [
            KillCommand.self, PowerCommand.self, FaultCommand.self, WriterCommand.self,
            BuilderCommand.self, ExamineCommand.self, SealCommand.self,
        ])
}

/// What every part needs.
struct CrashOptions: ParsableArguments {
    @Option(name: .long, help: "Decides every moment and choice; a new one each run.")
    var seed: UInt64 = .random(in: 0..<1_000_000)
    @Option(name: .long, help: "Rows of the file of filings that is imported.")
    var filings = 24_000

    /// This program, for its children.
    static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path

    /// Prints what can be told of a finding, and ends.
    static func report(_ findings: [String], seed: UInt64) throws {
        for finding in findings { tell("FINDING: \(finding)") }
        if !findings.isEmpty {
            tell("\(findings.count) findings; seed \(seed)")
            throw ExitCode(1)
        }
    }
}

/// A line on standard output, at once: tests are long.
func tell(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
