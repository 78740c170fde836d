import Digests
public import EventLog
public import Events
public import FeedbackLoop
public import Learning
public import Market

/// A backtest: a timeline replayed through a strategy into a log of its own.
public enum Run {
    /// What a run came to, beside its log.
    public struct Result: Sendable {
        /// Head of the run's log.
        public var head: LogHead
        /// Head of the timeline it replayed.
        public var timeline: LogHead
        /// What each session ended with.
        public var marks: [SessionMark]
        /// Positions still held at the end.
        public var open: [OpenHolding]
        /// Facts read whose true knowledge date is unknown.
        public var hindsight: HindsightCounts
        /// Whether the market index lacks dividends.
        public var isIndexPriceOnly: Bool
        /// Whether any fact was simulated.
        public var isSimulated: Bool
        /// Tickers of the first year, and how many of them were traded to the end.
        public var survival: Survival
        /// Remarks that a report must carry.
        public var notes: [String]
        /// What was followed of the filings; nothing is counted where all are.
        public var followed = FollowedCounts()
    }

    /// How many of the tickers of the first 252 sessions have a bar in the last five: where all do,
    /// those that failed were left out of the data, and figures are too good.
    public struct Survival: Hashable, Sendable {
        /// Tickers with a bar in the first 252 sessions.
        public var tickers: Int
        /// Of those, with a bar in the last five sessions.
        public var survivors: Int

        /// What a replay's prices say at its end.
        init(_ prices: borrowing PriceBook) {
            (tickers, survivors) = (prices.firstYearTickers, prices.survivors(recent: 5))
        }
    }

    /// A position still held at the end of a run.
    public struct OpenHolding: Sendable {
        /// The holding.
        public var holding: Holding
        /// Its latest close, dollars.
        public var lastClose: Double
        /// Whether it had no bar in the last session.
        public var isStale: Bool
    }

    /// Replays a timeline through a strategy and builds the run's log at `path`.
    ///
    /// The built-in strategies are compiled for themselves: through a strategy of which the
    /// compiler knows nothing, a replay takes about a quarter longer.
    @_specialize(where S == LoopStrategy)
    @_specialize(where S == DisclosureFollow)
    public static func make<S: Strategy>(
        _ strategy: S, timeline: EventLog, at path: String,
        window: ReplayWindow = ReplayWindow(), check: RecordCheck = .checksum,
        trainer: (any Trainer)? = nil, progress: (Day) -> Void = { _ in }
    ) throws -> Result {
        let timelineHead = try timeline.head()
        let identity = LogIdentity(
            kind: .run, logID: runID(strategy, timelineHead.seal, window),
            schemaVersion: EventSchema.version)
        let manifest = RunManifest(
            logID: identity.logID, timeline: timelineHead.seal, firstDay: window.from,
            lastDay: window.to, strategy: strategy.name, strategyDigest: digest(of: strategy))
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        let (_, head) = try LogBuilder.build(at: path, identity: identity, manifest: manifest) {
            builder in
            try drive(&replay, timeline, timelineHead, check, progress) { recorder in
                try drain(&recorder, into: &builder)
            }
        }
        return result(replay, head: head, timeline: timelineHead)
    }

    /// What a finished replay came to.
    static func result<S: Strategy>(
        _ replay: borrowing Replay<S>, head: LogHead, timeline: LogHead
    ) -> Result {
        Result(
            head: head, timeline: timeline, marks: replay.marks, open: open(replay.world),
            hindsight: replay.hindsight,
            isIndexPriceOnly: replay.world.index.isPriceOnly,
            isSimulated: replay.flags.contains(.simulated), survival: Survival(replay.world.prices),
            notes: replay.strategy.notes, followed: replay.strategy.followed)
    }

    /// Replays a whole timeline; `commit` takes the recorded events after each session.
    static func drive<S: Strategy>(
        _ replay: inout Replay<S>, _ timeline: EventLog, _ head: LogHead, _ check: RecordCheck,
        _ progress: (Day) -> Void, commit: (inout Recorder) throws -> Void
    ) throws {
        replay.begin(digest: digest(of: replay.strategy), world: try world(of: timeline))
        try goOn(&replay, timeline, head, check, progress, commit: commit)
    }

    /// Replays what a replay has not read of a timeline, to its end.
    static func goOn<S: Strategy>(
        _ replay: inout Replay<S>, _ timeline: EventLog, _ head: LogHead, _ check: RecordCheck,
        _ progress: (Day) -> Void, commit: (inout Recorder) throws -> Void
    ) throws {
        var shown: Day?
        try timeline.read(from: replay.read + 1, through: head.position, check: check) { record in
            guard try replay.step(record.message, at: record.position, commit: commit) else {
                return .stop
            }
            if replay.day != shown, let day = replay.day {
                shown = day
                progress(day)
            }
            return .proceed
        }
        try replay.finish(timeline: head.seal, commit: commit)
    }

    /// `simulated` when a timeline's facts are; a data log holds facts of one kind only.
    public static func world(of timeline: EventLog) throws -> EventFlags {
        var flags: EventFlags = []
        _ = try timeline.record(at: 1) { record in
            flags = try Envelope(message: record.message).flags.intersection(.simulated)
        }
        return flags
    }

    static func open(_ world: borrowing World) -> [OpenHolding] {
        var open: [OpenHolding] = []
        for holding in world.portfolio.holdings {
            open.append(
                OpenHolding(
                    holding: holding, lastClose: world.prices.latestBar(holding.slot).close,
                    isStale: world.prices.bar(holding.slot) == nil))
        }
        return open
    }

    static func drain(_ recorder: inout Recorder, into builder: inout LogBuilder) throws {
        var start = 0
        for end in recorder.ends {
            try builder.append(recorder.arena.bytes.extracting(start..<end))
            start = end
        }
        if !recorder.ends.isEmpty { try builder.commit(recordedAt: recorder.now) }
        recorder.drain()
    }

    /// The SHA-256 of a strategy's canonical text.
    public static func digest(of strategy: some Strategy) -> Digest {
        SHA256.hash(strategy.canonicalText)
    }

    /// The id of a run: what it is made from.
    private static func runID(
        _ strategy: some Strategy, _ timeline: Digest, _ window: ReplayWindow
    ) -> Digest {
        var hasher = SHA256()
        hasher.update(timeline.bytes)
        let text = "\(strategy.name)\n\(window)\n\(strategy.canonicalText)"
        hasher.update(Array(text.utf8))
        return hasher.finalize()
    }
}
