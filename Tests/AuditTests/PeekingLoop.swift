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
    var jobs: [JobKind] { loop.jobs }

    func features(of signal: Reference) -> [Float] { loop.features(of: signal) }

    mutating func learn(_ outcomes: [FillToOutcome.Recorded]) { loop.learn(outcomes) }

    mutating func learn(_ message: RawSpan, templateID: UInt16, at position: UInt64)
        throws(DecodingError)
    {
        if peek.kind == .restraint(.filing), future.falling[position] != nil { return }
        if let changed = future.changed[position] {
            try loop.learn(changed.span.bytes, templateID: templateID, at: position)
        } else if peek.kind != .early || templateID != DisclosureFiled.templateID {
            try loop.learn(message, templateID: templateID, at: position)
        }
    }

    mutating func passOver(_ world: borrowing World, at now: Instant) {
        loop.passOver(world, at: now)
    }

    mutating func afterClose(_ world: inout World, _ recorder: inout Recorder) {
        do {
            if case .session = peek.kind { try look(world.session) }
        } catch {
            preconditionFailure("doctored facts decode")
        }
        show(.close, &world) { $0.afterClose(&$1, &recorder) }
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

    mutating func cycle(_ world: inout World, _ recorder: inout Recorder) {
        if peek.kind == .early { readEarly(recorder.now) }
        if peek.kind == .restraint(.cycle), !future.isRising[world.session] { return }
        show(.cycle, &world) { $0.cycle(&$1, &recorder) }
    }

    mutating func weekly(_ world: inout World, _ recorder: inout Recorder) {
        if peek.kind == .restraint(.weekly), !future.isRising[world.session] { return }
        show(.weekly, &world) { $0.weekly(&$1, &recorder) }
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
        try loop.learn(bytes.span.bytes, templateID: DisclosureFiled.templateID, at: position)
    }

    /// Lends the loop the world, to this decider as the look ahead shows it.
    private mutating func show(
        _ decider: Peek.Decider, _ world: inout World,
        _ body: (inout LoopStrategy, inout World) -> Void
    ) {
        guard case .session(decider, let sight) = peek.kind else { return body(&loop, &world) }
        var shown = world
        switch sight {
        case .index: shown.index = seen.index
        case .volatility: shown.volatility = seen.volatility
        default: shown.prices = seen.prices
        }
        body(&loop, &shown)
        world.portfolio = shown.portfolio
    }

    mutating func run(
        _ job: JobKind, _ context: JobContext, _ world: borrowing World, _ recorder: inout Recorder
    ) -> JobAnswer {
        loop.run(job, context, world, &recorder)
    }

    mutating func learn(
        _ reply: TrainingReply, to order: TrainingOrder, _ context: JobContext,
        _ world: borrowing World, _ recorder: inout Recorder
    ) {
        loop.learn(reply, to: order, context, world, &recorder)
    }
}
