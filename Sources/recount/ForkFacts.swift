import ArgumentParser
import EventLog
import Events
import Foundation
import Ingest
import Pipeline

/// The facts that a fork is to read in place of its parent's.
struct ForkFacts: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Leave a filing out: its id, which takes all its rows, or one row (t123).",
            valueName: "filing"))
    var without: [String] = []
    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Add the facts of a file, in any shape that recount ingest takes.",
            valueName: "file"))
    var with: [String] = []
    @Option(
        name: .long,
        help: ArgumentHelp("The series of index files of --with: market or vix.", valueName: "name")
    )
    var series: String?

    func validate() throws {
        guard series == nil || series == "market" || series == "vix" else {
            throw ValidationError("--series \(series ?? ""): write market or vix")
        }
    }

    /// The timeline that follows, and what differs; nil where nothing is asked for. What became of
    /// rows is told on standard error.
    func made(_ parent: OpenedRun, _ data: DataOption) throws
        -> (timeline: EventLog, changes: FactChanges)?
    {
        guard !without.isEmpty || !with.isEmpty else { return nil }
        var edit = FactEdit()
        if !without.isEmpty {
            let selection = try FilingSelection(without, in: parent.timeline, of: parent.name)
            note(selection.summary)
            edit = selection.edit
        }
        let log = try EventLog.open(at: data.folder.log)
        if !with.isEmpty { edit.added = try added(log, parent.timeline) }
        var progress = Progress()
        progress.show("deriving the timeline again")
        defer { progress.clear() }
        return try Timeline.edited(parent.timeline, by: edit, in: data.folder, log: log)
    }

    /// The facts of the files that the data log has not.
    private func added(_ log: EventLog, _ timeline: EventLog) throws -> MemoryLog {
        let memory = MemoryLog(
            identity: LogIdentity(
                kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        let writer = IngestWriter(
            DeferredLog(existing: log, .keep(memory)),
            marksSimulated: try Run.world(of: timeline).contains(.simulated), clock: wallClock)
        for file in with {
            let report = try FactFile.ingest(file, series, writer)
            note(
                "\(file) (\(report.format)): \(report.rows) rows = \(report.added) added + "
                    + "\(report.duplicates) in the log already + \(report.rejected) rejected")
        }
        return memory
    }
}

/// A file of facts whose kind its header tells.
enum FactFile {
    /// Ingests it by the first importer that knows its header.
    static func ingest(_ file: String, _ series: String?, _ writer: IngestWriter) throws
        -> FileReport
    {
        let importers: [() throws -> FileReport] = [
            {
                try DisclosureImporter(
                    writer, options: DisclosureOptions(), onReject: { _ in },
                    onProgress: { _, _ in }
                ).run(file)
            },
            {
                try PriceImporter(
                    writer, options: PriceImporter.Options(), onReject: { _ in },
                    onProgress: { _, _ in }
                ).run(file)
            },
            { try ReferenceImporter(writer, onReject: { _ in }).run(file) },
            {
                guard let series else {
                    throw IngestError(
                        .unknownHeader, file: file,
                        "is no file of filings, bars, parties or sectors; of an index file say which "
                            + "index, --series market or --series vix")
                }
                return try IndexImporter(
                    writer, series: series == "market" ? .market : .volatility, symbol: series,
                    onReject: { _ in }
                ).run(file)
            },
        ]
        for (index, run) in importers.enumerated() {
            do {
                return try run()
            } catch let error as IngestError
                where error.code == .unknownHeader && index + 1 < importers.count
            {
                continue
            }
        }
        preconditionFailure("the last importer reads the file or throws")
    }
}
