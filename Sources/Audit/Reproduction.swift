public import EventLog
import Events
public import FeedbackLoop
public import Learning
public import Pipeline

/// Re-decides a run from its facts and compares every event, byte for byte.
public enum Reproduction {
    /// What re-deciding came to.
    public struct Report: Sendable {
        /// Events that are equal.
        public var equal: UInt64 = 0
        /// The first position that differs; nil when none does.
        public var position: UInt64?
        /// What differs there.
        public var finding: String?

        /// Whether the run was reproduced whole.
        public var isReproduced: Bool { position == nil }
    }

    /// Replays `timeline` through the strategy and compares with the run's own log.
    public static func check(
        _ strategy: some Strategy, run: EventLog, timeline: EventLog,
        window: ReplayWindow = ReplayWindow(), trainer: (any Trainer)? = nil
    ) throws -> Report {
        let replayer = RunReplayer(
            strategy, window: window, world: try Run.world(of: timeline), trainer: trainer)
        return try compare(replayer, run, timeline)
    }

    /// Decides a fork again from where it left its parent, whose past is folded and not decided,
    /// and compares with the fork's own log. Positions are those of that log.
    public static func check(
        _ strategy: some Strategy, fork: ForkStart, window: ReplayWindow,
        trainer: (any Trainer)? = nil
    ) throws -> Report {
        let replay = try fork.resumed(strategy, window, trainer: trainer)
        return try compare(
            RunReplayer(resuming: replay), fork.run.log, fork.run.timeline)
    }

    /// Decides a live run again from where it left its rehearsal, over the facts that it was moved,
    /// as far as it has come. Positions are those of its own log.
    public static func check<S: Strategy>(
        _ strategy: S, live run: OpenedRun, trainer: (any Trainer)? = nil
    ) throws -> Report {
        var report = Report()
        let recorded = try RecordedRun(run.log)
        try LiveReplay.decide(strategy, run, trainer: trainer) { position, message in
            // What was begun when its process ended, or is being decided now, is not there yet.
            guard position <= recorded.count else { return .stop }
            guard try recorded.equals(message, at: position) else {
                (report.position, report.finding) = (position, "decided otherwise")
                return .stop
            }
            report.equal += 1
            return .proceed
        }
        if report.position == nil, report.equal < recorded.count {
            report.position = report.equal + 1
            report.finding = "in the log, and not decided again"
        }
        return report
    }

    /// Decides a rehearsal again, to the instant at which its live run begins.
    static func check(
        _ strategy: some Strategy, rehearsal run: OpenedRun, through instant: Instant,
        window: ReplayWindow, trainer: (any Trainer)? = nil
    ) throws -> Report {
        let replayer = RunReplayer(
            strategy, window: window, world: try Run.world(of: run.timeline), trainer: trainer)
        return try compare(replayer, run.log, run.timeline, through: instant)
    }

    private static func compare<S: Strategy>(
        _ replayer: consuming RunReplayer<S>, _ run: EventLog, _ timeline: EventLog,
        through instant: Instant? = nil
    ) throws -> Report {
        var report = Report()
        let recorded = try RecordedRun(run)
        func compare(_ position: UInt64, _ message: RawSpan) throws {
            guard report.position == nil else { return }
            if try recorded.equals(message, at: position) {
                report.equal += 1
            } else {
                report.position = position
                report.finding =
                    position > recorded.count
                    ? "decided again, and not in the log" : "decided otherwise"
            }
        }
        var replayer = replayer
        let head = try timeline.head()
        try timeline.read(from: replayer.read + 1, through: head.position) { record in
            if let instant, try Envelope(message: record.message).knownAt > instant {
                return .stop
            }
            let goesOn = try replayer.step(record.message, at: record.position, event: compare)
            return goesOn && report.position == nil ? .proceed : .stop
        }
        guard report.position == nil else { return report }
        if let instant {
            try replayer.run(through: instant, event: compare)
        } else {
            try replayer.finish(timeline: head.seal, event: compare)
        }
        if report.position == nil, report.equal < recorded.count {
            report.position = report.equal + 1
            report.finding = "in the log, and not decided again"
        }
        return report
    }
}

extension Reproduction {
    /// Decides a run again under its own strategy, a fork from where it left its parent.
    public static func check(_ run: OpenedRun, trainer: (any Trainer)?) throws -> Report {
        let origin = try RunOrigin.read(run.log)
        if run.manifest?.live != nil {
            return switch origin.strategy {
            case .loop(let loop): try check(loop, live: run, trainer: trainer)
            case .follow(let follow): try check(follow, live: run, trainer: trainer)
            }
        }
        if let instant = try LiveRuns.rehearsed(run) {
            return switch origin.strategy {
            case .loop(let loop):
                try check(
                    loop, rehearsal: run, through: instant, window: origin.window, trainer: trainer)
            case .follow(let follow):
                try check(
                    follow, rehearsal: run, through: instant, window: origin.window,
                    trainer: trainer)
            }
        }
        if let fork = try ForkStart.read(run) {
            return switch origin.strategy {
            case .loop(let loop):
                try check(loop, fork: fork, window: origin.window, trainer: trainer)
            case .follow(let follow):
                try check(follow, fork: fork, window: origin.window, trainer: trainer)
            }
        }
        return switch origin.strategy {
        case .loop(let loop):
            try check(
                loop, run: run.log, timeline: run.timeline, window: origin.window, trainer: trainer)
        case .follow(let follow):
            try check(
                follow, run: run.log, timeline: run.timeline, window: origin.window,
                trainer: trainer)
        }
    }
}

/// The events of a run at hand: in memory, or of a large run in its log.
public struct RecordedRun: Equatable, Sendable {
    private var messages = MessageStore()

    /// Reads a run's log.
    public init(_ log: EventLog) throws {
        try self.init(log, mostBytes: MessageStore.mostBytes)
    }

    init(_ log: EventLog, mostBytes: Int) throws {
        messages = try MessageStore(log, mostBytes: mostBytes) { _ in }
    }

    /// Nothing recorded yet.
    public init() {}

    /// Takes an event behind the others.
    public mutating func append(_ message: RawSpan) { messages.append(message) }

    /// Number of events.
    public var count: UInt64 { UInt64(messages.count) }

    /// The message at a position, from 1.
    public func message(_ position: UInt64) throws -> ArraySlice<UInt8> {
        try messages.message(Int(position))
    }

    /// Whether the event at `position` has these very bytes.
    public func equals(_ message: RawSpan, at position: UInt64) throws -> Bool {
        guard position >= 1, position <= count else { return false }
        return try messages.lend(Int(position)) { recorded in
            recorded.withUnsafeBytes { left in
                message.withUnsafeBytes { left.elementsEqual($0) }
            }
        }
    }
}
