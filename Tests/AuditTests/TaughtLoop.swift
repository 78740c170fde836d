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
    /// Events that were looked at.
    private var noted = 0

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
    var measuresExcess: Bool { loop.measuresExcess }
    var jobs: [JobKind] { loop.jobs }

    static var closingEvents: [UInt16] { LoopStrategy.closingEvents }

    var state: LoopState {
        get { loop.state }
        _modify { yield &loop.state }
    }

    func features(of signal: Reference) -> [Float] { loop.features(of: signal) }

    mutating func learn(_ message: RawSpan, templateID: UInt16, at fact: Reference)
        throws(DecodingError)
    {
        try loop.learn(message, templateID: templateID, at: fact)
    }

    mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
        loop.begin(cycleAt: instant, isInWindow: isInWindow)
    }

    mutating func endCycle() { loop.endCycle() }

    mutating func close(_ world: borrowing World, isInWindow: Bool) {
        loop.close(world, isInWindow: isInWindow)
        let (index, bytes) = (indices[world.session], sessions[world.session])
        do {
            immature.close(try IndexClosedView(index.span.bytes))
            mature += immature.close(try SessionClosedView(bytes.span.bytes))
        } catch {
            preconditionFailure("a session of the world decodes")
        }
    }

    mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer {
        var answer = try loop.decide(stage, &desk)
        note(desk.recorder, session: desk.world.session)
        if case .job = stage { answer.order = answer.order.map { planted($0, desk.world) } }
        return answer
    }

    mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities]
    ) {
        loop.lend(trees, artefact, predictions: predictions)
    }

    /// Takes the evaluations and outcomes that were recorded since it was last asked to.
    private mutating func note(_ recorder: borrowing Recorder, session: Int) {
        let base = Int(recorder.position) - recorder.ends.count
        for index in max(0, noted - base)..<max(recorder.ends.count, noted - base) {
            let start = index == 0 ? 0 : recorder.ends[index - 1]
            let message = recorder.arena.bytes.extracting(start..<recorder.ends[index])
            let reference = Reference.own(UInt64(base + index + 1))
            if let view = try? SignalGeneratedView(message) {
                immature.add(TrainingRow(view, reference, session: session))
            } else if let view = try? SignalSuppressedView(message) {
                immature.add(TrainingRow(view, reference, session: session))
            } else if let event = try? OutcomeRecorded(message: message) {
                traded[event.signal] = TradedOutcome(
                    event, reference, loop.configuration.labelRules.measure)
            }
        }
        noted = Int(recorder.position)
    }

    /// The order with a set that is cut by the rule with a plant.
    private func planted(_ order: TrainingOrder, _ world: borrowing World) -> TrainingOrder {
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
        return TrainingOrder(
            reference: order.reference, request: order.request, set: set,
            parameters: order.parameters)
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
