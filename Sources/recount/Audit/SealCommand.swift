import ArgumentParser
import EventLog
import Events
import Foundation

/// `recount seal`
struct SealCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Print a log's seal, sign it, or hold the log against seals that were kept.",
        discussion: """
            A seal that is kept outside of the folder shows later that nothing before it was \
            changed, also to whoever can write the folder and make every checksum and seal anew. \
            --sign prints one line of the log's id, position, seal, time and public key, with their \
            Ed25519 signature. --check takes such a line, POSITION:SEAL, or a file of either, one a \
            line; it verifies the log and says between which lines its past was changed, and with a \
            backup at which event.

            Example: recount seal --make-key seal.key
                     recount seal --data DIR --sign seal.key >> elsewhere/seals
                     recount seal --data DIR --check elsewhere/seals --key seal.key.pub
            """)

    @Option(name: .long, help: ArgumentHelp("The data folder.", valueName: "dir"))
    var data: String?
    @OptionGroup var quiet: QuietOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "The log of trials instead.") var trials = false
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Make a key: FILE, for you alone, and FILE.pub, for others.", valueName: "file"))
    var makeKey: String?
    @Option(name: .long, help: ArgumentHelp("Sign with this key.", valueName: "file"))
    var sign: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Hold the log against this.", valueName: "line|file"))
    var check: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --check: take this signer's lines alone.", valueName: "public-key"))
    var key: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --check: where the past was changed, say at which event.", valueName: "folder"))
    var backup: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    mutating func validate() throws {
        data = data ?? FoundFolder.current?.path
        guard [makeKey, sign, check].compactMap({ $0 }).count <= 1 else {
            throw ValidationError("choose one of --make-key, --sign and --check")
        }
        guard check != nil || (key == nil && backup == nil) else {
            throw ValidationError("--key and --backup go with --check")
        }
        guard runName == nil || !trials else { throw ValidationError("choose --run or --trials") }
        if makeKey == nil {
            guard let data else { throw DataOption.isMissing }
            guard !data.isEmpty else { throw ValidationError("--data is empty; name a folder") }
            runName = runName.map(DataFolder(data).runName)
        }
    }

    func run() throws {
        if let makeKey { return try make(makeKey) }
        let subject = SealedLog(DataFolder(data ?? ""), run: runName, trials: trials)
        if let check { return try hold(subject, against: check) }
        let log = try EventLog.open(at: try subject.path)
        let head = try log.head()
        guard head.position > 0 else { throw SealError.emptyLog }
        let line = try sign.map {
            try SignedSeal(log.identity, head, at: wallClock(), by: try SealKey(at: $0))
        }
        guard json else { return print(line?.description ?? "\(Anchor(head))") }
        var object = JSONObject()
        object.text("log", "\(log.identity.logID)")
        object.text("kind", log.identity.kind.name)
        object.text("seal", "\(Anchor(head))")
        object.text("line", line?.description)
        print(object.text)
    }

    private func make(_ path: String) throws {
        try OutputFile.check(
            path, option: "--make-key", inputs: [], data: data.map { DataFolder($0) })
        let key = try SealKey.make(at: path)
        if json {
            var object = JSONObject()
            object.text("public_key", key)
            object.text("public_file", SealKey.publicFile(path))
            return print(object.text)
        }
        print("public key \(key), also in \(SealKey.publicFile(path))")
        print("\(path) signs; whoever has it can sign in your name: keep it away from the data")
    }

    /// Verifies the log, and holds it against lines.
    private func hold(_ subject: SealedLog, against text: String) throws {
        let lines = try KeptSeals.lines(text)
        let signer = try key.map { try SealKey.publicKey($0) }
        let report = try subject.verified()
        var found = (holds: report.isSound, text: report.sentence(path: try subject.path))
        var check: PastCheck?
        if report.isSound {
            let past = try PastCheck(
                try EventLog.open(at: try subject.path), lines, signedBy: signer)
            found = (past.holds, past.sentence)
            check = past
            if let broken = past.broken, let backup {
                found.text += try subject.located(broken.anchor, in: Backup(backup))
            }
        }
        if json {
            var object = JSONObject()
            object.boolean("holds", found.holds)
            object.text("text", found.text)
            object.integer("lines", lines.count)
            object.integer("through", check?.held.through)
            object.integer("broken", check?.broken?.anchor.position)
            print(object.text)
        } else {
            print("\(try subject.path): \(found.text)")
            if let check { show(check, signer) }
        }
        if let code = report.unchecked { throw ExitCode(ExitStatus.system(code).rawValue) }
        if !found.holds { throw ExitCode(ExitStatus.data.rawValue) }
    }

    /// What the lines prove, and what they do not.
    private func show(_ check: PastCheck, _ signer: String?) {
        guard signer == nil, check.holds else { return }
        for key in check.keys {
            note("signed by \(key); whose key that is only --key with the key you know can tell")
        }
        if check.unsigned > 0 {
            note("\(check.unsigned) lines are not signed: they are worth what their place is")
        }
    }
}

/// The log that a seal is of.
struct SealedLog {
    private let folder: DataFolder
    private let run: String?
    private let trials: Bool

    init(_ folder: DataFolder, run: String?, trials: Bool) {
        (self.folder, self.run, self.trials) = (folder, run, trials)
    }

    var path: String {
        get throws {
            try trials ? folder.trials : run.map { try folder.existingRun($0) } ?? folder.log
        }
    }

    /// What a backup says of a past that was changed.
    func located(_ anchor: Anchor, in backup: Backup) throws -> String {
        let name = trials ? "trials" : run.map { "runs/\($0)" } ?? "log"
        let log = try EventLog.open(at: try path)
        let isRight = try anchor.difference(from: try backup.copy(name)) == nil
        let witness =
            isRight ? "the backup holds the line" : "the backup does not hold the line either"
        guard let difference = try backup.difference(name, from: log) else {
            return "; \(witness), and has the same past as the log"
        }
        return "; \(witness), and the log differs from it first at \(difference)"
    }

    /// What `recount verify` finds in a process of its own.
    func verified() throws -> LogVerifier.Report {
        var arguments = ["verify", "--data", folder.path, "--child"]
        if let run { arguments.append("--run=\(run)") }
        if trials { arguments.append("--trials") }
        return try LogVerifier.verifyInChild(
            try path, executable: "/proc/self/exe", arguments: arguments)
    }
}

/// Seals that somebody kept.
enum KeptSeals {
    /// More than anybody keeps.
    private static let mostBytes = 64 << 20

    /// The lines of a text that is one, or names a file of them; blank ones and those after a `#`
    /// are none.
    static func lines(_ text: String) throws -> [PastCheck.Line] {
        guard FileManager.default.fileExists(atPath: text) else {
            return [try PastCheck.Line(text)]
        }
        guard let file = FileHandle(forReadingAtPath: text) else {
            throw LogError.system(path: text, operation: "open", code: errno)
        }
        let data = try file.read(upToCount: mostBytes) ?? Data()
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").filter {
            !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace)
        }
        guard !lines.isEmpty else { throw SealError.unreadable(text) }
        return try lines.map { try PastCheck.Line(String($0)) }
    }
}
