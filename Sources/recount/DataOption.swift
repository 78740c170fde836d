import Application
import ArgumentParser
import EventLog
import Events
import Foundation
import Learning
import Pipeline
import XGBoost

/// The folder that every command works on.
struct DataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp(
            "The data folder; else RECOUNT_FOLDER, or the one that you stand in or below.",
            valueName: "dir"))
    var named: String?
    @OptionGroup var quiet: QuietOption

    func validate() throws {
        // An unset variable in a script is no name of the root.
        guard named?.isEmpty != true else {
            throw ValidationError("--data is empty; name a folder")
        }
        guard named != nil || FoundFolder.current != nil else { throw DataOption.isMissing }
    }

    static let isMissing = ValidationError(
        "Missing expected argument '--data <dir>'; name a folder, set \(FoundFolder.variable) to "
            + "one, or stand in or below one")

    /// The folder's path: as named, or as found.
    var data: String { named ?? FoundFolder.current?.path ?? "" }

    /// Refuses a folder above the working directory for a command that makes one where there is
    /// none: who stands in a new folder means that one.
    func refuseAncestor() throws {
        guard named == nil, let found = FoundFolder.current, found.place == .above else { return }
        throw ValidationError(
            "you stand below the data folder \(found.path); write --data \(found.path) to add to "
                + "it, or --data . to make one here")
    }

    /// Says which folder is written to where nobody named it.
    private func tellFound() {
        guard named == nil, let found = FoundFolder.current else { return }
        note("data folder \(found.text)")
    }

    /// A run's name, `last` being the newest run's; as it is where there is none.
    func run(named name: String) -> String { folder.runName(name) }

    var folder: DataFolder { DataFolder(data) }

    /// The artefacts of models.
    var models: ModelStore { ModelStore("\(folder.path)/models") }

    /// The trainer whose artefacts lie in the folder; no training is done twice.
    var trainer: CachedTrainer {
        CachedTrainer(XGBoostTrainer(), store: models)
    }

    /// The trees of a model that is kept in the folder.
    func trees(_ artefact: Digest) throws -> TreeEnsemble {
        try XGBoostTrainer().load(try models.read(artefact))
    }

    /// The same, but each training is done again.
    var retrainer: CachedTrainer {
        CachedTrainer(
            XGBoostTrainer(), store: models, reusesResults: false)
    }

    /// The data log for an import: made with its first event when there is none, and not touched
    /// by a rehearsal.
    func logForImport(isRehearsal: Bool) throws -> DeferredLog {
        if isRehearsal {
            return DeferredLog(existing: try existingLog(), .rehearse)
        }
        let option = self
        return DeferredLog(
            existing: try openExisting(), .open { try option.openOrCreateLog() })
    }

    /// The data log, made when there is none; its remarks go to standard error.
    func openOrCreateLog() throws -> EventLog {
        tellFound()
        let log = try openExisting() ?? makeLog()
        for remark in log.remarks {
            FileHandle.standardError.write(Data("recount: \(remark)\n".utf8))
        }
        return log
    }

    /// The data log, to write to; an error where there is none.
    func openForWriting() throws -> EventLog {
        tellFound()
        let log = try EventLog.open(at: folder.log, access: .write)
        for remark in log.remarks {
            FileHandle.standardError.write(Data("recount: \(remark)\n".utf8))
        }
        return log
    }

    /// Where the data log ends and its seal, `POSITION:SEAL`, for whoever keeps it elsewhere; nil
    /// where there is no log.
    func anchor() throws -> String? {
        try existingLog().map { Anchor(try $0.head()).description }
    }

    /// Prints the anchor behind what an append came to.
    func printAnchor() throws {
        if let anchor = try anchor() { print("seal \(anchor)") }
    }

    /// The timeline of the data log; what it leaves out of it is told.
    func timeline(of log: EventLog) throws -> Timeline.Derived {
        let derived = try Progress.working("deriving the timeline") {
            try Timeline.ensure(folder, log: log)
        }
        if let merged = derived.merged {
            if merged.outsideRange > 0 {
                note(
                    "\(merged.outsideRange) bars or index closes have a price or volume outside "
                        + "its range and are left out")
            }
            if merged.actionsInPrices > 0 {
                note(
                    "\(merged.actionsInPrices) splits and dividends are left out: the prices of "
                        + "their tickers are adjusted for them")
            }
            if merged.actionConflicts > 0 {
                note(
                    "\(merged.actionConflicts) splits or dividends differ between sources: one "
                        + "source of each is taken, by its digest")
            }
            if merged.symbolChangesLeftOut > 0 {
                note(
                    "\(merged.symbolChangesLeftOut) changes of symbol are not followed: the new "
                        + "symbol had bars before, or the old one had none")
            }
            if merged.beyondLargest > 0 {
                note(
                    "\(merged.beyondLargest) bars are left out: a session holds at most "
                        + "\(EventSchema.largestGroup) tickers")
            }
        }
        return derived
    }

    /// The data log, to be read; nil where there is none.
    func existingLog() throws -> EventLog? {
        guard FileManager.default.fileExists(atPath: "\(folder.log)/data.mdb") else { return nil }
        return try EventLog.open(at: folder.log)
    }

    /// The data log, to be appended to; nil where there is none.
    func openExisting() throws -> EventLog? {
        guard FileManager.default.fileExists(atPath: "\(folder.log)/data.mdb") else { return nil }
        return try EventLog.open(at: folder.log, access: .write)
    }

    /// Makes the log; when another process was faster, opens what it made.
    private func makeLog() throws -> EventLog {
        let identity = LogIdentity(
            kind: .data, logID: Digest.random(), schemaVersion: EventSchema.version)
        let made: Result<EventLog, any Error> = Result {
            try EventLog.create(at: folder.log, identity: identity)
        }
        if case .failure(let error) = made, let existing = try openExisting() {
            guard case .exists? = error as? LogError else { throw error }
            return existing
        }
        return try made.get()
    }
}

/// A run's log, or the data log.
struct LogOption: ParsableArguments {
    @OptionGroup var data: DataOption

    @Option(name: .long, help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var run: String?

    @Flag(name: .long, help: "The timeline of the data log, or of the run, instead.")
    var timeline = false

    @Flag(name: .long, help: "The log of trials instead.")
    var trials = false

    mutating func validate() { run = run.map(data.run(named:)) }

    /// The kind of log that is meant.
    var kind: LogKind { trials ? .trials : timeline ? .timeline : run == nil ? .data : .run }

    var path: String {
        get throws {
            if trials {
                guard run == nil, !timeline else {
                    throw ValidationError("--trials goes with neither --run nor --timeline")
                }
                return data.folder.trials
            }
            if timeline { return try timelinePath() }
            return try run.map { try data.folder.existingRun($0) } ?? data.folder.log
        }
    }

    /// What a run says of itself; nil for what is none.
    var manifest: RunManifest? {
        get throws {
            guard !timeline, !trials, let run else { return nil }
            return try RunManifest.read(in: try data.folder.existingRun(run))
        }
    }

    /// Own events before the first of the log: those that a fork shares.
    var shared: UInt64 { get throws { try manifest?.parent?.position.own ?? 0 } }

    private func timelinePath() throws -> String {
        guard let run else {
            let log = try EventLog.open(at: data.folder.log)
            return try data.timeline(of: log).path
        }
        // Of a live run its place is known: it is found where it cannot be opened.
        let live = try data.folder.liveTimeline(run)
        return EventLog.isLog(live) ? live : try data.folder.openRun(run).timeline.path
    }
}

/// The wall clock, for facts that are recorded now.
func wallClock() -> Instant {
    Instant(rawValue: Int64(Date().timeIntervalSince1970 * 1e9))
}

/// Whether a stream is a terminal: only there progress is shown.
func isTerminal(_ handle: FileHandle) -> Bool {
    isatty(handle.fileDescriptor) == 1
}
