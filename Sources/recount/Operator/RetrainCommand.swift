import Application
import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Pipeline

/// `recount retrain`
struct RetrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrain",
        abstract:
            "Ask for a training now, replay, and say what it did; fails when it trained nothing.",
        discussion: """
            The request is a fact of the data log, known from now on: every replay trains at that \
            instant. It carries what is given here; what is not stays the strategy's, of each run \
            that reads it. With --run the replay is kept as a run, else it only tells. Exit code \
            65 when nothing was trained, with the count of every row and why it was not used.

            Example: recount retrain --use-outcomes --outcome-window-days 60 --data DIR \
            --like first --run second
            """)

    @Flag(
        inversion: .prefixedNo,
        help: "Outcome rows too: what trades that were made came to; none by default.")
    var useOutcomes: Bool?
    @Option(
        name: .long,
        help: ArgumentHelp("Calendar days of outcome rows, 1 to 3650.", valueName: "days"))
    var outcomeWindowDays: Int?
    @Option(
        name: .long,
        help: ArgumentHelp("Decision sessions of market rows, 1 to 5000.", valueName: "sessions"))
    var lookback: Int?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Average weight of outcome rows, 0 to 100; market rows have 1.", valueName: "number"))
    var outcomeWeight: Double?
    @Flag(
        inversion: .prefixedNo,
        help: "Compare the model with the champion; else it stays a candidate, uncompared.")
    var compare = true
    @OptionGroup var option: StrategyOption
    @Option(
        name: .customLong("run"), help: ArgumentHelp("Keep the replay as a run.", valueName: "name")
    )
    var runName: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Who; the name of the account otherwise.", valueName: "name"))
    var who: String?
    @Flag(name: .long, help: "One JSON object.") var json = false

    /// What is asked for in place of the strategy's rules.
    private var terms: TrainingTerms {
        var terms = TrainingTerms()
        (terms.useOutcomes, terms.outcomeWindowDays) = (useOutcomes, outcomeWindowDays)
        (terms.lookbackSessions, terms.outcomeWeight) = (lookback, outcomeWeight)
        if !compare { terms.compareToCurrent = false }
        return terms
    }

    func validate() throws {
        try Person.check(who)
        do {
            try TrainingJob.check(terms)
        } catch {
            throw ValidationError(error.text { "--\($0.replacing("_", with: "-"))" })
        }
    }

    func run() throws {
        let (loop, window) = try option.loop()
        try TrainingJob.check(terms, under: loop.configuration)
        guard loop.jobs.contains(.training) else {
            throw ValidationError("\(loop.name) trains no models; add --set train=true")
        }
        let path = try runName.map { try option.data.folder.newRun($0) }
        if let path, FileManager.default.fileExists(atPath: "\(path)/data.mdb") {
            throw LogError.exists(path: path)
        }
        let log = try option.data.openForWriting()
        var ledger = OperatorLedger()
        try ledger.read(log)
        let recorded = try ledger.retrain(
            useOutcomes == true ? .feedbackRetraining : .training, terms, who: Person.name(who),
            in: log, now: wallClock())
        guard let instant = recorded.recordedAt else {
            preconditionFailure("a training asked for now was not asked for before")
        }
        let story = try replay(loop, window, path, at: instant)
        let text = RetrainText(
            story: story, fact: recorded.position, run: runName, seal: try option.data.anchor())
        print(json ? text.json : text.text)
        if !json { try option.data.printAnchor() }
        ModelCache.bound(option.data)
        if !story.isTrained { throw ExitCode(65) }
    }

    /// Replays, and keeps what was recorded at an instant.
    private func replay(
        _ loop: LoopStrategy, _ window: ReplayWindow, _ path: String?, at instant: Instant
    ) throws -> TrainingStory {
        var progress = Progress()
        defer { progress.clear() }
        let timeline = try option.timeline()
        let sessions = try TimelineSessions(timeline, window: window)
        var story = TrainingStory()
        guard let path else {
            var rows = ReplayedRows()
            _ = try Run.rehearse(
                loop, timeline: timeline, window: window, trainer: option.data.trainer,
                progress: { progress.show($0, of: sessions) },
                event: {
                    if story.requested == nil { try rows.take($0) }
                    try story.take($0, at: instant)
                })
            guard let request = story.requested else { return story }
            var history = try rows.history(loop.configuration) { body in
                try timeline.read { try body($0.position, $0.message) }
            }
            story.age = OutcomeAge(history.trainingSet(request), at: instant)
            return story
        }
        _ = try Run.make(
            loop, timeline: timeline, at: path, window: window, trainer: option.data.trainer
        ) { progress.show($0, of: sessions) }
        try EventLog.open(at: path).read { record in
            try story.take(record.message, at: instant)
            return .proceed
        }
        story.age = try LearningReading(
            of: MergedLog(try EventLog.open(at: path), over: timeline), loop.configuration
        ).ages.last { $0.at == instant }
        return story
    }
}

/// A training by hand, for people and programs.
struct RetrainText {
    let story: TrainingStory
    let fact: UInt64
    let run: String?
    let seal: String?

    private var unused: String {
        story.unused.isEmpty
            ? "none" : story.unused.map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
    }

    private var verdict: String {
        guard story.isTrained else { return "the champion stays" }
        if story.isPromoted { return "promoted: it is the champion" }
        return "held as candidate: \(story.held.map { "\($0)" } ?? "not compared")"
    }

    var text: String {
        var lines = ["r\(fact) of the data log asks for a training; every replay reads it"]
        if let model = story.trained {
            lines.append(
                "trained \("\(model.artefact)".prefix(12))… on \(model.trainRows) rows "
                    + "(\(model.outcomeRows) outcomes, \(model.marketRows) market), "
                    + "\(model.earlyStopRows) to stop early, \(model.rounds) rounds; labels through "
                    + "\(model.labelsThrough)")
        } else if let failed = story.failed {
            lines.append(
                "TRAINED NOTHING: \(failed.reason), "
                    + "\(String(decoding: failed.text, as: UTF8.self)); \(failed.trainRows) rows, "
                    + "\(failed.outcomeRows) of them outcomes, \(failed.wins) wins, "
                    + "\(failed.losses) losses by the labels' return")
        } else {
            lines.append("TRAINED NOTHING: \(story.refused ?? "no session had closed")")
        }
        if story.requested?.useOutcomes == true, let age = story.age {
            lines.append("learnt from: \(age.text)")
        }
        lines.append("not used: \(unused)")
        if let compared = story.compared {
            lines.append(
                "compared on \(compared.rows) rows: accuracy "
                    + "\(ModelsText.fraction(compared.accuracyNew)) against "
                    + "\(ModelsText.fraction(compared.accuracyOld)), F1 "
                    + "\(ModelsText.fraction(compared.f1New)) against "
                    + "\(ModelsText.fraction(compared.f1Old)), rule \(compared.ruleVerdict) "
                    + "(\(compared.reason)), evidence \(compared.evidenceVerdict)")
        }
        lines.append(verdict + (run.map { "; run \($0) holds it" } ?? ""))
        return lines.joined(separator: "\n")
    }

    /// What the gate compared, by the names of the read model; null where nothing was.
    var json: String {
        var object = JSONObject()
        object.integer("position", fact)
        object.boolean("trained", story.isTrained)
        object.text("artifact_sha256", story.trained.map { "\($0.artefact)" })
        object.integer("training_samples", story.trained?.trainRows ?? story.failed?.trainRows)
        object.integer("outcome_rows", story.trained?.outcomeRows ?? story.failed?.outcomeRows)
        object.integer("newest_outcome_days", story.age?.newest)
        object.real("median_outcome_days", story.age?.median)
        object.text("error", story.failed.map { "\($0.reason)" } ?? story.refused)
        var unused = JSONObject()
        for (reason, count) in story.unused { unused.integer("\(reason)", count) }
        object.json("unused", unused.text)
        object.json("request", story.request)
        object.json("comparison", story.comparison)
        object.boolean("promoted", story.isPromoted)
        object.text("held", story.held.map { "\($0)" })
        object.text("run", run)
        object.text("seal", seal)
        return object.text
    }
}
