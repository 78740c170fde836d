import Foundation
import TestKit

/// Kills projectors: once they have caught up, their digests are those of rows made anew.
struct KillProjectors {
    let folder: String
    let recount: String
    private let facts: SyntheticFacts
    private let duration: Double
    /// Digests by projection of undisturbed projectors.
    private let digests: String

    private static let killsOfAFolder = 6
    private static let run = "killed"

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        self.folder = folder
        self.recount = recount
        self.facts = facts
        for arguments in facts.imports {
            try Child.run(recount, arguments + ["--data", folder])
        }
        try Child.run(recount, ["backtest", "--data", folder, "--run", KillProjectors.run])
        var (projected, shortest) = (Projected(digests: "", resumed: 0), Double.infinity)
        for _ in 0..<3 {
            let began = Date()
            projected = try KillProjectors.project(
                recount, folder, run: KillProjectors.run, ["--rebuild"])
            shortest = min(shortest, Date().timeIntervalSince(began))
        }
        (digests, duration) = (projected.digests, shortest)
    }

    /// What projections came to.
    struct Projected {
        /// Names, positions and digests, a line each.
        var digests: String
        /// Projections that went on from where a killed process had left them, not at the end.
        var resumed: Int
    }

    /// Brings all projections of a run, or of the data log, up to its head.
    static func project(
        _ recount: String, _ folder: String, run: String?, _ more: [String]
    ) throws -> Projected {
        let view = run.map { ["--run", $0] } ?? []
        let arguments = ["project", "all", "--data", folder, "--json", "--check"] + view + more
        let lines = try Child.run(recount, arguments).output.split(separator: "\n")
        guard !lines.isEmpty else { throw CrashTestError("recount project prints nothing") }
        var projected = Projected(digests: "", resumed: 0)
        for line in lines.sorted() {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let object, let name = object["projection"], let digest = object["digest"],
                let position = object["position"], let events = object["events"] as? Int,
                let isRebuilt = object["rebuilt"] as? Bool
            else { throw CrashTestError("recount project prints \(line)") }
            projected.digests += "\(name) \(position) \(digest)\n"
            projected.resumed += !isRebuilt && events > 0 ? 1 : 0
        }
        return projected
    }

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        var (kills, resumed) = (0, 0)
        while kills < rounds * 2 / 3 {
            try? FileManager.default.removeItem(atPath: "\(folder)/views")
            var done = 0
            while done < KillProjectors.killsOfAFolder, kills < rounds * 2 / 3 {
                try killFollower(folder, KillProjectors.run, &random)
                kills += 1
                done += 1
            }
            let found = try KillProjectors.project(
                recount, folder, run: KillProjectors.run, [])
            resumed += found.resumed
            if found.digests != digests {
                findings.append("projectors, kill \(kills): other digests: \(found.digests)")
            }
        }
        let fixed = kills
        while kills < rounds {
            kills += try killWhileItGrows(limit: rounds - kills, &findings, &resumed, &random)
        }
        tell(
            "projectors: \(fixed) kills over a run and \(kills - fixed) over a log that grows, "
                + "\(resumed) projections gone on with in the middle, digests as undisturbed; "
                + "\(findings.count) findings")
        return findings
    }

    /// Kills followers of a data log while imports write it; the digests in the end are those of
    /// rows made anew from the same log. Returns how many it killed.
    private func killWhileItGrows(
        limit: Int, _ findings: inout [String], _ resumed: inout Int,
        _ random: inout SeededGenerator
    ) throws -> Int {
        let data = "\(folder)/growing"
        try? FileManager.default.removeItem(atPath: data)
        var kills = 0
        for (index, arguments) in facts.imports.enumerated() {
            let importing = try Child(recount, arguments + ["--data", data])
            // The first import makes the log, without which there is nothing to follow.
            for _ in 0..<(index == 0 ? 0 : 2) where kills < limit {
                try killFollower(data, nil, &random)
                kills += 1
            }
            let result = importing.finish()
            guard result.end == .exit(0) else { throw CrashTestError("\(result)") }
        }
        let found = try KillProjectors.project(recount, data, run: nil, [])
        let anew = try KillProjectors.project(recount, data, run: nil, ["--rebuild"])
        resumed += found.resumed
        if found.digests != anew.digests {
            findings.append(
                "projectors of a log that grew: \(found.digests) are anew \(anew.digests)")
        }
        return kills
    }

    private func killFollower(_ data: String, _ run: String?, _ random: inout SeededGenerator)
        throws
    {
        let view = run.map { ["--run", $0] } ?? []
        let child = try Child(recount, ["project", "all", "--follow", "--data", data] + view)
        usleep(UInt32(Double.random(in: 0...duration * 0.8, using: &random) * 1e6))
        child.kill()
        let result = child.finish()
        guard result.end == .signal(SIGKILL) else {
            throw CrashTestError("a follower ended: \(result.end): \(result.errors)")
        }
    }
}
