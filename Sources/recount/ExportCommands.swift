import ArgumentParser
import EventLog
import Events
import Foundation
import Ingest

/// `recount export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a log as JSON lines: each event as bytes and as text, each commit's seal.",
        discussion: """
            A fork's export holds what the fork recorded itself, and names its parent, which must be \
            there under its name when the export is imported.

            Example: recount export --data DIR --run first > first.jsonl
            """)

    @OptionGroup var log: LogOption
    @Flag(name: .long, help: "One JSON object a line, as without it.") var json = false

    func run() throws {
        var output = Output()
        try LogExport.write(
            try EventLog.open(at: try log.path), manifest: try log.manifest,
            render: { try EventJSON.string(message: $0) },
            to: { output.write($0 + "\n") })
        output.flush()
    }
}

/// `recount import`
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Rebuild a log from an export, seals included; the folder must hold none yet.",
        discussion: """
            An export names its kind: the data log, the log of trials and a timeline go where they \
            belong, a run under the name that is given. A run is read with its timeline, so import \
            that too. The export is plain or gzip.

            Example: recount import data.jsonl.gz --data DIR
                     recount import first.jsonl --data DIR --run first
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"), help: ArgumentHelp("The name of a run.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "Refuse what is no timeline.") var timeline = false
    @Flag(name: .long, help: "Refuse what is no log of trials.") var trials = false
    @Flag(name: .long, help: "One JSON object.") var json = false
    @Argument(help: ArgumentHelp("The export, plain or gzip.", valueName: "file")) var file: String

    func validate() throws {
        let wanted = [runName != nil, timeline, trials].filter { $0 }.count
        guard wanted <= 1 else {
            throw ValidationError("choose one of --run, --timeline and --trials")
        }
        try data.refuseAncestor()
    }

    func run() throws {
        var lines = try LineReader(file)
        let path = try runName.map { try data.folder.newRun($0) }
        let folder = data.folder
        let wanted: LogKind? =
            path != nil ? .run : timeline ? .timeline : trials ? .trials : nil
        let (kind, head) = try LogImport.read(
            file: file, render: { try EventJSON.string(message: $0) }, next: { try lines.next() }
        ) { kind in
            if let wanted, kind != wanted {
                throw LogError.wrongKind(path: file, kind: kind, wanted: wanted)
            }
            switch kind {
            case .data: return .at(folder.log)
            case .trials: return .at(folder.trials)
            case .timeline: return .named { folder.timeline($0) }
            case .run:
                guard let path else {
                    throw ValidationError("\(file): is the export of a run; name it with --run")
                }
                return .at(path)
            case .liveRun, .liveTimeline:
                throw ValidationError(
                    "\(file): is the export of a \(kind.name) log, which cannot be imported: a live "
                        + "run is copied by recount backup")
            }
        }
        if json {
            var object = JSONObject()
            object.text("kind", kind.name)
            object.integer("events", head.position)
            object.text("seal", "\(head.seal)")
            print(object.text)
        } else {
            print("imported \(head.position) events of a \(kind.name) log; seal \(head.seal)")
        }
        if kind == .run, let runName {
            do {
                _ = try folder.openRun(runName)
            } catch {
                note("run \(runName) cannot be read yet: \(error)")
            }
        }
    }
}

/// Lines of a plain or gzip file, in bounded memory.
struct LineReader {
    /// The longest line that is read: a session of as many bars as an event holds is one.
    static let longest = 20 << 20

    private let file: InputFile
    private var buffer: [UInt8] = []
    private var start = 0
    /// Up to where no line end was found.
    private var searched = 0
    private var line = 0
    private var isEnd = false

    init(_ path: String) throws {
        file = try InputFile(path)
    }

    mutating func next() throws -> String? {
        line += 1
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { (start, searched) = (end + 1, end + 1) }
                return String(decoding: buffer[start..<end], as: UTF8.self)
            }
            searched = buffer.count
            if isEnd {
                defer { start = buffer.count }
                return start < buffer.count
                    ? String(decoding: buffer[start...], as: UTF8.self) : nil
            }
            guard buffer.count - start <= LineReader.longest else {
                throw LogError.badLine(
                    file: file.name, line: line,
                    what: "is longer than \(LineReader.longest >> 20) MB; export the log again")
            }
            if start > 0 {
                buffer.removeSubrange(0..<start)
                (start, searched) = (0, searched - start)
            }
            if try file.read(into: &buffer) == 0 { isEnd = true }
        }
    }
}

/// `recount readers`
struct ReadersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers",
        abstract: "List the processes that read a log; one that lags keeps the file growing.",
        discussion: "Example: recount readers --data DIR --clear")

    @OptionGroup var log: LogOption
    @Flag(name: .long, help: "Free the places of processes that are gone first.") var clear = false
    @Flag(name: .long, help: "One JSON object a reader.") var json = false

    func run() throws {
        let events = try EventLog.open(at: try log.path)
        if clear {
            let freed = try events.clearDeadReaders()
            if json { note("freed \(freed)") } else { print("freed \(freed)") }
        }
        let readers = try events.readers()
        if json {
            for reader in readers {
                var object = JSONObject()
                object.integer("process", reader.process)
                object.text("thread", "\(reader.thread)")
                object.integer("lag", reader.lag)
                print(object.text)
            }
            return
        }
        if readers.isEmpty { print("no readers") }
        for reader in readers {
            let lag = reader.lag.map { "\($0) commits behind" } ?? "between reads"
            print("process \(reader.process), thread \(reader.thread): \(lag)")
        }
    }
}
