import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Market
import Pipeline

/// What must hold of any live run at its end.
enum ProofAudit {
    /// Decided again from its own timeline it is the same to the byte, and nothing was known at
    /// another time than its source says.
    static func decideAgain(_ run: OpenedRun, _ configuration: LoopConfiguration) throws {
        let again = try Reproduction.check(run, trainer: nil)
        guard again.isReproduced else {
            throw ProofFailure(
                "decided again it differs at r\(again.position ?? 0): \(again.finding ?? "")")
        }
        let causality = try Causality.check(
            run.merged, timeline: run.timeline, configuration: configuration, calendar: .xnys)
        guard causality.isSound else {
            throw ProofFailure("causality: \(causality.findings.prefix(5))")
        }
        print("decided again it is the same to the byte: \(again.equal) events")
        print("nothing was known too early or too late")
    }
}

/// What a proof tells while it runs and at its end.
enum ProofText {
    /// A line that is written over, on a terminal.
    static func progress(_ run: ProofRun) {
        guard isatty(2) == 1 else { return }
        FileHandle.standardError.write(
            Data("\r\(run.now) \(run.kills) kills, \(run.steps) steps\u{1B}[K".utf8))
    }

    /// Counts, and how much memory and how many files the daemons had.
    static func end(_ run: ProofRun) {
        if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        print("\(run.kills) kills, \(run.starts) starts, \(run.steps) steps of the clock")
        let tenth = max(1, run.footprints.count / 10)
        func middle(_ part: some Collection<(kibibytes: Int, files: Int)>) -> String {
            let sizes = part.map(\.kibibytes).filter { $0 > 0 }.sorted()
            let files = part.map(\.files).filter { $0 > 0 }.sorted()
            guard !sizes.isEmpty, !files.isEmpty else { return "?" }
            return "\(sizes[sizes.count / 2] / 1_024) MiB, \(files[files.count / 2]) files"
        }
        print(
            "memory and open files of the daemon: at first \(middle(run.footprints.prefix(tenth))), "
                + "at last \(middle(run.footprints.suffix(tenth)))")
    }
}
