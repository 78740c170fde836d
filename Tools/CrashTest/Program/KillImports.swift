import ArgumentParser
import EventLog
import Foundation
import Pipeline
import TestKit

/// Kills imports: once they have run to their end, the facts are those of an undisturbed import.
struct KillImports {
    let folder: String
    let recount: String
    let facts: SyntheticFacts
    /// The seal of the timeline of an undisturbed import.
    let seal: String
    /// Seconds that the longest import takes.
    private let duration: Double

    /// Kills before an import may run to its end.
    private static let killsOfAFolder = 8

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        self.folder = folder
        self.recount = recount
        self.facts = facts
        var longest = 0.0
        for arguments in facts.imports {
            let began = Date()
            try Child.run(recount, arguments + ["--data", "\(folder)/undisturbed"])
            longest = max(longest, Date().timeIntervalSince(began))
        }
        duration = longest
        seal = try KillImports.seal("\(folder)/undisturbed")
    }

    /// The seal of the timeline that a data folder's facts give.
    static func seal(_ data: String) throws -> String {
        try Child.run(CrashOptions.program, ["seal", data]).lastLine
    }

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        var (kills, whole) = (0, 0)
        // Follows the machine's load, so that most kills come while the import works.
        var window = duration
        while kills < rounds {
            let data = "\(folder)/data-\(kills)"
            var done = 0
            while done < KillImports.killsOfAFolder, kills < rounds {
                // The longest import is killed most often; the others are killed and completed.
                let arguments = facts.imports[min(done, facts.imports.count - 1)]
                if try kill(arguments, data, within: window, &random) {
                    kills += 1
                    done += 1
                    window = min(window * 1.1, duration)
                } else {
                    window *= 0.8
                }
                if let objection = try objection(data) {
                    findings.append("import, kill \(kills): \(objection)")
                }
                if done < facts.imports.count {
                    try Child.run(recount, arguments + ["--data", data])
                }
            }
            for arguments in facts.imports { try Child.run(recount, arguments + ["--data", data]) }
            let found = try KillImports.seal(data)
            if found != seal { findings.append("import, kill \(kills): other facts: \(found)") }
            whole += 1
            try FileManager.default.removeItem(atPath: data)
        }
        tell(
            "imports: \(kills) kills, \(whole) imports run to their end with the same facts; "
                + "\(findings.count) findings")
        return findings
    }

    /// Whether the import was killed before it ended.
    private func kill(
        _ arguments: [String], _ data: String, within window: Double,
        _ random: inout SeededGenerator
    ) throws -> Bool {
        let child = try Child(recount, arguments + ["--data", data])
        usleep(UInt32(Double.random(in: 0...window, using: &random) * 1e6))
        child.kill()
        let result = child.finish()
        if case .exit(let code) = result.end, code != 0 {
            throw CrashTestError("\(arguments): \(result.end): \(result.errors)")
        }
        return result.end == .signal(SIGKILL)
    }

    private func objection(_ data: String) throws -> String? {
        let state = try KillWriters.examine("\(data)/log", appendingWith: nil)
        return state.kind == .damaged ? state.remark : nil
    }
}

/// Prints the seal of the timeline of a data folder.
struct SealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal", abstract: "Print a timeline's seal; a child of the tests.",
        shouldDisplay: false)

    @Argument var data: String

    func run() throws {
        let folder = DataFolder(data)
        print(try Timeline.ensure(folder, log: try EventLog.open(at: folder.log)).head.seal)
    }
}
