public import EventLog
public import Events
import FeedbackLoop
public import Learning
public import Market

/// Replays a live run's facts as a backtest: it begins where the live run begins, with what that
/// had learnt and the cash that it was given, and trades at the simulated market.
///
/// Left out are a broker's answers, halts and resumes, custody, mode and adoption. Cash that a
/// person put in or took out, and the value of what was adopted, come and go in it too; fees,
/// interest and what a broker pays of dividends do not. Nothing is written.
public struct ShadowReplay {
    /// Which facts, in which order.
    public enum Order: Sendable {
        /// The live timeline's: a fact is known when the live run was told of it.
        case live
        /// The data log's in order of knowledge: a fact is known when the world knew it.
        case derived
    }

    /// What hears of a replay.
    public struct Listener {
        /// Lent each fact that it reads, under its reference.
        public var fact: (Reference, RawSpan) throws -> Void
        /// Lent each event that it would record, under its reference.
        public var event: (Reference, RawSpan) throws -> Void
        /// Told of each session that was closed and marked.
        public var closed: (Day, World) throws -> Void
        /// Told of each session of the rehearsal, which is folded first.
        public var folded: (Day) -> Void

        /// A listener from its parts.
        public init(
            fact: @escaping (Reference, RawSpan) throws -> Void,
            event: @escaping (Reference, RawSpan) throws -> Void,
            closed: @escaping (Day, World) throws -> Void,
            folded: @escaping (Day) -> Void = { _ in }
        ) {
            (self.fact, self.event, self.closed) = (fact, event, closed)
            self.folded = folded
        }
    }

    private let run: OpenedRun
    private let standing: LiveStanding
    private let manifest: LiveManifest
    private let listener: Listener
    /// Cash that came and went from outside, and the value of what was adopted, in order.
    private var flows: [CashMoved] = []
    /// How many of them were moved.
    private var flowed = 0
    /// Facts of the live timeline that are left out, by kind.
    private var dropped: [UInt16: Int] = [:]
    /// References of own events so far.
    private var own: UInt64

    /// A replay of a live run as far as it stands.
    public init(_ run: OpenedRun, _ standing: LiveStanding, _ listener: Listener) throws {
        (self.run, self.standing, self.listener) = (run, standing, listener)
        manifest = try LiveManifest(run)
        own = standing.beginning.own
        let offset = standing.beginning.timeline
        let end = standing.end.timeline
        var (dropped, flows) = ([UInt16: Int](), [CashMoved]())
        try run.timeline.read { record in
            guard record.position + offset <= end else { return .stop }
            let template = try MessageHeader(record.message).templateID
            guard ShadowReplay.isLeftOut(template) else { return .proceed }
            dropped[template, default: 0] += 1
            if let flow = try ShadowReplay.flow(record.message, template) { flows.append(flow) }
            return .proceed
        }
        try run.log.read { record in
            if let flow = try ShadowReplay.adopted(record.message) { flows.append(flow) }
            return .proceed
        }
        flows.sort { $0.envelope.knownAt < $1.envelope.knownAt }
        (self.dropped, self.flows) = (dropped, flows)
    }

    /// How many facts of the live timeline are left out, by kind, in the schema's order.
    public var leftOut: [(kind: String, count: Int)] {
        EventSchema.messages.compactMap { message in
            dropped[message.id].map { (message.name, $0) }
        }
    }

    /// Decides again under the run's own strategy; `data` is the folder's data log.
    ///
    /// - Throws: what a replay throws.
    public mutating func decide(
        _ order: Order, data: EventLog, trainer: (any Trainer)?
    ) throws {
        switch try RunOrigin.read(run.log).strategy {
        case .loop(let loop): try decide(loop, order, data, trainer)
        case .follow(let follow): try decide(follow, order, data, trainer)
        }
    }

    private mutating func decide(
        _ strategy: some Strategy, _ order: Order, _ data: EventLog, _ trainer: (any Trainer)?
    ) throws {
        let performer = TrainingPerformer(trainer)
        var (past, models) = (MovedFacts(), [[UInt8]: UInt64]())
        let rehearsed = try RunFold.fold(
            strategy, window: ReplayWindow(from: run.manifest?.firstDay), run: run.merged,
            through: standing.beginning, artefacts: performer
        ) { [listener] reference, message in
            guard reference.isTimeline else { return }
            if try MessageHeader(message).templateID == SessionClosed.templateID {
                listener.folded(try SessionClosedView(message).day)
            }
            guard order == .derived else { return }
            try past.take(message)
            if let model = try ModelMessage.original(message, in: data) {
                models[model] = reference.position
            }
        }
        var live = try LiveDriver(
            rehearsed, behind: manifest.live.instant, performer: performer)
        var beginning = try LiveBeginning(run, manifest, DayRules())
        // It halts by no rule, and has no broker.
        beginning.service = DayRules().text
        live.begin(beginning)
        if standing.hasBroker {
            // Cash is the account's, as its opening says.
            try move(
                CashMoved(
                    envelope: Envelope(
                        knownAt: manifest.live.instant, recordedAt: manifest.live.instant,
                        actor: .person),
                    amount: -strategy.startCash, day: manifest.live.instant.day,
                    kind: .withdrawal, activityID: ""), &live)
        }
        try live.goOn { try lend(&$0) }
        switch order {
        case .live: try readLive(&live)
        case .derived:
            let pending = try PendingFacts(data, manifest.live, past, for: .timeline)
            try readDerived(&live, pending, models)
        }
    }

    private mutating func readLive<S: Strategy>(_ live: inout LiveDriver<S>) throws {
        let offset = standing.beginning.timeline
        var messages = LogCursor(run.timeline)
        while let record = try messages.next(), record.position + offset <= standing.end.timeline {
            let message = record.message
            let position = record.position + offset
            let template = try MessageHeader(message).templateID
            guard !ShadowReplay.isLeftOut(template) else {
                live.skip(at: position)
                continue
            }
            try move(through: try Envelope(message: message).knownAt, &live)
            try read(message, template, at: position, &live)
        }
    }

    private mutating func readDerived<S: Strategy>(
        _ live: inout LiveDriver<S>, _ pending: PendingFacts, _ models: [[UInt8]: UInt64]
    ) throws {
        var (pending, models) = (pending, models)
        var last = manifest.live.instant
        let ends = pending.index.days.map { ($0.day, Instant($0.day, hour: 21)) }
            .prefix { $0.1 <= standing.instant }
        for (session, instant) in ends.map({ (Optional($0.0), $0.1) }) + [(nil, standing.instant)] {
            let moved = try pending.take(
                through: instant, behind: last, session: session, models: models)
            for fact in moved {
                try move(through: fact.knownAt, &live)
                let position = live.driver.read + 1
                if let model = fact.model { models[model] = position }
                let message = fact.message.span.bytes
                try read(message, try MessageHeader(message).templateID, at: position, &live)
                last = max(last, fact.knownAt)
            }
        }
        try move(through: standing.instant, &live)
        try live.run(through: standing.instant) { try lend(&$0) }
    }

    private mutating func read<S: Strategy>(
        _ message: RawSpan, _ template: UInt16, at position: UInt64, _ live: inout LiveDriver<S>
    ) throws {
        try live.read(message, at: position) { try lend(&$0) }
        try listener.fact(.timeline(position), message)
        guard template == SessionClosed.templateID else { return }
        try live.goOn { try lend(&$0) }
        try listener.closed(try SessionClosedView(message).day, live.driver.world)
    }

    private mutating func move<S: Strategy>(
        _ flow: CashMoved, _ live: inout LiveDriver<S>
    ) throws {
        try live.move(flow) { try lend(&$0) }
    }

    /// Moves what came or went by an instant.
    private mutating func move<S: Strategy>(
        through instant: Instant, _ live: inout LiveDriver<S>
    ) throws {
        while flowed < flows.count, flows[flowed].envelope.knownAt <= instant {
            try move(flows[flowed], &live)
            flowed += 1
        }
    }

    private mutating func lend(_ recorder: inout Recorder) throws {
        try recorder.each { message in
            own += 1
            try listener.event(.own(own), message)
        }
        recorder.drain()
    }

    /// Cash that came or went from outside: the account's opening, and what a person moved.
    private static func flow(_ message: RawSpan, _ template: UInt16) throws -> CashMoved? {
        guard template == CashMoved.templateID else { return nil }
        let event = try CashMoved(message: message)
        return event.kind.isFromOutside ? event : nil
    }

    /// What a position is worth that a person took over, by the run's event: the backtest is given
    /// as much cash. Of shares that are held more or fewer of than before nothing is given.
    private static func adopted(_ message: RawSpan) throws -> CashMoved? {
        guard try MessageHeader(message).templateID == PositionAdopted.templateID else {
            return nil
        }
        let event = try PositionAdopted(message: message)
        guard let close = event.close, event.before == .zero else { return nil }
        return CashMoved(
            envelope: event.envelope, amount: Money(dollars: event.quantity.shares * close),
            day: event.day, kind: .deposit, activityID: "")
    }

    /// Whether facts of a kind are the live run's alone.
    static func isLeftOut(_ template: UInt16) -> Bool {
        switch template {
        case TradingModeChanged.templateID, ReconciliationDiffered.templateID,
            CustodyBegan.templateID, CustodyEnded.templateID, TakenOver.templateID,
            PositionAdopted.templateID, DecisionsDiffered.templateID, AlertDelivered.templateID,
            ApprovalsRequired.templateID, ApprovalRequested.templateID,
            ApprovalCommented.templateID, ApprovalGranted.templateID, ApprovalRefused.templateID:
            true
        default: FactIndex.isOfLiveRun(template)
        }
    }
}

extension CashKind {
    /// Whether it is no gain and no loss: what an account was opened with, was given or gave back.
    public var isFromOutside: Bool {
        switch self {
        case .opening, .deposit, .withdrawal: true
        default: false
        }
    }
}
