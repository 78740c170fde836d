import EventLog
import Events
import Foundation
import Ingest
import Simulation
import TestKit

/// A sink that keeps a world's files in memory.
struct MemorySink: WorldSink {
    var names: [String] = []
    var files: [[UInt8]] = []

    mutating func open(_ name: String) {
        names.append(name)
        files.append([])
    }

    mutating func write(_ bytes: [UInt8]) { files[files.count - 1] += bytes }
    mutating func close() -> String { "-" }
}

/// A sink that writes a world's files into a folder.
struct FolderSink: WorldSink {
    let path: String
    private var name = ""
    private var bytes: [UInt8] = []

    init(_ path: String) { self.path = path }

    mutating func open(_ name: String) {
        self.name = name
        bytes = []
    }

    mutating func write(_ bytes: [UInt8]) { self.bytes += bytes }

    mutating func close() throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(try InputFile.contentDigest("\(path)/\(name)"))"
    }
}

/// A simulated world as files in a folder, and a data log beside them.
final class WrittenWorld {
    let folder = TemporaryFolder()
    let world: SimulatedWorld
    let written: WorldFiles.Written

    /// The files of a world and how each is ingested, in the order of a demo.
    static let prices = ["prices.csv", "prices_adjusted.csv"]
    static let disclosures = [
        "disclosures_normalized.csv", "disclosures_senate.json", "disclosures_congress.csv",
    ]
    static let references = ["sectors.csv", "legislators.csv"]

    init(_ parameters: SimulationParameters) throws {
        world = SimulatedWorld(parameters)
        var sink = FolderSink(folder.path)
        written = try WorldFiles.write(world, into: &sink)
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }
    func account(_ name: String) -> FileAccount? { written.files.first { $0.name == name } }

    /// Ingests every file into a new log at `DIR/NAME/log`.
    func ingested(_ name: String = "data") throws -> (log: EventLog, reports: [FileReport]) {
        let log = try Importers.log(at: "\(folder.path)/\(name)/log")
        let importers = Importers(log)
        var reports: [FileReport] = []
        for file in WrittenWorld.prices { reports.append(try importers.prices(path(file))) }
        for file in WrittenWorld.disclosures {
            reports.append(try importers.disclosures(path(file)))
        }
        reports.append(try importers.index(path("index.csv"), .market))
        reports.append(try importers.index(path("vix.csv"), .volatility))
        for file in WrittenWorld.references { reports.append(try importers.reference(path(file))) }
        return (log, reports)
    }
}

/// The importers over one log.
struct Importers {
    let writer: IngestWriter

    init(_ log: EventLog, marksSimulated: Bool = false) {
        writer = IngestWriter(log, marksSimulated: marksSimulated) {
            Instant(Day(year: 2026, month: 1, day: 1)!)
        }
    }

    static func log(at path: String) throws -> EventLog {
        try EventLog.create(
            at: path,
            identity: LogIdentity(
                kind: .data, logID: Digest(w0: 7, w1: 7, w2: 7, w3: 7),
                schemaVersion: EventSchema.version))
    }

    func prices(_ path: String) throws -> FileReport {
        try PriceImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(path)
    }

    func disclosures(_ path: String) throws -> FileReport {
        try DisclosureImporter(
            writer, options: .init(), onReject: { _ in }, onProgress: { _, _ in }
        ).run(path)
    }

    func index(_ path: String, _ series: IndexSeries) throws -> FileReport {
        try IndexImporter(writer, series: series, symbol: "SIM", onReject: { _ in }).run(path)
    }

    func reference(_ path: String) throws -> FileReport {
        try ReferenceImporter(writer, onReject: { _ in }).run(path)
    }
}
