public import EventLog
public import Events
import FeedbackLoop
import Foundation
import Pipeline

/// Makes bundles: everything that a third party needs to replay a run to the same seal.
///
///     BUNDLE/certificate.json   what replaying must come to, and what the facts are
///     BUNDLE/run, manifest.json the run's log in segments, as a backup has it
///     BUNDLE/facts              the data log up to the facts that it read
///     BUNDLE/models             the artefacts that it names, and which training gave each
///     BUNDLE/check, README.txt  one command, and what it does
public enum CertificateBundle {
    /// What goes in, beside the logs.
    public struct Contents: Sendable {
        /// Whether the facts do.
        public var hasFacts: Bool
        /// The folder of artefacts.
        public var models: String
        /// Files of the cache of trainings, for the artefacts that it is given.
        public var trainings: @Sendable ([Digest]) -> [String]

        /// Contents from their parts.
        public init(
            hasFacts: Bool, models: String, trainings: @escaping @Sendable ([Digest]) -> [String]
        ) {
            (self.hasFacts, self.models, self.trainings) = (hasFacts, models, trainings)
        }
    }

    /// Writes the bundle of a run; it is built beside and takes its place whole.
    ///
    /// - Throws: `CertificateError`, and what the logs and the system refuse.
    public static func make(
        _ run: OpenedRun, of data: DataFolder, at bundle: String, _ contents: Contents,
        tell: (String) -> Void = { _ in }
    ) throws -> Certificate {
        let files = FileManager.default
        guard !files.fileExists(atPath: bundle) else {
            throw CertificateError.exists(path: bundle)
        }
        if let parent = run.manifest?.parent {
            throw CertificateError.fork(run: run.name, parent: parent.run)
        }
        tell("finding the facts of run \(run.name)")
        let facts = try EventLog.open(at: data.log)
        let timeline = try run.timeline.head()
        let end = try self.facts(facts, giving: timeline.seal, of: data, run.name)
        let building = "\(bundle).certifying"
        try? files.removeItem(atPath: building)
        try files.createDirectory(atPath: building, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: building) }
        tell("copying run \(run.name)")
        var copy = try LogCopy("\(building)/run")
        try copy.extend(from: run.log)
        let manifest = "\(run.log.path)/\(RunManifest.fileName)"
        if files.fileExists(atPath: manifest) {
            try files.copyItem(atPath: manifest, toPath: "\(building)/\(RunManifest.fileName)")
        }
        if contents.hasFacts {
            tell("copying the facts")
            var copy = try LogCopy("\(building)/facts")
            try copy.extend(from: facts, through: end.position)
        }
        let models = try copyModels(run, contents, to: "\(building)/models")
        let (decisions, origin) = (try run.log.head(), try Origin(run.log))
        let certificate = Certificate(
            run: run.name, decisions: .init(position: decisions.position, seal: decisions.seal),
            timeline: .init(position: timeline.position, seal: timeline.seal), facts: end,
            hasFacts: contents.hasFacts, strategy: origin.name, strategyDigest: origin.digest,
            program: "\(Program.name), commit \(Program.commit)", models: models)
        let summary = try FactSummary(facts, through: end.position).json
        try write(certificate.text(summary: summary), to: "\(building)/\(Certificate.name)")
        try write(readme(certificate), to: "\(building)/README.txt")
        try write(script(certificate), to: "\(building)/check")
        chmod("\(building)/check", 0o755)
        try files.moveItem(atPath: building, toPath: bundle)
        return certificate
    }

    /// The facts that gave a timeline: where the data log ended then.
    private static func facts(
        _ log: EventLog, giving seal: Digest, of data: DataFolder, _ run: String
    ) throws -> Certificate.End {
        for position in try Timeline.heads(log, giving: seal, in: data) {
            guard try Timeline.rederived(log, through: position) == seal,
                let commit = try log.commit(holding: position)
            else { continue }
            return .init(position: position, seal: commit.seal)
        }
        throw CertificateError.noFacts(run: run)
    }

    private static func copyModels(_ run: OpenedRun, _ contents: Contents, to folder: String) throws
        -> [Digest]
    {
        var named: [Digest] = []
        try run.log.read { record in
            guard try MessageHeader(record.message).templateID == ModelTrained.templateID else {
                return .proceed
            }
            let artefact = try ModelTrainedView(record.message).artefact
            if !named.contains(artefact) { named.append(artefact) }
            return .proceed
        }
        let files = FileManager.default
        try files.createDirectory(atPath: "\(folder)/cache", withIntermediateDirectories: true)
        for model in named {
            try files.copyItem(
                atPath: "\(contents.models)/\(model).ubj", toPath: "\(folder)/\(model).ubj")
        }
        for training in contents.trainings(named) {
            try files.copyItem(
                atPath: training, toPath: "\(folder)/cache/\(FilePath.name(training))")
        }
        return named
    }

    /// The configuration that a run records first.
    private struct Origin {
        var name = ""
        var digest = Digest.zero

        init(_ log: EventLog) throws {
            switch try RunOrigin.read(log).strategy {
            case .loop(let loop): (name, digest) = (loop.name, Run.digest(of: loop))
            case .follow(let follow): (name, digest) = (follow.name, Run.digest(of: follow))
            }
        }
    }

    private static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    private static func script(_ certificate: Certificate) -> String {
        let data = certificate.hasFacts ? "" : "# The facts are elsewhere: add --data FOLDER.\n"
        return """
            #!/bin/sh
            # Replays run \(certificate.run) and compares its seal.
            \(data)exec recount certify --check "$(dirname "$0")" "$@"

            """
    }

    private static func readme(_ certificate: Certificate) -> String {
        let facts =
            certificate.hasFacts
            ? "The facts lie in facts/."
            : "The facts may not be passed on. certificate.json says under `ingest` what they are:\n"
                + "counts, times and the digests of the imports. Ingest them into a folder of your\n"
                + "own, in any order, and name it: ./check --data FOLDER"
        return """
            A run of \(certificate.program), to be replayed.

                ./check

            derives the timeline from the facts, decides everything again under the configuration
            that the run recorded first, and compares the seals:

                timeline  \(certificate.timeline.position):\(certificate.timeline.seal)
                decisions \(certificate.decisions.position):\(certificate.decisions.seal)

            \(facts)

            Models are taken from models/ where equal rows are trained on; --retrain trains each
            again, which gives the same bytes where library and architecture are the same. That the
            facts are true, no replay can show.

            """
    }
}
