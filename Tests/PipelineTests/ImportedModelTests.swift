import Audit
import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("Models of other tools meet the same gate")
struct ImportedModelTests {
    private let folder = TemporaryFolder()
    private let world = SmallWorld(sessions: 420)
    private var trained: Day { world.days[150] }

    private func run(_ name: String, _ facts: [any EventMessage], settings: [String] = [])
        throws -> (run: EventLog, timeline: EventLog, loop: LoopStrategy)
    {
        // Derived from a data log, as a command does it.
        let data = DataFolder("\(folder.path)/\(name)")
        let log = try EventLog.create(
            at: data.log,
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        try log.append(now: Instant(world.days[419] + 30)) { (batch: inout AppendBatch) in
            for message in world.facts { batch.append(encoded: message.span.bytes) }
            let model = batch.nextPosition
            for fact in facts {
                if var predictions = fact as? PredictionsImported {
                    predictions.model = .own(model)
                    batch.append(predictions)
                } else {
                    batch.append(encoded: fact.encoded().span.bytes)
                }
            }
        }
        let timeline = try EventLog.open(at: try Timeline.ensure(data, log: log).path)
        let loop = try SmallWorld.strategy(SmallWorld.learning + settings)
        _ = try Run.make(
            loop, timeline: timeline, at: try data.run("run"),
            trainer: StumpTrainer(failing: 0..<999))
        return (try EventLog.open(at: try data.run("run")), timeline, loop)
    }

    /// What the simulator came to for every evaluation, as another tool would have it afterwards.
    private func labels() throws -> [TrainingRow] {
        let quiet = try run("quiet", [])
        return try TrainingReplay.history(
            of: MergedLog(quiet.run, over: quiet.timeline), quiet.loop.configuration, asOf: .end
        ).mature.filter { $0.label != nil && $0.decidedOn > trained }
    }

    /// A model that knows the answer of most rows, or says the opposite.
    private func facts(_ rows: [TrainingRow], isRight: Bool) -> [any EventMessage] {
        let days = world.days.filter { $0 > trained }
        func envelope(_ day: Day) -> Envelope {
            let known = Instant(day, hour: 21)
            return Envelope(knownAt: known, recordedAt: known, actor: .importer, flags: .hindsight)
        }
        let source = Digest(w0: isRight ? 7 : 8, w1: 0, w2: 0, w3: 0)
        var facts: [any EventMessage] = [
            ModelImported(
                envelope: envelope(days[0]), source: source, trainedThrough: trained,
                featureSchema: 0, modelName: "theirs", quantileMap: [])
        ]
        for day in days {
            let known = rows.enumerated().filter { $0.element.decidedOn == day }
            guard !known.isEmpty else { continue }
            facts.append(
                PredictionsImported(
                    envelope: envelope(day), source: source, model: .none,
                    decidedAt: Instant(day + 1, hour: 5, minute: 30), part: 0,
                    predictions: known.map { index, row in
                        let isWin = (row.label?.outcome == .win) == (isRight && index % 10 != 0)
                        let win: Float = isWin ? 0.8 : 0.1
                        return PredictionsImported.Prediction(
                            ticker: row.ticker, win: win, loss: 0.9 - win, breakeven: 0.1)
                    }))
        }
        return facts
    }

    @Test(
        "a good one is held until rows are mature, promoted by the gate, and decides from then on")
    func good() throws {
        let rows = try labels()
        #expect(rows.count > 300, "\(rows.count)")
        let acted = try run("good", facts(rows, isRight: true), settings: [])
        var promotion: ModelPromoted?
        var (waits, compared): ([ModelHeldAsCandidate], [ModelCompared]) = ([], [])
        var (shadow, decided, silent) = (0, 0, 0)
        var isBlended = false
        try acted.run.read { record in
            if let event = try? ModelHeldAsCandidate(message: record.message) {
                waits.append(event)
            }
            if let event = try? ModelCompared(message: record.message) { compared.append(event) }
            if let event = try? ModelPromoted(message: record.message) { promotion = event }
            guard let signal = try? SignalGenerated(message: record.message) else {
                return .proceed
            }
            if let prediction = signal.predictions.first {
                #expect(prediction.model.isTimeline)
                #expect(prediction.role == (promotion == nil ? .candidate : .champion))
                if promotion == nil { shadow += 1 } else { decided += 1 }
                if promotion != nil, signal.confidence != signal.heuristicConfidence {
                    isBlended = true
                }
            } else {
                silent += 1
            }
            #expect(signal.champion == .none || signal.champion == promotion?.model)
            return .proceed
        }
        #expect(shadow > 20 && decided > 20 && silent > 20 && isBlended, "\(shadow) \(decided)")
        #expect(
            waits.first?.reason == .awaitingHoldout && waits.first?.comparison == Reference.none)
        let first = try #require(compared.first)
        #expect(compared.count == 1 && first.challenger.isTimeline && first.rows >= 100)
        let from = try #require(first.holdoutFrom)
        #expect(world.days.filter { $0 > trained && $0 < from }.count >= 5)
        #expect(promotion?.model == first.challenger && promotion?.cause == .gate)
        let audit = try Causality.check(
            run: acted.run, timeline: acted.timeline, configuration: acted.loop.configuration)
        #expect(audit.isSound && audit.holdouts == 1, "\(audit.findings.prefix(3))")
        let same = try MaturedReading.difference(
            of: MergedLog(acted.run, over: acted.timeline), acted.loop.configuration,
            asOf: .end, challenger: first.challenger,
            champion: first.challenger
        ) { _ in throw CancellationError() }
        #expect(same.mean == 0 && same.rows > 50, "its table is asked, no trees: \(same.rows)")
        let again = try Reproduction.check(
            acted.loop, run: acted.run, timeline: acted.timeline, window: ReplayWindow(),
            trainer: StumpTrainer(failing: 0..<999))
        #expect(again.position == nil, "\(again.finding ?? "")")
    }

    @Test("an audit finds what a model was not told to say, or not by then")
    func audited() throws {
        let rows = try labels()
        let informed = try run("told", facts(rows, isRight: true))
        let other = try run("other", facts(rows, isRight: false))
        let audit = try Causality.check(run: informed.run, timeline: other.timeline)
        #expect(audit.findings.contains { $0.text.contains("was not told to say so by then") })
        let late = facts(rows, isRight: true).map { fact -> any EventMessage in
            guard var fact = fact as? PredictionsImported else { return fact }
            let known = fact.decidedAt.adding(seconds: 3_600)
            (fact.envelope.knownAt, fact.envelope.recordedAt) = (known, known)
            return fact
        }
        let silent = try run("late", late)
        try silent.run.read { record in
            if let signal = try? SignalGenerated(message: record.message) {
                #expect(signal.predictions.isEmpty, "it came after the decision")
            }
            return .proceed
        }
    }

    @Test("on the feed of trade dates each prediction names its model where that stands now")
    func reordered() throws {
        let informed = try run("told", facts(try labels(), isRight: true))
        var (models, named): ([Reference], [Reference]) = ([], [])
        try TimelineFeed(informed.timeline).knownWhenTraded().each { number, message in
            switch try MessageHeader(message).templateID {
            case ModelImported.templateID: models.append(.timeline(UInt64(number) + 1))
            case PredictionsImported.templateID:
                named.append(try PredictionsImported(message: message).model)
            default: break
            }
            return .proceed
        }
        #expect(models.count == 1 && named.count > 50 && named.allSatisfy { $0 == models[0] })
        let before = try PredictionsImportedReading.models(informed.timeline)
        #expect(before != models, "its place is another")
    }

    @Test("one that is wrong is held, and promoted by hand it decides all the same")
    func wrong() throws {
        let rows = try labels()
        let theirs = facts(rows, isRight: false)
        let acted = try run("wrong", theirs)
        var (held, promoted): ([ModelHeldAsCandidate], Int) = ([], 0)
        try acted.run.read { record in
            if let event = try? ModelHeldAsCandidate(message: record.message) { held.append(event) }
            if (try? ModelPromoted(message: record.message)) != nil { promoted += 1 }
            return .proceed
        }
        #expect(promoted == 0 && held.last?.comparison != Reference.none)
        var act = SmallWorld.promotion(
            Digest(w0: 8, w1: 0, w2: 0, w3: 0), at: Instant(world.days[300] + 1, hour: 12))
        act.envelope.actor = .person
        let forced = try run("forced", theirs + [act])
        let champion = try #require(try ChampionHistory(MergedLog(forced.run)).champion)
        #expect(champion.model.isTimeline && champion.artefact == act.artefact)
    }

    @Test("a later model of the same name retires one that is still a candidate")
    func superseded() throws {
        let rows = try labels()
        let theirs = facts(rows, isRight: false)
        guard var next = theirs.first as? ModelImported else { throw CancellationError() }
        next.source.w1 = 5
        next.trainedThrough = world.days[200]
        let known = Instant(world.days[210], hour: 21)
        (next.envelope.knownAt, next.envelope.recordedAt) = (known, known)
        let acted = try run("superseded", theirs + [next])
        var retired: [ModelRetired] = []
        try acted.run.read { record in
            if let event = try? ModelRetired(message: record.message) { retired.append(event) }
            return .proceed
        }
        #expect(retired.map(\.reason) == [.superseded])
        #expect(retired.allSatisfy { $0.model.isTimeline && $0.successor.isTimeline })
    }
}

/// Where models of other tools stand in a timeline.
private enum PredictionsImportedReading {
    static func models(_ timeline: EventLog) throws -> [Reference] {
        var models: [Reference] = []
        try timeline.read { record in
            if try MessageHeader(record.message).templateID == ModelImported.templateID {
                models.append(.timeline(record.position))
            }
            return .proceed
        }
        return models
    }
}
