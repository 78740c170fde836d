import EventLog
import Foundation
import TestKit

/// Kills backups, restores, rebuilds, the switch from one generation to the next, and the
/// supervisor with all that it started. Run again to its end each gives what an undisturbed one
/// gives, and leaves nothing over.
struct KillAudit {
    let folder: String
    let recount: String
    private let data: String
    private let digests: String
    private let seals: [String]

    /// What is killed.
    private enum Subject: String, CaseIterable {
        case backup, restore, rebuild, `switch`, up
    }

    private static let run = "one"
    private static let killsOfAFolder = 4
    /// Statuses of a command that is in the way of what a killed one left, for a moment.
    private static let later: Int32 = 75

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        (self.folder, self.recount) = (folder, recount)
        data = "\(folder)/data"
        for arguments in facts.imports { try Child.run(recount, arguments + ["--data", data]) }
        try Child.run(
            recount,
            [
                "backtest", "--strategy", "baseline", "--set", "train=true", "--run",
                KillAudit.run, "--data", data,
            ])
        digests = try KillProjectors.project(recount, data, run: KillAudit.run, []).digests
        seals = try KillAudit.seals(recount, data)
        try Child.run(recount, ["backup", "--data", data, "--to", "\(folder)/whole"])
    }

    /// The seals of a folder's data log and run.
    private static func seals(_ recount: String, _ data: String) throws -> [String] {
        try [[], ["--run", run]].map {
            try Child.run(recount, ["seal", "--data", data] + $0).lastLine
        }
    }

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        var counts: [Subject: Int] = [:]
        var (kills, place) = (0, 0)
        while kills < rounds {
            let subject = Subject.allCases[place % Subject.allCases.count]
            place += 1
            let wanted = min(KillAudit.killsOfAFolder, rounds - kills)
            let (killed, found) = try disturb(subject, "\(folder)/round", wanted, &random)
            kills += killed
            counts[subject, default: 0] += killed
            findings += found.map { "\(subject.rawValue), kill \(kills): \($0)" }
            for name in ["round", "round.again", "round.restoring"] {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        }
        let each = Subject.allCases.map { "\($0.rawValue) \(counts[$0] ?? 0)" }
        tell(
            "audit: \(kills) kills (\(each.joined(separator: ", "))), each run to its end, seals and "
                + "digests as undisturbed; \(findings.count) findings")
        return findings
    }

    /// Kills one subject some times, lets it come to its end, and says what is wrong then.
    private func disturb(
        _ subject: Subject, _ place: String, _ wanted: Int, _ random: inout SeededGenerator
    ) throws -> (kills: Int, findings: [String]) {
        switch subject {
        case .backup:
            let arguments = ["backup", "--data", data, "--to", place]
            let killed = try kill(arguments, wanted, within: 0.25, &random)
            let end = try ended(arguments)
            let restored = try ended(["restore", "--from", place, "--data", place + ".again"])
            return (
                killed, try end + restored + objections(place) + objections(logs: place + ".again")
            )
        case .restore:
            let arguments = ["restore", "--from", "\(folder)/whole", "--data", place]
            let killed = try kill(arguments, wanted, within: 0.25, statuses: [0, 73], &random)
            let end =
                FileManager.default.fileExists(atPath: place) ? [] : try ended(arguments)
            return (killed, try end + objections(place) + objections(logs: place))
        case .rebuild, .switch:
            try FileManager.default.copyItem(atPath: data, toPath: place)
            let name = subject == .rebuild ? "all" : "disclosures"
            let arguments = [
                "project", name, "--rebuild", "--run", KillAudit.run, "--data", place,
            ]
            let killed = try kill(
                arguments, wanted, within: subject == .rebuild ? 2 : 0.5, &random)
            if subject == .switch {
                // As often as not there is a generation to go back to; killed or not.
                _ = try kill(
                    ["project", name, "--rollback", "--run", KillAudit.run, "--data", place], 1,
                    within: 0.05, statuses: [0, 66, 75], &random)
            }
            return (killed, try projected(place))
        case .up:
            try FileManager.default.copyItem(atPath: data, toPath: place)
            try FileManager.default.removeItem(atPath: "\(place)/views")
            let arguments = ["up", "--run", KillAudit.run, "--data", place]
            let killed = try kill(arguments, wanted, within: 1.5, &random)
            return (killed, try projected(place))
        }
    }

    /// Starts a command and kills it, at moments of a window; gives how often it was not faster.
    private func kill(
        _ arguments: [String], _ wanted: Int, within seconds: Double,
        statuses: [Int32] = [0, 75],
        _ random: inout SeededGenerator
    ) throws -> Int {
        var (killed, window) = (0, seconds)
        for _ in 0..<wanted {
            let child = try Child(recount, arguments)
            usleep(UInt32(Double.random(in: 0...window, using: &random) * 1e6))
            child.kill()
            let result = child.finish()
            switch result.end {
            case .signal(SIGKILL): killed += 1
            case .exit(let code) where statuses.contains(code): window *= 0.7
            case let end:
                throw CrashTestError(
                    "\(arguments.joined(separator: " ")): \(end): \(result.errors)")
            }
        }
        return killed
    }

    /// Runs a command to its end, once what was killed has let go of its locks.
    private func ended(_ arguments: [String]) throws -> [String] {
        for _ in 0..<200 {
            let result = try Child(recount, arguments).finish()
            if result.end == .exit(0) { return [] }
            guard result.end == .exit(KillAudit.later) else {
                return ["to its end: \(result.end): \(result.errors)"]
            }
            usleep(50_000)
        }
        return ["its lock is held by nobody who is known"]
    }

    /// Projects to the end: digests as undisturbed, the link on a whole file, one generation
    /// before.
    private func projected(_ data: String) throws -> [String] {
        let arguments = ["project", "all", "--check", "--run", KillAudit.run, "--data", data]
        var findings = try ended(arguments)
        let found = try KillProjectors.project(recount, data, run: KillAudit.run, []).digests
        if found != digests { findings.append("other digests: \(found)") }
        let views = "\(data)/views/\(KillAudit.run)"
        let names = try FileManager.default.contentsOfDirectory(atPath: views)
        if let link = names.first(where: { $0.hasSuffix(".link") }) {
            findings.append("\(link) is left over")
        }
        for (name, files) in Dictionary(
            grouping: names.filter {
                $0.hasSuffix(".sqlite") && $0.split(separator: ".").count == 3
            }, by: { $0.prefix { $0 != "." } }
        ).sorted(by: { $0.key < $1.key }) where files.count > 2 {
            findings.append("\(name) has \(files.count) generations: \(files.sorted())")
        }
        return findings + objections(data)
    }

    /// What is left over below a folder.
    private func objections(_ place: String) -> [String] {
        var findings: [String] = []
        let files = FileManager.default.enumerator(atPath: place)
        while let file = files?.nextObject() as? String {
            let last = FilePath.name(file)
            if last.hasPrefix(".building-") || last.hasPrefix(".writing-") || last == ".restoring" {
                findings.append("\(file) is left over")
            }
        }
        if FileManager.default.fileExists(atPath: "\(place).restoring") {
            findings.append("\(FilePath.name(place)).restoring is left over")
        }
        return findings
    }

    /// What is wrong with a folder's seals.
    private func objections(logs place: String) throws -> [String] {
        let found = try KillAudit.seals(recount, place)
        return found == seals ? [] : ["other seals: \(found)"]
    }
}
