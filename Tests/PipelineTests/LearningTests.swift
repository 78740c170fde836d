import EventLog
import Events
import FeedbackLoop
import Foundation
import Learning
import Market
import Pipeline
import TestKit
import TestWorlds
import Testing

@Suite("The loop learns")
struct LoopLearningTests {
    private let folder = TemporaryFolder()

    private func run(_ name: String, settings: [String] = [], trainer: any Trainer = StumpTrainer())
        throws -> EventLog
    {
        let world = SmallWorld(sessions: 420)
        let path = "\(folder.path)/timeline"
        let timeline =
            FileManager.default.fileExists(atPath: path)
            ? try EventLog.open(at: path)
            : try SmallWorld.log(world.facts, kind: .timeline, at: path)
        let loop = try SmallWorld.strategy(SmallWorld.learning + settings)
        let target = "\(folder.path)/\(name)"
        _ = try Run.make(loop, timeline: timeline, at: target, trainer: trainer)
        return try EventLog.open(at: target)
    }

    private func count(_ log: EventLog, _ template: UInt16) throws -> Int {
        var count = 0
        try log.read { record in
            if try MessageHeader(record.message).templateID == template { count += 1 }
            return .proceed
        }
        return count
    }

    @Test("the simulator's label is what executed trades came to, wherever nothing else ended them")
    func labelsEqualFills() throws {
        let log = try run("labels", settings: ["blend=false"])
        let world = SmallWorld(sessions: 420)
        guard
            case .loop(let loop) = try StrategyFile.load("feedback", settings: SmallWorld.settings)
        else { throw CancellationError() }
        var prices = PriceBook(historySessions: 300)
        var book = LabelBook(rules: loop.configuration.labelRules)
        var signals = Lookup<Reference, SignalGenerated>()
        var outcomes: [OutcomeRecorded] = []
        var pending: [(SignalGenerated, Reference)] = []
        try log.read { record in
            if let signal = try? SignalGenerated(message: record.message) {
                signals[.own(record.position)] = signal
                pending.append((signal, .own(record.position)))
            }
            if let outcome = try? OutcomeRecorded(message: record.message) {
                outcomes.append(outcome)
            }
            return .proceed
        }
        var labels = Lookup<Reference, TrainingRow>()
        var index = IndexBook()
        for fact in world.facts {
            let template = try MessageHeader(fact.span.bytes).templateID
            if template == IndexClosed.templateID {
                index.close(try IndexClosedView(fact.span.bytes))
            }
            guard template == SessionClosed.templateID else { continue }
            let session = try SessionClosedView(fact.span.bytes)
            prices.close(session.bars, of: session.day)
            for row in book.close(prices, index, day: session.day) { labels[row.signal] = row }
            for (signal, reference) in pending where signal.day == session.day {
                let slot = prices.slot(of: signal.ticker)
                book.add(
                    TrainingRow(
                        signal: reference, ticker: signal.ticker, decidedOn: signal.day,
                        session: prices.sessions - 1, features: [], heuristic: 0, arms: []),
                    averageTrueRange: slot.flatMap { prices.averageTrueRange($0, length: 20) },
                    slot: slot)
            }
        }
        var compared = 0
        for outcome in outcomes where outcome.reason != .oppositeSignal {
            guard let label = labels[outcome.signal]?.label else { continue }
            compared += 1
            #expect(
                abs(label.netReturn - (outcome.excessReturn ?? .nan)) < 1e-6, "\(outcome.ticker)")
            #expect(label.from == outcome.entryDay)
        }
        #expect(compared > 100, "\(compared) of \(outcomes.count)")
    }

    @Test("models are trained, compared and promoted; equal runs have equal seals")
    func learns() throws {
        let first = try run("first")
        #expect(try count(first, ModelTrained.templateID) > 10)
        #expect(try count(first, ModelCompared.templateID) > 5)
        #expect(try first.head().seal == (try run("second").head().seal))
    }

    @Test("no prediction ever comes from a model that is not the champion, or the candidate, then")
    func onlyPromotedPredict() throws {
        let log = try run("models", settings: ["gate=always"])
        var champion = Reference.none
        var candidate = Reference.none
        var predicted = 0
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case ModelTrained.templateID: candidate = .own(record.position)
            case ModelPromoted.templateID:
                champion = try ModelPromoted(message: record.message).model
                candidate = .none
            case SignalGenerated.templateID:
                let signal = try SignalGenerated(message: record.message)
                #expect(signal.champion == champion)
                for prediction in signal.predictions {
                    predicted += 1
                    #expect(
                        prediction.model == (prediction.role == .champion ? champion : candidate))
                }
            default: break
            }
            return .proceed
        }
        #expect(predicted > 100)
    }

    @Test("a trainer without memory is an event, and the loop goes on with its champion")
    func failure() throws {
        let log = try run(
            "failing", settings: ["gate=always"], trainer: StumpTrainer(failing: 3..<6))
        var failed: [TrainingFailed] = []
        var promotedAfter = 0
        try log.read { record in
            if let event = try? TrainingFailed(message: record.message), event.reason == .memory {
                failed.append(event)
            }
            if !failed.isEmpty, (try? ModelPromoted(message: record.message)) != nil {
                promotedAfter += 1
            }
            return .proceed
        }
        #expect(failed.count == 3 && promotedAfter > 0)
        #expect(failed.allSatisfy { String(decoding: $0.text, as: UTF8.self) == "no memory left" })
    }

    @Test("every label of a training was mature when it was asked for, whatever the trade did")
    func noEarlyLabel() throws {
        let log = try run("early")
        try log.read { record in
            guard let model = try? ModelTrained(message: record.message) else { return .proceed }
            let day = model.envelope.recordedAt.day
            #expect(model.labelsThrough < day)
            #expect(model.trainedThrough < model.labelsThrough)
            if let holdoutFrom = model.holdoutFrom {
                #expect(model.labelsThrough < holdoutFrom, "the holdout is independent")
            }
            return .proceed
        }
    }
}

extension LoopLearningTests {
    @Test("features are measured each Sunday over labels that were mature, and no job is left out")
    func featureAnalysis() throws {
        let log = try run("analysis")
        let world = SmallWorld(sessions: 420)
        let rows = try labelled(log, world)
        var finished: [(produced: UInt32, examined: UInt32)] = []
        var measured: [FeatureImportanceMeasured] = []
        try log.read { record in
            if let event = try? JobFinished(message: record.message), event.job == .featureAnalysis
            {
                finished.append((event.produced, event.examined))
            }
            if let event = try? FeatureImportanceMeasured(message: record.message) {
                measured.append(event)
            }
            return .proceed
        }
        let sundays = (world.days.last! - world.days[0]) / 7
        #expect(abs(finished.count - sundays) <= 1)
        #expect(measured.count > 30)
        #expect(
            finished.filter { $0.produced == 1 }.map(\.examined) == measured.map(\.rows))
        #expect(finished.allSatisfy { $0.produced == 1 || $0.examined < 3 })
        for event in measured {
            #expect(event.envelope.knownAt == Instant(event.day, hour: 1, minute: 30))
            #expect(event.day.isoWeekday == 7)
            let known = rows.filter { row in
                row.decidedOn > event.day - 90 && row.label.map { $0.to < event.day } ?? false
            }
            let analysis = try #require(FeatureAnalysis(known, columns: FeatureCatalogue.count))
            let again = analysis.message(envelope: event.envelope, day: event.day, windowDays: 90)
            #expect(again.encoded() == event.encoded(), "\(event.day)")
        }
    }

    /// Every evaluation of a run with the label that its world's prices give, in order of maturity,
    /// found without the loop.
    private func labelled(_ log: EventLog, _ world: SmallWorld) throws -> [TrainingRow] {
        let rules = try SmallWorld.strategy(SmallWorld.learning).configuration.labelRules
        var pending: [TrainingRow] = []
        func take(_ position: UInt64, _ ticker: Ticker, _ day: Day, _ features: [Float]) {
            pending.append(
                TrainingRow(
                    signal: .own(position), ticker: ticker, decidedOn: day, session: 0,
                    features: features, heuristic: 0, arms: []))
        }
        try log.read { record in
            if let event = try? SignalGenerated(message: record.message) {
                take(record.position, event.ticker, event.day, event.features.map(\.value))
            }
            if let event = try? SignalSuppressed(message: record.message) {
                take(record.position, event.ticker, event.day, event.features.map(\.value))
            }
            return .proceed
        }
        var prices = PriceBook(historySessions: 300)
        var book = LabelBook(rules: rules)
        var mature: [TrainingRow] = []
        var index = IndexBook()
        for fact in world.facts {
            let template = try MessageHeader(fact.span.bytes).templateID
            if template == IndexClosed.templateID {
                index.close(try IndexClosedView(fact.span.bytes))
            }
            guard template == SessionClosed.templateID else { continue }
            let session = try SessionClosedView(fact.span.bytes)
            prices.close(session.bars, of: session.day)
            mature += book.close(prices, index, day: session.day)
            for var row in pending where row.decidedOn == session.day {
                row.session = prices.sessions - 1
                let slot = prices.slot(of: row.ticker)
                book.add(
                    row,
                    averageTrueRange: slot.flatMap { prices.averageTrueRange($0, length: 20) },
                    slot: slot)
            }
        }
        return mature
    }
}
