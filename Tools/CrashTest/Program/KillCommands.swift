import EventLog
import Events
import Foundation
import Pipeline
import TestKit

/// Kills what a person runs: an import of an export, a comparison, a sweep, a promotion. Run again
/// to its end each succeeds, every log is sound, and nothing is left over.
struct KillCommands {
    let folder: String
    let recount: String

    /// A command that is killed, how its end is told, and what it leaves that must be equal.
    private struct Subject {
        let name: String
        let arguments: [String]
        /// Prepares a data folder for one round; the folder of `base` is copied for each.
        let isOnCopy: Bool
        /// Statuses that a run to the end may have, when an earlier one had come as far.
        let statuses: [Int32]
    }

    private let base: String
    private let export: String
    private let model: String

    private static let killsOfAFolder = 3

    init(folder: String, recount: String, facts: SyntheticFacts) throws {
        (self.folder, self.recount) = (folder, recount)
        base = "\(folder)/base"
        export = "\(folder)/one.jsonl"
        for arguments in facts.imports {
            try Child.run(recount, arguments + ["--data", base])
        }
        let predictions = "\(folder)/mine.csv"
        try Data(
            """
            ticker,decided_at,p_win,p_loss,p_breakeven,trained_through
            TA0,2020-06-01,0.6,0.3,0.1,2020-03-02

            """.utf8
        ).write(to: URL(fileURLWithPath: predictions))
        try Child.run(
            recount,
            ["predictions", "import", predictions, "--model", "mine", "--backfill", "--data", base])
        try Child.run(
            recount,
            [
                "backtest", "--strategy", "baseline", "--set", "train=true", "--run", "one",
                "--data", base,
            ])
        let text = try Child.run(recount, ["export", "--data", base, "--run", "one"]).output
        try Data(text.utf8).write(to: URL(fileURLWithPath: export))
        let models = try Child.run(
            recount, ["models", "list", "--json", "--data", base, "--run", "one"]
        ).output
        guard let mark = models.range(of: "\"id\":\"t"),
            let end = models[mark.upperBound...].firstIndex(of: "\"")
        else { throw CrashTestError("no imported model is listed: \(models.prefix(400))") }
        model = "t" + models[mark.upperBound..<end]
    }

    private var subjects: [Subject] {
        [
            Subject(
                name: "import", arguments: ["import", export, "--run", "one"], isOnCopy: false,
                statuses: [0, 73]),
            Subject(
                name: "compare",
                arguments: ["compare", "baseline", "disclosure-follow", "--plain"],
                isOnCopy: true, statuses: [0]),
            Subject(
                name: "sweep",
                arguments: [
                    "sweep", "disclosure-follow", "--set", "min_confidence=0", "--vary",
                    "stop=0.05,0.1,0.2",
                ], isOnCopy: true, statuses: [0]),
            Subject(
                name: "models promote",
                arguments: ["models", "promote", model, "--run", "one", "--reason", "it is right"],
                isOnCopy: true, statuses: [0]),
        ]
    }

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        let subjects = subjects
        var kills = 0
        var counts = [Int](repeating: 0, count: subjects.count)
        var place = 0
        while kills < rounds {
            let subject = subjects[place % subjects.count]
            let data = "\(folder)/data-\(place)"
            if subject.isOnCopy { try FileManager.default.copyItem(atPath: base, toPath: data) }
            let arguments = subject.arguments + ["--data", data]
            var window = 0.3
            for _ in 0..<KillCommands.killsOfAFolder where kills < rounds {
                let child = try Child(recount, arguments)
                usleep(UInt32(Double.random(in: 0...window, using: &random) * 1e6))
                child.kill()
                switch child.finish().end {
                case .signal(SIGKILL):
                    kills += 1
                    counts[place % subjects.count] += 1
                case .exit(let code) where subject.statuses.contains(code): window *= 0.6
                case let end: findings.append("\(subject.name), kill \(kills): \(end)")
                }
            }
            let result = try Child(recount, arguments).finish()
            if case .exit(let code) = result.end, subject.statuses.contains(code) {
            } else {
                findings.append("\(subject.name), to its end: \(result.end): \(result.errors)")
            }
            findings += try objections(data, subject.name)
            try FileManager.default.removeItem(atPath: data)
            place += 1
        }
        tell(
            "commands: \(kills) kills ("
                + zip(subjects, counts).map { "\($0.name) \($1)" }.joined(separator: ", ")
                + "), each run to its end; \(findings.count) findings")
        return findings
    }

    /// What is wrong with a folder after a command has come to its end.
    private func objections(_ data: String, _ name: String) throws -> [String] {
        var findings: [String] = []
        let files = FileManager.default.enumerator(atPath: data)
        while let file = files?.nextObject() as? String {
            let last = FilePath.name(file)
            if last.hasPrefix(".building-") || last.hasPrefix(".writing-") {
                findings.append("\(name): \(file) is left over")
            }
            guard last == "data.mdb" else { continue }
            let log = "\(data)/\(FilePath.parent(file))"
            let state = try KillWriters.examine(log, appendingWith: nil)
            if state.kind == .damaged { findings.append("\(name): \(log): \(state.remark)") }
        }
        if name == "models promote" {
            let events = try Child.run(
                recount, ["events", "--type", "ModelPromoted", "--json", "--data", data]
            ).output.split(separator: "\n").count
            if events != 1 { findings.append("\(name): \(events) promotions, not one") }
        }
        return findings
    }
}
