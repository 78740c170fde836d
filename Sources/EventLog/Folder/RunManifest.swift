public import Events

/// What a run is made from, in `runs/NAME/manifest.json`, from before its first event on.
///
/// It stands outside the run's seal: no byte of the log depends on it. A finished run says in its
/// last event which timeline it read, and opens without one; a run that grows, and a fork, need it.
public struct RunManifest: Hashable, Sendable {
    /// The run's log id: a manifest that was copied from elsewhere is found out.
    public var logID: Digest
    /// The seal of the timeline, which names its folder.
    public var timeline: Digest
    /// The first day in which the run decides; nil for the timeline's first.
    public var firstDay: Day?
    /// The last such day; nil for the timeline's last.
    public var lastDay: Day?
    /// The strategy's name.
    public var strategy: String
    /// The SHA-256 of its canonical text.
    public var strategyDigest: Digest
    /// The program that made the run, with its version.
    public var program: String
    /// What a fork left, and where; nil for a run that is none.
    public var parent: Parent?
    /// How a live run began; nil for a run that is none.
    public var live: Live?

    /// How a live run began.
    public struct Live: Hashable, Sendable {
        /// Facts of the data log up to this position were in the rehearsal's timeline.
        public var position: UInt64
        /// The cycle to which the rehearsal went: every later instant is the live run's.
        public var instant: Instant
        /// The broker's name.
        public var broker: String
        /// What each client order id begins with: 64 random bits.
        public var prefix: UInt64
        /// The id of the account at the broker; nil without one.
        public var account: String?

        /// A beginning from its parts.
        public init(
            position: UInt64, instant: Instant, broker: String, prefix: UInt64,
            account: String? = nil
        ) {
            (self.position, self.instant) = (position, instant)
            (self.broker, self.prefix, self.account) = (broker, prefix, account)
        }
    }

    /// What a fork left, and where.
    public struct Parent: Hashable, Sendable {
        /// The run's name.
        public var run: String
        /// The seal of its commit that holds the last event before the fork; zero before the first.
        public var seal: Digest
        /// Where the fork left it.
        public var position: MergedPosition
        /// Whether the fork's timeline holds all facts, or goes on behind its parent's.
        public var timeline: MergedLog.ForkTimeline

        /// A parent from its parts.
        public init(
            run: String, seal: Digest, position: MergedPosition,
            timeline: MergedLog.ForkTimeline = .whole
        ) {
            (self.run, self.seal, self.position) = (run, seal, position)
            self.timeline = timeline
        }
    }

    /// The newest format that this program knows: that of live runs. Others are of format 1.
    public static let newestFormat = 2
    /// The format that it is written in.
    public var format: Int { live == nil ? 1 : RunManifest.newestFormat }
    /// The file's name in a run's folder.
    public static let fileName = "manifest.json"

    /// A manifest from its parts.
    public init(
        logID: Digest, timeline: Digest, firstDay: Day? = nil, lastDay: Day? = nil,
        strategy: String, strategyDigest: Digest, program: String = Program.name,
        parent: Parent? = nil, live: Live? = nil
    ) {
        (self.logID, self.timeline) = (logID, timeline)
        (self.firstDay, self.lastDay) = (firstDay, lastDay)
        (self.strategy, self.strategyDigest) = (strategy, strategyDigest)
        (self.program, self.parent, self.live) = (program, parent, live)
    }

    /// The manifest as the file holds it.
    public var text: String {
        var object = JSONObject()
        object.integer("format", format)
        object.text("log", "\(logID)")
        object.text("timeline", "\(timeline)")
        var window = JSONObject()
        window.day("from", firstDay)
        window.day("to", lastDay)
        object.json("window", window.text)
        var strategy = JSONObject()
        strategy.text("name", self.strategy)
        strategy.text("digest", "\(strategyDigest)")
        object.json("strategy", strategy.text)
        object.text("program", program)
        if let parent {
            var fork = JSONObject()
            fork.text("run", parent.run)
            fork.text("seal", "\(parent.seal)")
            fork.integer("own", parent.position.own)
            fork.integer("timeline", parent.position.timeline)
            fork.text("facts", parent.timeline.rawValue)
            object.json("parent", fork.text)
        }
        if let live {
            var beginning = JSONObject()
            beginning.integer("position", live.position)
            beginning.text("instant", "\(live.instant)")
            beginning.text("broker", live.broker)
            beginning.text("prefix", String(live.prefix, radix: 16))
            if let account = live.account { beginning.text("account", account) }
            object.json("live", beginning.text)
        }
        return object.text + "\n"
    }
}

/// Why a run cannot be opened, though its log is there.
public enum RunFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has no manifest, and no last event that names its timeline.
    case unfinished(path: String)
    /// A manifest says what it cannot say.
    case badManifest(path: String, what: String)
    /// The manifest of a live run is gone, or says what it cannot say: nothing else says how the
    /// run began.
    case badLiveManifest(path: String, what: String)
    /// The timeline of a live run is gone.
    case noLiveTimeline(path: String)
    /// A manifest was written by a newer program.
    case newerManifest(path: String, format: Int)
    /// Its timeline is gone.
    case noTimeline(path: String, timeline: String)
    /// What it was forked from is another run now.
    case otherParent(path: String, parent: String)
    /// It is a fork, and nothing says of which run.
    case lostParent(path: String)

    /// Whether something is not there, rather than wrong.
    public var isMissing: Bool {
        switch self {
        case .noTimeline, .noLiveTimeline: true
        default: false
        }
    }

    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .unfinished(let path): "\(path): is no finished run; make it again"
        case .badManifest(let path, let what):
            "\(path): \(what); delete the file: a finished run opens without it, or make the "
                + "run again"
        case .badLiveManifest(let path, let what):
            "\(path): \(what); it alone says how the live run began, and it cannot be made again: "
                + "restore the run's folder from a backup (recount restore)"
        case .noLiveTimeline(let path):
            "\(path): its timeline, the facts that the live run was told of, is gone; it stands "
                + "beside the run and cannot be made again: restore the run's folder from a backup "
                + "(recount restore)"
        case .newerManifest(let path, let format):
            "\(path): written in format \(format), this program knows up to "
                + "\(RunManifest.newestFormat); update it"
        case .noTimeline(let path, let timeline):
            "\(path): its timeline \(timeline) is gone; restore it from a backup, or make the "
                + "run again"
        case .otherParent(let path, let parent):
            "\(path): is a fork of run \(parent), whose past is another now; restore that run "
                + "from a backup, or make the fork again"
        case .lostParent(let path):
            "\(path): is a fork, and \(RunManifest.fileName), which names the run that it left, is "
                + "gone or names none; restore it from a backup, or make the fork again"
        }
    }
}
