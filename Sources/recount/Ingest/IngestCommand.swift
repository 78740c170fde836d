import ArgumentParser
import EventLog
import Events
import Foundation
import Ingest
import Market
import Pipeline

/// `recount ingest …`
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read files of facts into the data log.",
        discussion: """
            Every input row ends as an event, a duplicate or a rejection; the report adds up. \
            Ingesting a file again adds nothing. Files are CSV (also with semicolons or tabs), \
            JSON or JSON lines, plain or gzip; folders and patterns stand for the files in them. \
            Shapes that are known: Documentation/formats.md.

            Example: recount ingest disclosures filings.csv.gz --data DIR --rejects rejects.csv
            """,
        subcommands: [
            IngestDisclosures.self, IngestPrices.self, IngestActions.self, IngestIndex.self,
            IngestReference.self, IngestGuess.self,
        ])
}

/// Options of every import.
struct ImportOptions: ParsableArguments {
    @OptionGroup var data: DataOption

    @Option(
        name: .long,
        help: ArgumentHelp("Write the rejected rows there, as CSV.", valueName: "file"))
    var rejects: String?

    @Flag(name: .long, help: "Mark all of it as simulated; files of recount simulate say so.")
    var simulated = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "At the first ingest into a folder: sessions are those of xnys (the New York Stock "
                + "Exchange), or none: the dates on which enough tickers have a bar. Default: "
                + "xnys; none where the files are simulated, or have bars on its holidays.",
            valueName: "name"))
    var calendar: String?

    @Flag(name: .long, help: "Say what would become of each row, and write nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Print the report as JSON.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End with status 65 when more than this part of a file's rows is left out, 0 to 1.",
            valueName: "part"))
    var maxRejects = 0.5

    func validate() throws {
        guard (0...1).contains(maxRejects) else {
            throw ValidationError("--max-rejects \(maxRejects): write a number from 0 to 1")
        }
        try data.refuseAncestor()
    }

    /// Runs an import over several files, prints what became of their rows, and gives it.
    @discardableResult
    func run(
        _ names: [String], with others: [String] = [],
        _ importer: (IngestWriter, @escaping (RejectedRow) throws -> Void) throws
            -> (String) throws -> FileReport
    ) throws -> [FileReport] {
        let files = try InputPaths.expand(names)
        // First of all: what is refused has opened, made and read nothing.
        let rejectWriter = try rejects.map {
            try RejectWriter($0, inputs: files + others, data: data.folder)
        }
        let chosen = try chosenCalendar()
        let follows = try chosen == nil && data.folder.calendar() == .xnys
        let log = try data.logForImport(isRehearsal: dryRun)
        // So that a live run sees no session half.
        let lock = try dryRun ? nil : IngestLock(data.folder)
        defer { withExtendedLifetime(lock) {} }
        let writer = IngestWriter(
            log, marksSimulated: simulated,
            preamble: {
                DataSetting.beginning(try calendar(of: $0, chosen: chosen), at: wallClock())
            }, clock: wallClock)
        let read = try importer(writer) { row in try rejectWriter?.write(row) }
        var reports: [FileReport] = []
        for file in files {
            do {
                reports.append(try read(file))
                if follows, (try? ExchangeCalendar.xnys.contradicts(writer.dates)) == true {
                    note(
                        "!! \(file): \(ImportOptions.otherMarket); its other bars are kept under "
                            + "that exchange's calendar, which the folder follows: if they are "
                            + "another market's, ingest into a folder of its own with --calendar "
                            + "none")
                }
            } catch {
                guard let failure = error as? IngestError else {
                    // The log or the disk failed: to write more would only hide how.
                    try? rejectWriter?.close()
                    if !reports.isEmpty { print(render(reports)) }
                    throw error
                }
                try writer.flush()
                try rejectWriter?.close()
                if !reports.isEmpty { print(render(reports)) }
                let before = reports.reduce(0) { $0 + $1.events }
                let kept = writer.added - before
                let note = kept > 0 ? "; \(kept) events of what came before stay in the log" : ""
                FileHandle.standardError.write(Data("Error: \(failure)\(note)\n".utf8))
                throw ExitCode(failure.exitCode)
            }
        }
        try rejectWriter?.close()
        print(render(reports))
        if dryRun {
            note("--dry-run: nothing was written")
        } else if !json {
            try data.printAnchor()
        }
        try refuse(reports)
        return reports
    }

    /// The calendar that is asked for, where the folder can follow it; a folder that was made
    /// before there was a choice follows none, which is said.
    private func chosenCalendar() throws -> DataSetting.Calendar? {
        let chosen = try parsed(calendar, "--calendar", DataSetting.Calendar.init(rawValue:))
        guard let log = try data.existingLog(), try log.head().position > 0 else { return chosen }
        if let chosen {
            do {
                try DataSetting.choose(chosen, in: log, at: wallClock())
            } catch let error as DataSettingError {
                throw ValidationError("\(error)")
            }
        } else if try DataSetting.firstChoice(of: log) == nil,
            try !Run.world(of: log).contains(.simulated)
        {
            note(
                "the data folder follows no exchange's calendar, for it is from before there was "
                    + "one: a session is a date on which enough tickers have bars")
        }
        return chosen
    }

    /// The calendar that a folder follows from its first fact on.
    private func calendar(
        of beginning: IngestWriter.Beginning, chosen: DataSetting.Calendar?
    ) throws -> DataSetting.Calendar {
        if let chosen { return chosen }
        // A made-up world has sessions on some days of its own; it follows the exchange where
        // somebody says so, as a live run needs it.
        guard !beginning.isSimulated else { return .none }
        guard try ExchangeCalendar.xnys.contradicts(beginning.dates) else { return .xnys }
        note(
            "\(ImportOptions.otherMarket): the folder follows no exchange's calendar (--calendar "
                + "none; --calendar xnys leaves those bars out)")
        return .none
    }

    private static let otherMarket =
        "it has bars on most of the weekdays on which the New York Stock Exchange was closed"

    /// Says which files look misread, and ends so that a script does not go on regardless.
    private func refuse(_ reports: [FileReport]) throws {
        var isRefused = false
        for report in reports {
            guard let text = report.refusal(limit: maxRejects) else { continue }
            isRefused = true
            let message = "\(report.file): \(text) (--max-rejects \(maxRejects))"
            FileHandle.standardError.write(Data("Error: \(Terminal.line(message))\n".utf8))
        }
        if isRefused { throw ExitCode(65) }
    }

    private func render(_ reports: [FileReport]) -> String {
        json
            ? IngestReportText.json(
                reports, isRehearsal: dryRun, seal: dryRun ? nil : try? data.anchor())
            : IngestReportText.table(reports, isRehearsal: dryRun)
    }
}

extension IngestError {
    /// The code of sysexits: no input, cannot create, usage, or bad data.
    var exitCode: Int32 {
        switch code {
        case .missingFile, .unreadable: 66
        case .unwritable: 73
        case .badOption: 64
        case .corruptedGzip, .unknownHeader, .wrongFormat, .changedWhileRead, .mixedWorlds: 65
        }
    }
}

/// Writes rejected rows as CSV.
final class RejectWriter {
    private let file: OutputFile

    init(_ path: String, inputs: [String], data: DataFolder) throws {
        file = try OutputFile(path, option: "--rejects", inputs: inputs, data: data)
        try file.write("file,line,reason,field,row,value\n")
    }

    func write(_ row: RejectedRow) throws {
        let text = String(decoding: row.row, as: UTF8.self)
        let fields = [row.file, "\(row.line)", "\(row.reason)", row.field, text, row.value]
        try file.write(fields.map { CSVText.field($0) }.joined(separator: ",") + "\n")
    }

    func close() throws { try file.commit() }
}

/// The value of an option, or an error that names it.
func parsed<Value>(_ text: String?, _ option: String, _ parse: (String) -> Value?) throws
    -> Value?
{
    guard let text else { return nil }
    guard let value = parse(text) else {
        throw ValidationError("\(option) \(text): not understood; see --help for an example")
    }
    return value
}
