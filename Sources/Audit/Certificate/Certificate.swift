import EventLog
public import Events
import Foundation

/// What a certificate says of a run: what it was made from, and the seals that replaying it gives.
public struct Certificate: Hashable, Sendable {
    /// Where a log ends.
    public struct End: Hashable, Sendable {
        /// Its last position.
        public var position: UInt64
        /// Its seal.
        public var seal: Digest
    }

    /// The run's name.
    public var run: String
    /// The run's log.
    public var decisions: End
    /// The timeline that it read.
    public var timeline: End
    /// The facts of the data log that give that timeline; their seal is this data log's alone,
    /// since it depends on the order of ingest.
    public var facts: End
    /// Whether the facts are in the bundle.
    public var hasFacts: Bool
    /// The strategy's name.
    public var strategy: String
    /// The SHA-256 of its canonical text, which is the run's first event.
    public var strategyDigest: Digest
    /// The program that made the bundle, and its commit.
    public var program: String
    /// Artefacts that the run names.
    public var models: [Digest]

    /// The newest format that this program knows.
    public static let format = 1
    static let name = "certificate.json"

    /// The file's text; `summary` is what the facts are, as a JSON array.
    func text(summary: String) -> String {
        var object = JSONObject()
        object.integer("format", Certificate.format)
        object.text("run", run)
        object.text("strategy", strategy)
        object.text("strategy_digest", "\(strategyDigest)")
        object.text("program", program)
        for (name, end) in [("decisions", decisions), ("timeline", timeline), ("facts", facts)] {
            var log = JSONObject()
            log.integer("position", end.position)
            log.text("seal", "\(end.seal)")
            object.json(name, log.text)
        }
        object.boolean("has_facts", hasFacts)
        object.json("models", JSONObject.list(models.map { JSONText.quoted("\($0)") }))
        object.json("ingest", summary)
        return object.text + "\n"
    }

    /// Reads the file of a bundle.
    ///
    /// - Throws: `CertificateError.notABundle`.
    public static func read(_ bundle: String) throws -> Certificate {
        let path = "\(bundle)/\(name)"
        func refusal(_ what: String) -> CertificateError { .notABundle(path: path, what: what) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw refusal("is not there")
        }
        guard let fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
            let format = (fields["format"] as? NSNumber)?.intValue
        else { throw refusal("is no certificate") }
        guard format == Certificate.format else {
            throw refusal("has format \(format); this program knows \(Certificate.format)")
        }
        func end(_ name: String) throws -> End {
            guard let log = fields[name] as? [String: Any],
                let position = (log["position"] as? NSNumber)?.uint64Value,
                let seal = (log["seal"] as? String).flatMap(Digest.init)
            else { throw refusal("does not say where the \(name) end") }
            return End(position: position, seal: seal)
        }
        guard let run = fields["run"] as? String, let strategy = fields["strategy"] as? String,
            let digest = (fields["strategy_digest"] as? String).flatMap(Digest.init),
            let program = fields["program"] as? String, let hasFacts = fields["has_facts"] as? Bool,
            let models = (fields["models"] as? [String])?.map({ Digest($0) }),
            !models.contains(nil)
        else { throw refusal("lacks what a certificate says") }
        return Certificate(
            run: run, decisions: try end("decisions"), timeline: try end("timeline"),
            facts: try end("facts"), hasFacts: hasFacts, strategy: strategy,
            strategyDigest: digest, program: program, models: models.compactMap { $0 })
    }
}

/// Why a run is not certified, or a bundle not checked.
public enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The folder is no bundle.
    case notABundle(path: String, what: String)
    /// A folder that is not written over.
    case exists(path: String)
    /// A fork shares events with another run.
    case fork(run: String, parent: String)
    /// No facts of the data log give the run's timeline.
    case noFacts(run: String)
    /// A bundle without facts is checked over those of a data folder.
    case factsMissing

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .notABundle(let path, let what):
            "\(path): \(what); name the folder that recount certify wrote"
        case .exists(let path): "\(path): is there already; name a folder that is not"
        case .fork(let run, let parent):
            "run \(run) is a fork of \(parent), whose events it shares; certify runs that are whole"
        case .noFacts(let run):
            "no commit of the data log gives the timeline of run \(run): recount verify --chain "
                + "says more"
        case .factsMissing:
            "the facts are not in this bundle: ingest what its certificate.json names and add "
                + "--data with that folder"
        }
    }
}
