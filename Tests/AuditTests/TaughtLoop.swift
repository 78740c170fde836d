import Events
import FeedbackLoop
import Learning
import Market

/// The loop under its own name, taught from rows that it should not have had.
///
/// It keeps rows of its own beside the loop's, and cuts each training set by a rule with a plant.
struct TaughtLoop: Strategy {
    /// Changes what a training set is cut from, or how.
    typealias Plant = @Sendable (inout TrainingSet.Supply, inout TrainingRules, Immature) -> Void

    /// Rows whose labels are not mature, each with its trade as it stands.
    struct Immature {
        let immature: [LabelBook.Immature]
        let rules: LabelRules
        let session: Int
    }

    private var loop: LoopStrategy
    private let sessions: [[UInt8]]
    private let indices: [[UInt8]]
    private let plant: Plant
    private var immature: ImmatureRows
    private var mature: [TrainingRow] = []
    private var traded = Lookup<Reference, TradedOutcome>()

    init(_ loop: LoopStrategy, facts: [[UInt8]], plant: @escaping Plant) {
        (self.loop, self.plant) = (loop, plant)
        sessions = facts.filter { (try? SessionClosed(bytes: $0)) != nil }
        indices = facts.filter { (try? IndexClosed(bytes: $0)) != nil }
        immature = ImmatureRows(
            rules: loop.configuration.labelRules,
            rangeSessions: loop.configuration.rangeSessions)
    }

    var name: String { loop.name }
    var canonicalText: String { loop.canonicalText }
    var rules: MarketRules { loop.rules }
    var startCash: Money { loop.startCash }
    var historySessions: Int { loop.historySessions }
    var breakeven: Double { loop.breakeven }
    var jobs: [JobKind] { loop.jobs }

    func features(of signal: Reference) -> [Float] { loop.features(of: signal) }

    mutating func learn(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)
    {
        try loop.learn(message, templateID: templateID, at: position)
    }

    mutating func passOver(_ world: borrowing World, at now: Instant) {
        loop.passOver(world, at: now)
    }

    mutating func afterClose(_ world: inout World, _ recorder: inout Recorder) {
        loop.afterClose(&world, &recorder)
        let (index, bytes) = (indices[world.session], sessions[world.session])
        do {
            immature.close(try IndexClosedView(index.span.bytes))
            mature += immature.close(try SessionClosedView(bytes.span.bytes))
        } catch {
            preconditionFailure("a session of the world decodes")
        }
    }

    mutating func cycle(_ world: inout World, _ recorder: inout Recorder) {
        let first = recorder.ends.count
        loop.cycle(&world, &recorder)
        note(recorder, from: first, session: world.session)
    }

    mutating func weekly(_ world: inout World, _ recorder: inout Recorder) {
        let first = recorder.ends.count
        loop.weekly(&world, &recorder)
        note(recorder, from: first, session: world.session)
    }

    private mutating func note(_ recorder: borrowing Recorder, from first: Int, session: Int) {
        let base = Int(recorder.position) - recorder.ends.count
        for index in first..<recorder.ends.count {
            let start = index == 0 ? 0 : recorder.ends[index - 1]
            let message = recorder.arena.bytes.extracting(start..<recorder.ends[index])
            let reference = Reference.own(UInt64(base + index + 1))
            if let view = try? SignalGeneratedView(message) {
                immature.add(TrainingRow(view, reference, session: session))
            } else if let view = try? SignalSuppressedView(message) {
                immature.add(TrainingRow(view, reference, session: session))
            }
        }
    }

    mutating func learn(_ outcomes: [FillToOutcome.Recorded]) {
        loop.learn(outcomes)
        for outcome in outcomes {
            traded[outcome.event.signal] = TradedOutcome(
                outcome.event, outcome.reference, loop.configuration.labelRules.measure)
        }
    }

    mutating func run(
        _ job: JobKind, _ context: JobContext, _ world: borrowing World, _ recorder: inout Recorder
    ) -> JobAnswer {
        let answer = loop.run(job, context, world, &recorder)
        guard let order = answer.order else { return answer }
        var rules = loop.configuration.trainingRules
        rules.useOutcomes = order.request.useOutcomes
        let labels = loop.configuration.labelRules
        var supply = TrainingSet.Supply(
            mature: MatureRows(mature), immature: immature.labels.immature.count, traded: traded,
            latestMatureSession: immature.labels.latestMatureSession(decidedThrough: world.session),
            columns: FeatureCatalogue.count)
        plant(
            &supply, &rules,
            Immature(immature: immature.labels.immature, rules: labels, session: world.session))
        let set = TrainingSet.prepareOutcomeTrainingData(supply, rules) { labels.outcome($0) }
        return JobAnswer(
            TrainingOrder(
                reference: order.reference, request: order.request, set: set,
                parameters: order.parameters))
    }

    mutating func learn(
        _ reply: TrainingReply, to order: TrainingOrder, _ context: JobContext,
        _ world: borrowing World, _ recorder: inout Recorder
    ) {
        loop.learn(reply, to: order, context, world, &recorder)
    }
}

extension TaughtLoop.Immature {
    /// The rows whose trades are over, labelled by their exits: losers stop out early, so these are
    /// not the cohort.
    func closed(_ isWanted: (TrainingRow) -> Bool = { _ in true }) -> [TrainingRow] {
        immature.compactMap { immature in
            guard isWanted(immature.row), let exit = immature.trade.exit,
                let from = immature.trade.entryDay
            else { return nil }
            var row = immature.row
            row.label = TrainingRow.Label(
                netReturn: exit.netReturn, outcome: rules.outcome(exit.netReturn), from: from,
                to: exit.day, toSession: exit.session)
            return row
        }
    }
}
