import ArgumentParser
import Foundation
import TestKit

/// Losses of power.
struct PowerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "power",
        abstract: "Cut the power after every write and flush, and open what is left.",
        discussion: """
            The writes and flushes of a writer, and of a builder of whole logs, are recorded. For \
            each moment the disk is made as it may have been, opened, verified and appended to. Then \
            the same with the flushes taken out, where losses must be found.

            Example: crash-test power --shim crash-shim.so --subsets 20
            """)

    @OptionGroup var options: CrashOptions
    @Option(name: .long, help: "The shim, as Tools/crash-test builds it.") var shim: String
    @Option(name: .long, help: "Batches that the writer appends.") var batches = 60
    @Option(name: .long, help: "Random losses at each flush.") var subsets = 6

    func run() throws {
        let folder = TemporaryFolder()
        var findings: [String] = []
        let workloads: [PowerWorkload] = [
            .writer(batches: batches, threads: 1), .writer(batches: batches / 3, threads: 3),
            .builder(events: 400),
        ]
        for workload in workloads {
            let run = PowerLoss(
                folder: folder.path, shim: shim, seed: options.seed, subsets: subsets,
                workload: workload)
            let sound = try run.check(isFlushed: true)
            tell("\(workload.name): \(sound.summary)")
            findings += sound.findings
            let mutant = try run.check(isFlushed: false)
            tell("\(workload.name) without its flushes: \(mutant.summary)")
            if mutant.findings.isEmpty {
                findings.append("\(workload.name): flushes taken out are not noticed")
            }
        }
        try CrashOptions.report(findings, seed: options.seed)
    }
}

/// A process whose power is cut.
enum PowerWorkload {
    /// Each thread appends so many batches; those that wait together share a flush.
    case writer(batches: Int, threads: Int)
    case builder(events: UInt64)

    var name: String {
        switch self {
        case .writer(_, 1): "writer"
        case .writer(_, let threads): "writer of \(threads) threads"
        case .builder: "builder"
        }
    }

    func arguments(log: String, seed: UInt64, acknowledge: String) -> [String] {
        switch self {
        case .writer(let batches, let threads):
            [
                "writer", log, "--seed", "\(seed)", "--batches", "\(batches)", "--threads",
                "\(threads)", "--acknowledge", acknowledge,
            ]
        case .builder(let events):
            [
                "builder", log, "--seed", "\(seed)", "--events", "\(events)", "--acknowledge",
                acknowledge,
            ]
        }
    }
}
