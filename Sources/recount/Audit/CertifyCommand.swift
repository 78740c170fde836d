import ArgumentParser
import Audit
import EventLog
import Events
import Foundation
import Learning
import XGBoost

/// `recount certify`
struct CertifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify",
        abstract:
            "Write a bundle of which a third party replays a run to the same seal, or check one.",
        discussion: """
            The bundle has the facts that the run read, its configuration, log and models, the \
            version of the program, and a script that checks it. Where facts may not be passed on, \
            --without-facts writes the seal of their timeline and what to ingest; the check then \
            takes a data folder in which that was done, in any order.

            Example: recount certify first --data DIR --to bundle --sign seal.key
                     recount certify --check bundle --retrain
            """)

    @Argument(help: "The run.") var name: String?
    @Option(name: .long, help: ArgumentHelp("The data folder.", valueName: "dir"))
    var data: String?
    @OptionGroup var quiet: QuietOption
    @Option(name: .long, help: ArgumentHelp("The bundle, a new folder.", valueName: "folder"))
    var to: String?
    @Flag(name: .long, help: "Leave the facts out, and say what they are.") var withoutFacts = false
    @Option(
        name: .long,
        help: ArgumentHelp("Put the run's signed seal into the bundle.", valueName: "key-file"))
    var sign: String?
    @Option(name: .long, help: ArgumentHelp("Check this bundle.", valueName: "folder"))
    var check: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --check: it must be signed by this key.", valueName: "public-key"))
    var key: String?
    @Flag(name: .long, help: "With --check: train every model again.") var retrain = false
    @Flag(name: .long, help: "One JSON object.") var json = false

    private static let sealName = "seal.txt"

    mutating func validate() throws {
        // A bundle with its facts is checked without a data folder, wherever one stands.
        if check == nil { data = data ?? FoundFolder.current?.path }
        guard (check == nil) != (name == nil && to == nil) else {
            throw ValidationError("name a run and --to, or --check")
        }
        if check == nil {
            guard let data else { throw DataOption.isMissing }
            guard let name, to?.isEmpty == false, !data.isEmpty else {
                throw ValidationError("a run, --data and --to are needed")
            }
            self.name = DataFolder(data).runName(name)
            guard key == nil, !retrain else {
                throw ValidationError("--key and --retrain go with --check")
            }
        } else if sign != nil || withoutFacts {
            throw ValidationError("--sign and --without-facts do not go with --check")
        }
    }

    func run() throws {
        var progress = Progress()
        defer { progress.clear() }
        if let check {
            try replay(check) { progress.show($0) }
        } else if let name, let data, let to {
            try make(name, DataFolder(data), to) { progress.show($0) }
        }
    }

    private func make(
        _ name: String, _ data: DataFolder, _ to: String, _ tell: (String) -> Void
    ) throws {
        try OutputFile.checkApart(to, data.path)
        let run = try data.openRun(name)
        let store = ModelStore("\(data.path)/models")
        // Before anything is written: a key that cannot be used is found out.
        let line = try sign.map {
            try SignedSeal(
                run.log.identity, try run.log.head(), at: wallClock(), by: try SealKey(at: $0))
        }
        let certificate = try CertificateBundle.make(
            run, of: data, at: to,
            .init(hasFacts: !withoutFacts, models: store.path) { store.trainings(giving: $0) },
            tell: tell)
        if let line {
            try OutputFile.write(
                "\(line)\n", to: "\(to)/\(Self.sealName)", option: "--to", data: nil)
        }
        let seal = "\(certificate.decisions.position):\(certificate.decisions.seal)"
        guard !json else {
            var object = JSONObject()
            object.text("bundle", to)
            object.text("run", name)
            object.text("seal", seal)
            object.text("timeline", "\(certificate.timeline.seal)")
            object.boolean("has_facts", certificate.hasFacts)
            object.integer("models", certificate.models.count)
            object.text("line", line?.description)
            return print(object.text)
        }
        print(
            "\(to): run \(name), \(certificate.models.count) models, "
                + (withoutFacts ? "without the facts" : "\(certificate.facts.position) facts")
                + "; \(to)/check replays it")
        print("seal \(seal)")
    }

    private func replay(_ bundle: String, _ tell: (String) -> Void) throws {
        let retrain = retrain
        let check = try CertificateCheck(
            bundle, facts: data.map { DataFolder($0) },
            trainer: {
                CachedTrainer(XGBoostTrainer(), store: ModelStore($0), reusesResults: !retrain)
            }, tell: tell)
        var steps = check.findings.map { ($0.name, $0.holds, $0.text) }
        if let signature = try signature(bundle) { steps.append(signature) }
        let holds = steps.allSatisfy(\.1)
        if json {
            let list = steps.map { name, holds, text in
                var object = JSONObject()
                object.text("step", name)
                object.boolean("holds", holds)
                object.text("text", text)
                return object.text
            }
            var object = JSONObject()
            object.boolean("holds", holds)
            object.json("steps", JSONObject.list(list))
            print(object.text)
        } else {
            for (name, holds, text) in steps {
                let name = name.padded(to: 9)
                print("\(name) \(holds ? "holds" : "BROKEN"): \(text)")
            }
            if holds, !retrain {
                note("models were taken from the bundle; --retrain trains each again")
            }
        }
        if !holds { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// Whether the bundle's signed seal is genuine, of this run, and by whom; nil without one where
    /// none is asked for.
    private func signature(_ bundle: String) throws -> (String, Bool, String)? {
        let path = "\(bundle)/\(Self.sealName)"
        guard let data = FileManager.default.contents(atPath: path) else {
            return key.map { ("signature", false, "nobody signed it, and \($0) should have") }
        }
        let certificate = try Certificate.read(bundle)
        let text = String(decoding: data, as: UTF8.self)
        let line = try SignedSeal(String(text.prefix { $0 != "\n" }))
        let wanted = try key.map { try SealKey.publicKey($0) }
        guard try line.isGenuine(),
            line.anchor.isOf(certificate.decisions.position, certificate.decisions.seal)
        else { return ("signature", false, "it is not genuine, or of another run") }
        guard wanted == nil || wanted == line.publicKey else {
            return ("signature", false, "it is by \(line.publicKey), not by \(wanted ?? "")")
        }
        return ("signature", true, "by \(line.publicKey) at \(line.signedAt)")
    }
}
