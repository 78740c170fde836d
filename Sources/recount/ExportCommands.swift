import ArgumentParser
import EventLog
import Events
import Foundation

/// `recount export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a log as JSON lines: each event as bytes and as text, each commit's seal.",
        discussion: "Example: recount export --data DIR --run first > first.jsonl")

    @OptionGroup var log: LogOption

    func run() throws {
        var output = Output()
        try LogExport.write(
            try EventLog.open(at: try log.path), render: { try EventJSON.string(message: $0) },
            to: { output.write($0 + "\n") })
        output.flush()
    }
}

/// `recount import`
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Rebuild a log from an export, seals included; the folder must hold none yet.",
        discussion: "Example: recount import first.jsonl --data DIR --run first")

    @OptionGroup var log: LogOption
    @Argument(help: "The export.") var file: String

    func run() throws {
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw ValidationError("\(file): there is no such file, or it cannot be read")
        }
        var lines = LineReader(handle)
        let head = try LogImport.read(
            file: file, to: try log.path, render: { try EventJSON.string(message: $0) },
            next: { try lines.next() })
        print("imported \(head.position) events; seal \(head.seal)")
    }
}

/// Lines of a file in bounded memory.
struct LineReader {
    private let handle: FileHandle
    private var buffer = Data()
    private var isEnd = false

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    mutating func next() throws -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = String(decoding: buffer[buffer.startIndex..<end], as: UTF8.self)
                buffer = Data(buffer[(end + 1)...])
                return line
            }
            if isEnd {
                defer { buffer = Data() }
                return buffer.isEmpty ? nil : String(decoding: buffer, as: UTF8.self)
            }
            let more = try handle.read(upToCount: 1 << 16) ?? Data()
            if more.isEmpty { isEnd = true } else { buffer.append(more) }
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

    func run() throws {
        let events = try EventLog.open(at: try log.path)
        if clear { print("freed \(try events.clearDeadReaders())") }
        let readers = try events.readers()
        if readers.isEmpty { print("no readers") }
        for reader in readers {
            let lag = reader.lag.map { "\($0) commits behind" } ?? "between reads"
            print("process \(reader.process), thread \(reader.thread): \(lag)")
        }
    }
}
