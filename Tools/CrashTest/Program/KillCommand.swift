import ArgumentParser
import Foundation
import TestKit

/// `kill -9` at random moments.
struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Kill writers, imports, projectors, comparisons, backups at random moments.",
        discussion: "Example: crash-test kill --rounds 1000 --recount .build/release/recount")

    @OptionGroup var options: CrashOptions
    @Option(
        name: .long,
        help: "Kills in total: a fifth each of writers, imports, projectors, commands, audit.")
    var rounds = 40
    @Option(name: .long, help: "One fifth alone: \(Part.allCases.map(\.rawValue)).")
    var only: Part?
    @Option(name: .long, help: "The program recount.") var recount: String

    /// What is killed.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        case writers, imports, projectors, commands, audit
    }

    func run() throws {
        var random = SeededGenerator(seed: options.seed)
        let folder = TemporaryFolder()
        var findings: [String] = []
        let facts = try SyntheticFacts(
            folder: folder.path + "/facts", seed: options.seed, filings: options.filings)
        for part in Part.allCases where only == nil || only == part {
            findings += try kill(
                part, folder.path + "/\(part)", rounds: only == nil ? rounds / 5 : rounds, facts,
                &random)
        }
        try CrashOptions.report(findings, seed: options.seed)
    }

    private func kill(
        _ part: Part, _ folder: String, rounds: Int, _ facts: SyntheticFacts,
        _ random: inout SeededGenerator
    ) throws -> [String] {
        switch part {
        case .writers:
            try KillWriters(folder: folder, seed: options.seed).run(rounds: rounds, &random)
        case .imports:
            try KillImports(folder: folder, recount: recount, facts: facts)
                .run(rounds: rounds, &random)
        case .projectors:
            try KillProjectors(folder: folder, recount: recount, facts: facts)
                .run(rounds: rounds, &random)
        case .commands:
            try KillCommands(folder: folder, recount: recount, facts: facts)
                .run(rounds: rounds, &random)
        case .audit:
            try KillAudit(folder: folder, recount: recount, facts: facts)
                .run(rounds: rounds, &random)
        }
    }
}

/// Kills writers of one log: nothing acknowledged is lost, nothing is half there.
struct KillWriters {
    let folder: String
    let seed: UInt64

    /// Kills of one log before the next is begun, so that the making of a log is met too.
    private static let killsOfALog = 12

    func run(rounds: Int, _ random: inout SeededGenerator) throws -> [String] {
        var findings: [String] = []
        var (acknowledged, inCreation): (UInt64, Int) = (0, 0)
        var expected = ExpectedLog(seed: seed)
        var floor: UInt64 = 0
        var log = ""
        for round in 0..<rounds {
            if round % KillWriters.killsOfALog == 0 {
                try? FileManager.default.removeItem(atPath: folder)
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
                expected = ExpectedLog(seed: seed &+ UInt64(round))
                log = "\(folder)/log-\(round)"
                floor = 0
            }
            let acknowledgedHead = try kill(log, expected.seed, threads: 1 + round % 3, &random)
            acknowledged += acknowledgedHead > floor ? acknowledgedHead - floor : 0
            floor = max(floor, acknowledgedHead)
            let state = try KillWriters.examine(log, appendingWith: expected.seed)
            if state.kind == .absent || state.position == 0 { inCreation += 1 }
            if let objection = try state.objection(acknowledged: floor, expected: expected) {
                findings.append("writer, round \(round): \(objection)")
                floor = 0
                try? FileManager.default.removeItem(atPath: log)
            } else {
                floor = max(floor, state.nextPosition)
            }
        }
        tell(
            "writers: \(rounds) kills, \(acknowledged) events acknowledged before one, "
                + "\(inCreation) kills before the first event; \(findings.count) findings")
        return findings
    }

    /// Starts a writer, kills it, and gives the highest position that it acknowledged.
    private func kill(
        _ log: String, _ seed: UInt64, threads: Int, _ random: inout SeededGenerator
    ) throws -> UInt64 {
        let child = try Child(
            CrashOptions.program,
            [
                "writer", log, "--seed", "\(seed)", "--batches", "1000000", "--threads",
                "\(threads)",
            ])
        usleep(UInt32.random(in: 0...120_000, using: &random))
        child.kill()
        let result = child.finish()
        guard result.end == .signal(SIGKILL) else {
            throw CrashTestError("the writer ended by itself: \(result.end): \(result.errors)")
        }
        // The last line may be cut off; those before it are whole.
        return result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .compactMap { UInt64($0) }.max() ?? 0
    }

    /// What a child finds in a log.
    static func examine(_ log: String, appendingWith seed: UInt64?) throws -> LogState {
        let result = try Child(
            CrashOptions.program, ["examine", log] + (seed.map { ["--seed", "\($0)"] } ?? [])
        ).finish()
        guard result.end == .exit(0), let state = LogState(line: result.lastLine) else {
            return LogState(line: "damaged|0||0||opening it ends with \(result.end)")!
        }
        return state
    }
}
