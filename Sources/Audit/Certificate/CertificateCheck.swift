public import EventLog
import Events
import FeedbackLoop
import Foundation
public import Learning
import Pipeline

/// Replays a bundle: derives, decides again, compares the seals.
public struct CertificateCheck {
    /// One step and what came of it.
    public struct Finding: Sendable {
        /// The step.
        public let name: String
        /// Whether it holds.
        public let holds: Bool
        /// A sentence.
        public let text: String
    }

    private let bundle: String
    private let certificate: Certificate
    private let scratch: DataFolder
    /// What was found, in order; it ends with the first step that does not hold.
    public private(set) var findings: [Finding] = []

    /// Whether everything holds.
    public var holds: Bool { findings.allSatisfy(\.holds) }

    /// Replays a bundle in a folder of its own, which is gone again afterwards.
    ///
    /// - Parameters:
    ///   - facts: a folder with the facts, for a bundle that has none.
    ///   - trainer: the trainer over a copy of the bundle's folder of models.
    /// - Throws: `CertificateError`, and what the system refuses; a difference is a finding.
    public init(
        _ bundle: String, facts: DataFolder?, trainer: (_ models: String) -> any Trainer,
        tell: (String) -> Void = { _ in }
    ) throws {
        self.bundle = bundle
        certificate = try Certificate.read(bundle)
        scratch = DataFolder(
            NSTemporaryDirectory() + "recount-certify-\(getpid())-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: scratch.path) }
        try FileManager.default.createDirectory(
            atPath: scratch.path, withIntermediateDirectories: true)
        do {
            tell("reading the run")
            let run = try buildRun()
            tell("deriving the timeline")
            guard let run, let timeline = try derive(facts) else { return }
            tell("deciding again")
            try FileManager.default.copyItem(
                atPath: "\(bundle)/models", toPath: "\(scratch.path)/models")
            try decide(run, timeline, trainer("\(scratch.path)/models"))
        } catch let error as BackupError {
            add("bundle", false, "\(error)")
        }
    }

    private mutating func add(_ name: String, _ holds: Bool, _ text: String) {
        findings.append(Finding(name: name, holds: holds, text: text))
    }

    /// The run's log as the bundle has it; nil when it is not the one that is certified.
    private mutating func buildRun() throws -> EventLog? {
        let path = "\(scratch.path)/runs/certified"
        let head = try LogCopy("\(bundle)/run").build(at: path)
        let isIt = head.seal == certificate.decisions.seal
        add(
            "run", isIt,
            isIt
                ? "\(head.position) events, every checksum and seal right"
                : "its log ends with the seal \(head.seal), not with the certificate's "
                    + "\(certificate.decisions.seal)")
        return isIt ? try EventLog.open(at: path) : nil
    }

    /// The timeline, derived from the facts; nil when it is another.
    private mutating func derive(_ facts: DataFolder?) throws -> EventLog? {
        let log: EventLog
        if certificate.hasFacts, facts == nil {
            let head = try LogCopy("\(bundle)/facts").build(at: scratch.log)
            guard head.seal == certificate.facts.seal else {
                add(
                    "facts", false,
                    "they end with the seal \(head.seal), not with the certificate's")
                return nil
            }
            log = try EventLog.open(at: scratch.log)
        } else {
            guard let facts else { throw CertificateError.factsMissing }
            log = try EventLog.open(at: facts.log)
        }
        let count = try log.head().position
        add(
            "facts", true, "\(count) events of \(log.path == scratch.log ? "the bundle" : log.path)"
        )
        let derived = try Timeline.ensure(scratch, log: log)
        let isIt = derived.head.seal == certificate.timeline.seal
        add(
            "timeline", isIt,
            isIt
                ? "derived from them: the seal \(derived.head.seal)"
                : "derived from them: the seal \(derived.head.seal), not "
                    + "\(certificate.timeline.seal): the facts are others than those that the run "
                    + "read; certificate.json says what to ingest, and nothing more may be there")
        return isIt ? try EventLog.open(at: derived.path) : nil
    }

    /// Makes the run again and compares its seal; where it differs, says at which event.
    private mutating func decide(
        _ run: EventLog, _ timeline: EventLog, _ trainer: any Trainer
    ) throws {
        let origin = try RunOrigin.read(run)
        let path = "\(scratch.path)/runs/again"
        func make(_ strategy: some Strategy) throws -> (digest: Digest, seal: Digest) {
            let result = try Run.make(
                strategy, timeline: timeline, at: path, window: origin.window, trainer: trainer)
            return (Run.digest(of: strategy), result.head.seal)
        }
        let (digest, seal) =
            switch origin.strategy {
            case .loop(let loop): try make(loop)
            case .follow(let follow): try make(follow)
            }
        guard digest == certificate.strategyDigest else {
            return add("decisions", false, "the run's configuration is not the certificate's")
        }
        guard seal != certificate.decisions.seal else {
            return add(
                "decisions", true,
                "\(certificate.decisions.position) events decided again: the seal \(seal)")
        }
        let report = try Reproduction.check(
            OpenedRun(
                name: certificate.run, log: run, timeline: timeline, manifest: nil,
                merged: MergedLog(run, over: timeline)), trainer: trainer)
        add(
            "decisions", false,
            "decided again: the seal \(seal), not \(certificate.decisions.seal); "
                + (report.position.map { "r\($0) \(report.finding ?? "differs") first" }
                    ?? "the events are equal, and lie in other commits"))
    }
}
