import Application
import EventLog
import Events
import Foundation
import Ingest
import Logging
import Pipeline
import Service
import Simulation

/// A simulated world whose last months come day by day.
struct DemoWorld {
    /// A file of the world, cut by the day of its rows.
    private struct Source {
        let name: String
        let header: String
        /// Lines by the day on which they are known, in the order of the days.
        let days: [(day: Day, lines: [String])]
    }

    /// The last day of the history that is there from the start.
    let split: Day
    /// The last day of the world.
    let last: Day
    private let sources: [Source]

    /// Files of the world that come day by day, and the column whose date counts.
    private static let daily = [
        ("prices.csv", 1), ("prices_adjusted.csv", 1), ("index.csv", 0),
        ("disclosures_normalized.csv", 15), ("disclosures_congress.csv", 1),
    ]
    /// Files that are there from the start.
    private static let whole = ["sectors.csv", "legislators.csv"]
    /// Sessions that come day by day.
    private static let liveSessions = 120
    /// Seed, years and companies of the world.
    private static let parameters = SimulationParameters(
        seed: 1, years: 3, tickers: 40, edge: 150, edgeKind: .filers, hasRegimeDrift: false)

    /// The world of a folder, made where it is not there yet.
    init(in folder: String) throws {
        if !FileManager.default.fileExists(atPath: "\(folder)/\(WorldFiles.truthName)") {
            var sink = try SimulatedFolder(folder)
            _ = try WorldFiles.write(SimulatedWorld(DemoWorld.parameters), into: &sink)
        }
        sources = try DemoWorld.daily.map { name, column in
            try DemoWorld.read("\(folder)/\(name)", name, column)
        }
        let sessions = sources.first { $0.name == "index.csv" }?.days.map(\.day) ?? []
        guard sessions.count > DemoWorld.liveSessions, let last = sessions.last else {
            throw DemoError(description: "\(folder) is no world of this program; name another DIR")
        }
        (split, self.last) = (sessions[sessions.count - DemoWorld.liveSessions - 1], last)
    }

    private static func read(_ path: String, _ name: String, _ column: Int) throws -> Source {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var lines = text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        // A close without open, high and low is an index's: so it needs no other name.
        if name == "index.csv" {
            lines = lines.map { line in
                let fields = DemoWorld.fields(line)
                return fields.count > 9 ? "\(fields[0]),\(fields[4]),\(fields[9])" : line
            }
        }
        var (lastDay, dated) = (Day?.none, [(day: Day, line: String)]())
        for line in lines.dropFirst() {
            // A row that is broken comes with the one before it.
            let day = DemoWorld.fields(line).dropFirst(column).first.flatMap { Day($0) } ?? lastDay
            guard let day else { continue }
            dated.append((day, line))
            lastDay = day
        }
        var days: [(day: Day, lines: [String])] = []
        for entry in dated.enumerated().sorted(by: {
            ($0.element.day, $0.offset) < ($1.element.day, $1.offset)
        }).map(\.element) {
            if days.last?.day == entry.day {
                days[days.count - 1].lines.append(entry.line)
            } else {
                days.append((entry.day, [entry.line]))
            }
        }
        return Source(name: name, header: lines.first ?? "", days: days)
    }

    /// The fields of a line, commas in quotes left alone.
    private static func fields(_ line: String) -> [String] {
        var (fields, isQuoted) = ([""], false)
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append("")
            } else {
                fields[fields.count - 1].append(character)
            }
        }
        return fields
    }

    /// Puts what is known by the split into a new data log, by way of the inbox.
    func ingestHistory(
        _ folder: DataFolder, world: String, clock: any ServiceClock, _ logger: Logger
    )
        throws
    {
        let log = try EventLog.create(
            at: folder.log,
            identity: LogIdentity(
                kind: .data, logID: .random(), schemaVersion: EventSchema.version))
        // The world has the exchange's sessions but for two of 2012, which are left out.
        var setting = DataSetting.beginning(.xnys, at: clock.now())
        setting.envelope.flags = .simulated
        try log.append(now: clock.now()) { (batch: inout AppendBatch) in batch.append(setting) }
        var settings = ServiceSettings()
        settings.inboxSettle = 0
        var inbox = try Inbox(folder, log: log, settings: settings, clock: clock)
        for name in DemoWorld.whole {
            try FileManager.default.copyItem(
                atPath: "\(world)/\(name)", toPath: "\(folder.path)/inbox/\(name)")
        }
        for source in sources {
            let lines = source.days.filter { $0.day <= split }.flatMap(\.lines)
            try put(lines, of: source, as: source.name, in: folder)
        }
        try inbox.drain { outcome in
            if let failure = outcome.failure {
                logger.warning("\(outcome.name)", metadata: ["why": "\(failure)"])
            }
        } refuse: { text in
            logger.warning("\(text)")
        }
    }

    /// Puts what becomes known on a day into the inbox.
    func put(_ day: Day, in folder: DataFolder) throws {
        for source in sources {
            guard let found = source.days.first(where: { $0.day == day }) else { continue }
            try put(found.lines, of: source, as: "\(day)-\(source.name)", in: folder)
        }
    }

    private func put(_ lines: [String], of source: Source, as name: String, in folder: DataFolder)
        throws
    {
        let text = ([source.header] + lines).joined(separator: "\n") + "\n"
        let path = "\(folder.path)/inbox/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: path + ".done", contents: nil)
    }
}

/// Why there is no demonstration: what and what to do.
struct DemoError: Error, CustomStringConvertible {
    let description: String
}
