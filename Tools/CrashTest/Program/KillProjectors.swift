import Foundation
import TestKit

/// Kills projectors: once they have caught up, their digests are those of rows made anew.
struct KillProjectors {
    let folder: String
    let recount: String
    private let duration: Double
    /// Digests by projection of undisturbed projectors.
    private let digests: String

    private static let killsOfAFolder = 6
    private static let run = "killed"

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        self.folder = folder
        self.recount = recount
        for arguments in facts.imports {
            try Child.run(recount, arguments + ["--data", folder])
        }
        try Child.run(recount, ["backtest", "--data", folder, "--run", KillProjectors.run])
        let began = Date()
        digests = try KillProjectors.project(
            recount, folder, run: KillProjectors.run, ["--rebuild"])
        duration = Date().timeIntervalSince(began)
    }

    /// Brings all projections of a run up to its head; gives their names, positions and digests.
    static func project(
        _ recount: String, _ folder: String, run: String, _ more: [String]
    ) throws -> String {
        let arguments =
            ["project", "all", "--data", folder, "--run", run, "--json", "--check"] + more
        let lines = try Child.run(recount, arguments).output.split(separator: "\n")
        guard !lines.isEmpty else { throw CrashTestError("recount project prints nothing") }
        return try lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let object, let name = object["projection"], let digest = object["digest"],
                let position = object["position"]
            else { throw CrashTestError("recount project prints \(line)") }
            return "\(name) \(position) \(digest)"
        }.sorted().joined(separator: "\n")
    }

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        var kills = 0
        let views = "\(folder)/views"
        while kills < rounds {
            try FileManager.default.removeItem(atPath: views)
            var done = 0
            while done < KillProjectors.killsOfAFolder, kills < rounds {
                let child = try Child(
                    recount,
                    [
                        "project", "all", "--follow", "--data", folder, "--run",
                        KillProjectors.run,
                    ])
                usleep(UInt32(Double.random(in: 0...duration * 0.8, using: &random) * 1e6))
                child.kill()
                let result = child.finish()
                guard result.end == .signal(SIGKILL) else {
                    throw CrashTestError("a follower ended: \(result.end): \(result.errors)")
                }
                kills += 1
                done += 1
            }
            let found = try KillProjectors.project(
                recount, folder, run: KillProjectors.run, [])
            if found != digests {
                findings.append("projectors, kill \(kills): other digests: \(found)")
            }
        }
        tell("projectors: \(kills) kills, digests as undisturbed; \(findings.count) findings")
        return findings
    }
}
