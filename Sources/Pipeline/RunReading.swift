public import EventLog
import Events
public import FeedbackLoop
import Market

/// A finished run, read again: its portfolio folded from its own events over its timeline's
/// sessions, without deciding anything.
public enum RunReading {
    /// What the run came to, equal to what `Run.make` returned when it was made.
    ///
    /// `fact` is lent each timeline event that the run had read, in order.
    public static func result(
        of run: EventLog, timeline: EventLog, strategy: any Strategy, window: ReplayWindow,
        fact: (UInt64, RawSpan) throws -> Void = { _, _ in }
    ) throws -> Run.Result {
        guard let end = try RunEnd.read(run) else {
            throw StrategyFileError(
                place: run.path, message: "is no finished run; make it again")
        }
        var fold = try Fold(run, strategy, window)
        if end.timelineEvents > 0 {
            try timeline.read(through: end.timelineEvents) { record in
                try fold.take(record.message, at: record.position)
                try fact(record.position, record.message)
                return .proceed
            }
        }
        fold.apply { _ in true }
        return Run.Result(
            head: try run.head(), timeline: try timeline.head(), marks: fold.marks,
            open: Run.open(fold.world), hindsight: fold.hindsight,
            isIndexPriceOnly: fold.world.index.isPriceOnly, isSimulated: fold.isSimulated,
            notes: strategy.notes)
    }
}

/// The world of a run, as its facts and its own events make it.
private struct Fold {
    var world: World
    var marks: [SessionMark] = []
    var hindsight = HindsightCounts()
    var isSimulated = false

    private let window: ReplayWindow
    private let changes: [Change]
    private var applied = 0

    /// An event of the run that changes its portfolio.
    struct Change {
        enum Kind {
            case submitted(OrderSubmitted)
            case cancelled(OrderCancelled)
            case triggered(ExitTriggered)
            case filled(OrderFilled)
            case recorded(OutcomeRecorded)
        }

        let position: UInt64
        let through: UInt64
        let recordedAt: Instant
        let kind: Kind

        init?(_ message: RawSpan, at position: UInt64) throws {
            switch try MessageHeader(message).templateID {
            case OrderSubmitted.templateID: kind = .submitted(try OrderSubmitted(message: message))
            case OrderCancelled.templateID: kind = .cancelled(try OrderCancelled(message: message))
            case ExitTriggered.templateID: kind = .triggered(try ExitTriggered(message: message))
            case OrderFilled.templateID: kind = .filled(try OrderFilled(message: message))
            case OutcomeRecorded.templateID:
                kind = .recorded(try OutcomeRecorded(message: message))
            default: return nil
            }
            let envelope = try Envelope(message: message)
            self.position = position
            through = envelope.through
            recordedAt = envelope.recordedAt
        }
    }

    init(_ run: EventLog, _ strategy: any Strategy, _ window: ReplayWindow) throws {
        var found: [Change] = []
        try run.read { record in
            if let change = try Change(record.message, at: record.position) { found.append(change) }
            return .proceed
        }
        changes = found
        world = World(rules: strategy.rules, cash: strategy.startCash, historySessions: 0)
        self.window = window
    }

    mutating func take(_ message: RawSpan, at position: UInt64) throws {
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        if envelope.flags.contains(.hindsight) { hindsight.count(header.templateID) }
        if envelope.flags.contains(.simulated) { isSimulated = true }
        switch header.templateID {
        case SessionClosed.templateID:
            apply { $0.through < position }
            let event = try SessionClosedView(message)
            let day = event.day
            world.close(event)
            guard window.contains(day) else { return }
            apply { $0.through == position && $0.recordedAt == envelope.knownAt }
            world.portfolio.mark(world.prices, cashRate: world.rules.cashRate)
            marks.append(SessionMark(day, world))
        case IndexClosed.templateID:
            let event = try IndexClosedView(message)
            if event.series == .market { world.index.close(event) }
        default: break
        }
    }

    /// Applies the next changes for as long as `isDue` holds.
    mutating func apply(_ isDue: (Change) -> Bool) {
        while applied < changes.count, isDue(changes[applied]) {
            let change = changes[applied]
            switch change.kind {
            case .submitted(let event): world.portfolio.evolve(event, at: change.position)
            case .cancelled(let event): world.portfolio.evolve(event)
            case .triggered(let event): world.portfolio.evolve(event, at: change.position)
            case .recorded(let event): world.portfolio.evolve(event)
            case .filled(let event):
                guard let slot = world.prices.slot(of: event.ticker) else { break }
                world.portfolio.evolve(
                    event, at: change.position, session: world.session, slot: slot)
            }
            applied += 1
        }
    }
}
