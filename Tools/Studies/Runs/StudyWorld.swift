import EventLog
import Events
import Foundation
import Ingest
public import Pipeline
public import Simulation

/// A simulated world as strategies see it: made, written, ingested and derived like real files, in
/// a folder that is gone when it is read.
public struct StudyWorld: Sendable {
    /// Its timeline.
    public let feed: TimelineFeed
    /// `filers` of an oracle: whose purchases carry the edge.
    public let skilled: String

    /// Makes a world.
    public init(_ parameters: SimulationParameters) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "recount-study-\(getpid())-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path(percentEncoded: false)
        var sink = try FolderSink("\(path)/world")
        _ = try WorldFiles.write(SimulatedWorld(parameters), into: &sink)
        skilled = try SimulatedTruth(file: "\(path)/world/\(WorldFiles.truthName)").skilled
            .joined(separator: ";")
        let data = DataFolder("\(path)/data")
        let identity = LogIdentity(
            kind: .data, logID: Digest(w0: parameters.seed, w1: 1, w2: 0, w3: 0),
            schemaVersion: EventSchema.version)
        let log = try EventLog.create(at: data.log, identity: identity)
        try StudyWorld.ingest("\(path)/world", into: log)
        feed = try TimelineFeed(
            try EventLog.open(at: try Timeline.ensure(data, log: log).path))
    }

    private static func ingest(_ folder: String, into log: EventLog) throws {
        let writer = IngestWriter(log) {
            Instant(rawValue: Int64(Date().timeIntervalSince1970 * 1e9))
        }
        let prices = PriceImporter(
            writer, options: PriceImporter.Options(), onReject: { _ in }, onProgress: { _, _ in })
        for name in ["prices", "prices_adjusted"] { _ = try prices.run("\(folder)/\(name).csv") }
        let filings = DisclosureImporter(
            writer, options: DisclosureOptions(), onReject: { _ in }, onProgress: { _, _ in })
        for name in ["normalized.csv", "senate.json", "congress.csv"] {
            _ = try filings.run("\(folder)/disclosures_\(name)")
        }
        for (name, series, symbol) in [
            ("index", IndexSeries.market, "SIMINDEX"), ("vix", .volatility, "SIMVIX"),
        ] {
            _ = try IndexImporter(writer, series: series, symbol: symbol, onReject: { _ in })
                .run("\(folder)/\(name).csv")
        }
        let reference = ReferenceImporter(writer, onReject: { _ in })
        for name in ["sectors", "legislators"] {
            _ = try reference.run("\(folder)/\(name).csv")
        }
    }
}

/// A folder that a world is written into.
private struct FolderSink: WorldSink {
    private let path: String
    private var file = ""
    private var handle: FileHandle?

    init(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    mutating func open(_ name: String) throws {
        file = "\(path)/\(name)"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        handle = try FileHandle(forWritingTo: URL(filePath: file))
    }

    mutating func write(_ bytes: [UInt8]) throws { try handle?.write(contentsOf: Data(bytes)) }

    mutating func close() throws -> String {
        try handle?.close()
        return "\(try InputFile.contentDigest(file))"
    }
}
