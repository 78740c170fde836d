import ArgumentParser
import Audit
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline
import Projections
import XGBoost

/// `recount verify --chain`: facts, timeline, run, artefacts, caches, views, each made again from
/// the one before it.
struct ChainCheck {
    /// What became of one link.
    struct Link {
        /// Its name.
        let name: String
        /// What it was checked on.
        let subject: String
        /// Whether it holds; nil where it could not be checked.
        let holds: Bool?
        /// A sentence.
        let text: String
    }

    let data: DataOption
    /// Whether each model is trained again.
    let retrains: Bool
    /// A line that was kept elsewhere, and a backup.
    let (expect, backup): (PastCheck.Line?, Backup?)
    private(set) var links: [Link] = []
    /// Logs whose own seals are right, by their names in a backup.
    private var soundLogs: [String] = []
    private var progress = Progress()

    init(_ data: DataOption, retrains: Bool, expect: PastCheck.Line?, backup: Backup?) {
        (self.data, self.retrains) = (data, retrains)
        (self.expect, self.backup) = (expect, backup)
    }

    /// Checks the facts, the chains of some runs, and what lies elsewhere.
    mutating func run(_ runs: [String]) throws {
        defer { progress.clear() }
        try checkLinks(runs)
        if let expect, soundLogs.contains("log") { try anchor(expect) }
        if let backup {
            progress.show("reading the backup")
            for found in try backup.verify(against: data.folder, sound: soundLogs) {
                add("backup", found.name, found.holds, found.text)
            }
        }
    }

    private mutating func anchor(_ line: PastCheck.Line) throws {
        let past = try PastCheck(
            try EventLog.open(at: data.folder.log), [line], signedBy: nil)
        add("anchor", "data", past.holds, past.sentence)
    }

    private mutating func checkLinks(_ runs: [String]) throws {
        // What is broken is not read on: a broken page would end this process.
        guard try sound("data", of: data.folder.log, kind: .data) else { return }
        if FileManager.default.fileExists(atPath: "\(data.folder.trials)/data.mdb") {
            _ = try sound("trials", of: data.folder.trials, kind: .trials)
        }
        let log = try EventLog.open(at: data.folder.log)
        var timelines: [Digest: Bool] = [:]
        for name in try ChainCheck.withParents(runs, in: data.folder) {
            do {
                guard try sound(name, of: try data.folder.existingRun(name), kind: .run) else {
                    continue
                }
                let run = try data.folder.openRun(name)
                let seal = try run.timeline.head().seal
                if timelines[seal] == nil {
                    let holds = try sound(name, of: run.timeline.path, kind: .timeline)
                    timelines[seal] = holds
                    // What a fork changed of the facts is proven against its parent's.
                    if holds, run.manifest?.live != nil {
                        try moved(run, from: log)
                    } else if holds, try ForkStart.read(run)?.act.facts == nil {
                        try timeline(seal, log)
                    }
                }
                guard timelines[seal] == true else { continue }
                try fork(run)
                try decided(run)
                try artefacts(run)
                try views(name)
            } catch let error as LogError where error.systemCode != nil {
                add("run", name, nil, "could not be checked: \(error)")
            } catch {
                add("run", name, false, "\(error)")
            }
        }
        caches()
        try views(nil)
    }

    mutating func add(_ name: String, _ subject: String, _ holds: Bool?, _ text: String) {
        links.append(Link(name: name, subject: subject, holds: holds, text: text))
    }

    /// A log's checksums, seals and kind; whether they hold.
    private mutating func sound(_ subject: String, of path: String, kind: LogKind) throws -> Bool {
        progress.show("checking the \(kind.name) log of \(subject)")
        var arguments = ["verify", "--data", data.data, "--child"]
        if kind == .run || kind == .timeline { arguments.append("--run=\(subject)") }
        if kind == .trials { arguments.append("--trials") }
        if kind == .timeline { arguments.append("--timeline") }
        let report = try LogVerifier.verifyInChild(
            path, executable: "/proc/self/exe", arguments: arguments)
        let found = report.unchecked != nil ? nil : report.isSound
        var text = report.sentence(path: path)
        var holds = found
        if found == true, let wrong = try LogVerifier.wrongKind(path, kind: kind) {
            (holds, text) = (false, wrong)
        }
        add("log", kind == .timeline ? "\(subject)'s timeline" : subject, holds, text)
        if holds == true {
            let name = FilePath.name(path)
            switch kind {
            case .data, .trials: soundLogs.append(name)
            case .run, .liveRun: soundLogs.append("runs/\(name)")
            case .liveTimeline: break
            case .timeline: soundLogs.append("timelines/\(name)")
            }
        }
        return holds == true
    }

    /// The timeline, derived again from the facts.
    private mutating func timeline(_ seal: Digest, _ log: EventLog) throws {
        let short = "\(seal)".prefix(16)
        for position in try Timeline.heads(log, giving: seal, in: data.folder) {
            progress.show("deriving timeline \(short) again, from the facts up to r\(position)")
            if try Timeline.rederived(log, through: position) == seal {
                return add(
                    "timeline", "\(short)", true,
                    "derived again from the facts up to r\(position): the same seal")
            }
        }
        add(
            "timeline", "\(short)", false,
            "the facts of no commit of the data log give it: the facts were changed since, or it was; "
                + "restore both from one backup")
    }

    /// The facts of a live run's timeline, each beside the one of the data log that it was moved
    /// from.
    private mutating func moved(_ run: OpenedRun, from log: EventLog) throws {
        progress.show("reading the facts that \(run.name) was moved")
        var count = 0
        var wrong: UInt64?
        try run.timeline.read { record in
            let origin = try Envelope(message: record.message).through
            guard origin > 0 else { return .proceed }
            count += 1
            var isSame = false
            let template = try MessageHeader(record.message).templateID
            _ = try log.record(at: origin) { fact in
                isSame = try MessageHeader(fact.message).templateID == template
            }
            if !isSame { wrong = record.position }
            return isSame ? .proceed : .stop
        }
        let name = "\(run.name)'s timeline"
        if let wrong {
            return add("timeline", name, false, "t\(wrong) is no fact of the data log")
        }
        add(
            "timeline", name, true,
            "\(count) facts name the one of the data log that they were moved from; that none was "
                + "known before it, recount verify --causality shows")
    }

    /// The run, decided again.
    private mutating func decided(_ run: OpenedRun) throws {
        progress.show("deciding run \(run.name) again")
        let report = try Reproduction.check(run, trainer: retrains ? data.retrainer : data.trainer)
        guard let position = report.position else {
            let how = retrains ? ", every model trained again" : ""
            return add(
                "run", run.name, true,
                "\(report.equal) events decided again are equal to the byte\(how)")
        }
        add(
            "run", run.name, false,
            "\(Reference.own(run.merged.sharedOwn + position)) \(report.finding ?? "differs"); "
                + "\(report.equal) events before it are equal")
    }

    /// The artefacts that a run names.
    private mutating func artefacts(_ run: OpenedRun) throws {
        progress.show("reading the artefacts of run \(run.name)")
        var named = 0
        var lost: [String] = []
        try run.merged.readOwn { reference, message in
            guard try MessageHeader(message).templateID == ModelTrained.templateID else {
                return .proceed
            }
            let model = try ModelTrained(message: message)
            named += 1
            do {
                _ = try data.models.read(model.artefact)
            } catch {
                lost.append("\(reference): \(error)")
            }
            return .proceed
        }
        if let first = lost.first {
            add("artefacts", run.name, false, "\(lost.count) of \(named) are lost: \(first)")
        } else {
            add(
                "artefacts", run.name, true,
                named == 0 ? "it names none" : "\(named) models have the SHA-256 that it names")
        }
    }

    private mutating func caches() {
        progress.show("reading the cache of trainings")
        let (entries, findings) = data.models.checkCache()
        if let first = findings.first {
            add("cache", "models/cache", false, "\(findings.count) of \(entries) entries: \(first)")
        } else {
            add(
                "cache", "models/cache", true,
                "\(entries) entries are whole, with their artefacts"
                    + (retrains || entries == 0
                        ? "" : "; that they are what training gives, --retrain shows"))
        }
    }

    private mutating func views(_ run: String?) throws {
        let name = run ?? "data"
        progress.show("folding the read models of \(name) again")
        for (projection, isEqual, text) in try ReadModelCheck.foldAgain(data.folder, run: run) {
            add("view", "\(name)/\(projection)", isEqual, text)
        }
    }
}
