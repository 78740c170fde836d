import ArgumentParser
import EventLog
import Events
import Foundation
import Ingest

/// `recount ingest …`
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read files of facts into the data log.",
        discussion: """
            Every input row ends as an event, a duplicate or a rejection; the report adds up. \
            Ingesting a file again adds nothing.

            Example: recount ingest disclosures filings.csv.gz --data DIR --rejects rejects.csv
            """,
        subcommands: [
            IngestDisclosures.self, IngestPrices.self, IngestIndex.self, IngestReference.self,
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

    @Flag(name: .long, help: "Say what would become of each row, and write nothing.")
    var dryRun = false

    @Flag(name: .long, help: "Print the report as JSON.")
    var json = false

    /// Runs an import over several files and prints what became of their rows.
    func run(
        _ files: [String], with others: [String] = [],
        _ importer: (IngestWriter, @escaping (RejectedRow) throws -> Void) throws
            -> (String) throws -> FileReport
    ) throws {
        // First of all: what is refused has opened, made and read nothing.
        let rejectWriter = try rejects.map {
            try RejectWriter($0, inputs: files + others, data: data.folder)
        }
        let log = try data.logForImport(isRehearsal: dryRun)
        let writer = IngestWriter(log, marksSimulated: simulated, clock: wallClock)
        let read = try importer(writer) { row in try rejectWriter?.write(row) }
        var reports: [FileReport] = []
        for file in files {
            do {
                reports.append(try read(file))
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
        try file.write("file,line,reason,field,row\n")
    }

    func write(_ row: RejectedRow) throws {
        let text = String(decoding: row.row, as: UTF8.self)
        let fields = [row.file, "\(row.line)", "\(row.reason)", row.field, text]
        try file.write(fields.map { CSVText.field($0) }.joined(separator: ",") + "\n")
    }

    func close() throws { try file.commit() }
}

struct IngestDisclosures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclosures",
        abstract: "Read filings: Senate JSON, Congress CSV, House CSV, normalised CSV, bench CSV.",
        discussion:
            "Example: recount ingest disclosures senate.json.gz --traded-before 2019-01-01 --data DIR"
    )

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, plain or gzip.") var files: [String]
    @Option(
        name: .long,
        help: ArgumentHelp(
            "senate, congress, house, normalized or bench; detected when left out.",
            valueName: "name"))
    var format: String?
    @Option(name: .long, help: ArgumentHelp("Only rows traded then or later.", valueName: "date"))
    var tradedFrom: String?
    @Option(name: .long, help: ArgumentHelp("Only rows traded before.", valueName: "date"))
    var tradedBefore: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Known at this hour (UTC) of the filing date; else 05:00 of the day after.",
            valueName: "HH:MM"))
    var knownAt: String?
    @Flag(name: .long, help: "Take rows whose source does not vouch for the filing date.")
    var acceptUnverifiedDates = false

    func run() throws {
        var disclosure = DisclosureOptions()
        disclosure.format = try parsed(format, "--format", SourceFormat.init(optionName:))
        disclosure.tradedFrom = try parsed(tradedFrom, "--traded-from") { Day($0) }
        disclosure.tradedBefore = try parsed(tradedBefore, "--traded-before") { Day($0) }
        disclosure.knownAt = try parsed(knownAt, "--known-at") { ClockTime($0) }
        disclosure.acceptsUnverifiedDates = acceptUnverifiedDates
        let settings = disclosure
        try options.run(files) { writer, onReject in
            var progress = Progress()
            let importer = DisclosureImporter(writer, options: settings, onReject: onReject) {
                file, rows in
                progress.show("\(file.name): \(file.consumed * 100 / max(file.size, 1)) %, \(rows)")
            }
            return { name in
                defer { progress.clear() }
                return try importer.run(name)
            }
        }
    }
}

struct IngestPrices: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Read daily bars (CSV; columns by header; adj_close is applied when present).",
        discussion: "Example: recount ingest prices bars.csv.gz --exclude bad.csv --data DIR")

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, plain or gzip.") var files: [String]
    @Option(
        name: .long,
        help: ArgumentHelp("Bars to leave out: CSV of ticker, from, to.", valueName: "file"))
    var exclude: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Known at this hour (UTC); else 21:00.", valueName: "HH:MM"))
    var knownAt: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "What prices without adj_close are adjusted for: none, splits or splits-and-dividends.",
            valueName: "what"))
    var adjustment = "splits-and-dividends"

    func run() throws {
        var prices = PriceImporter.Options()
        prices.knownAt = try parsed(knownAt, "--known-at") { ClockTime($0) }
        switch adjustment {
        case "none": prices.adjustment = .none
        case "splits": prices.adjustment = .splits
        case "splits-and-dividends": prices.adjustment = .splitsAndDividends
        default:
            throw ValidationError(
                "--adjustment \(adjustment): write none, splits or splits-and-dividends")
        }
        let settings = prices
        try options.run(files, with: exclude.map { [$0] } ?? []) { writer, onReject in
            var settings = settings
            if let exclude { settings.exclusions = try Exclusions(file: exclude) }
            var progress = Progress()
            let importer = PriceImporter(writer, options: settings, onReject: onReject) {
                file, rows in
                progress.show("\(file.name): \(file.consumed * 100 / max(file.size, 1)) %, \(rows)")
            }
            return { name in
                defer { progress.clear() }
                return try importer.run(name)
            }
        }
    }
}

struct IngestIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Read daily closes of the market index or of the volatility index.",
        discussion:
            "Example: recount ingest index spy.csv --series market --symbol SPY --data DIR")

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, plain or gzip.") var files: [String]
    @Option(name: .long, help: ArgumentHelp("market or vix.", valueName: "name"))
    var series: String
    @Option(name: .long, help: ArgumentHelp("What it was made from.", valueName: "text"))
    var symbol: String?

    func run() throws {
        guard series == "market" || series == "vix" else {
            throw ValidationError("--series \(series): write market or vix")
        }
        try options.run(files) { writer, onReject in
            IndexImporter(
                writer, series: series == "market" ? .market : .volatility,
                symbol: symbol ?? series, onReject: onReject
            ).run
        }
    }
}

struct IngestReference: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Read parties of filers and sectors of tickers.",
        discussion: "Example: recount ingest reference parties.csv sectors.csv --data DIR")

    @OptionGroup var options: ImportOptions
    @Argument(help: "Files, plain or gzip.") var files: [String]

    func run() throws {
        try options.run(files) { writer, onReject in
            ReferenceImporter(writer, onReject: onReject).run
        }
    }
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
