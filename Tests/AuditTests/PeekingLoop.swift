import Events
import FeedbackLoop
import Learning
import Market

/// The loop under its own name, one part of which is shown one thing ahead of its time. What it
/// records agrees with itself: nothing but another future tells it from the loop.
struct PeekingLoop: Strategy {
    private var loop: LoopStrategy
    private let peek: Peek
    private let future: Future
    /// Prices and levels as the look ahead shows them.
    private var seen: World
    /// Filings that were read, in order.
    private var readFilings = 0

    init(_ loop: LoopStrategy, facts: [[UInt8]], _ peek: Peek) throws {
        (self.loop, self.peek) = (loop, peek)
        future = try Future(facts, peek)
        seen = World(
            rules: loop.rules, cash: loop.startCash, historySessions: loop.historySessions)
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
        if peek.kind == .restraint(.filing), future.falling[fact.position] != nil { return }
        if let changed = future.changed[fact.position] {
            try loop.learn(changed.span.bytes, templateID: templateID, at: fact)
        } else if peek.kind != .early || templateID != DisclosureFiled.templateID {
            try loop.learn(message, templateID: templateID, at: fact)
        }
    }

    mutating func begin(cycleAt instant: Instant, isInWindow: Bool) {
        if isInWindow, peek.kind == .early { readEarly(instant) }
        loop.begin(cycleAt: instant, isInWindow: isInWindow)
    }

    mutating func endCycle() { loop.endCycle() }

    mutating func close(_ world: borrowing World, isInWindow: Bool) {
        do {
            if case .session = peek.kind { try look(world.session) }
        } catch {
            preconditionFailure("doctored facts decode")
        }
        guard let view = view(.close, world) else {
            return loop.close(world, isInWindow: isInWindow)
        }
        loop.close(view.with(world.portfolio), isInWindow: isInWindow)
    }

    /// Takes the session of a number as the look ahead has it.
    private mutating func look(_ number: Int) throws {
        let session = future.sessions[number]
        seen.close(try SessionClosedView(session.span.bytes))
        let index = future.indices[number]
        seen.index.close(try IndexClosedView(index.span.bytes))
        guard number < future.volatilities.count else { return }
        let volatility = future.volatilities[number]
        seen.volatility.close(try IndexClosedView(volatility.span.bytes))
    }

    mutating func decide(_ stage: Stage, _ desk: inout Desk) throws(LoopError) -> StageAnswer {
        switch stage {
        case .close: return try show(.close, stage, &desk)
        case .cycle:
            if peek.kind == .restraint(.cycle), !future.isRising[desk.world.session] {
                return StageAnswer()
            }
            return try show(.cycle, stage, &desk)
        case .weekly:
            if peek.kind == .restraint(.weekly), !future.isRising[desk.world.session] {
                return StageAnswer()
            }
            return try show(.weekly, stage, &desk)
        default: return try loop.decide(stage, &desk)
        }
    }

    /// Reads the filings of the days ahead, as if they were known now.
    private mutating func readEarly(_ now: Instant) {
        let bound = now.adding(seconds: Int64(peek.lag) * 86_400)
        while readFilings < future.filings.count,
            future.filings[readFilings].filing.envelope.knownAt <= bound
        {
            var (position, filing) = future.filings[readFilings]
            filing.envelope.knownAt = min(filing.envelope.knownAt, now)
            readFilings += 1
            do {
                try read(filing, at: position)
            } catch {
                preconditionFailure("a filing decodes")
            }
        }
    }

    private mutating func read(_ filing: DisclosureFiled, at position: UInt64) throws {
        let bytes = filing.encoded()
        try loop.learn(
            bytes.span.bytes, templateID: DisclosureFiled.templateID, at: .timeline(position))
    }

    /// The world as the look ahead shows it to a decider; nil where it shows it nothing.
    private func view(_ decider: Peek.Decider, _ world: borrowing World) -> World? {
        guard case .session(decider, let sight) = peek.kind else { return nil }
        var shown = copy world
        switch sight {
        case .index: shown.index = seen.index
        case .volatility: shown.volatility = seen.volatility
        default: shown.prices = seen.prices
        }
        return shown
    }

    /// Lends the loop the world, to this decider as the look ahead shows it.
    private mutating func show(
        _ decider: Peek.Decider, _ stage: Stage, _ desk: inout Desk
    ) throws(LoopError) -> StageAnswer {
        guard let view = view(decider, desk.world) else { return try loop.decide(stage, &desk) }
        return try desk.showing(view) { desk throws(LoopError) in
            try loop.decide(stage, &desk)
        }
    }

    mutating func lend(
        _ trees: TreeEnsemble, _ artefact: Digest, predictions: [TreeEnsemble.Probabilities]
    ) {
        loop.lend(trees, artefact, predictions: predictions)
    }
}
