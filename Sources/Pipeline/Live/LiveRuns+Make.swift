import Digests
public import EventLog
public import Events
public import FeedbackLoop
public import Learning
import Market

extension LiveRuns {
    /// Makes a live run of a name: a rehearsal over the history that is in the data log, and the
    /// logs that go on behind it.
    ///
    /// Without `warmFrom` nothing is decided in the rehearsal: the run starts cold. With it the
    /// rehearsal decides from that day on, at the simulated market; what it learns is kept, and its
    /// portfolio is not. A live run that was half made is made again. A folder has one live run.
    ///
    /// - Throws: `LiveRunError`, `DataFolderError`, `LogError`.
    public static func make(
        _ strategy: some Strategy, named name: String, in folder: DataFolder, data: EventLog,
        prefix: UInt64, warmFrom: Day? = nil, rules: DayRules = DayRules(),
        broker: String = RunManifest.Live.simulated, account: String? = nil,
        trainer: (any Trainer)? = nil,
        progress: (Day) -> Void = { _ in }
    ) throws {
        let objections = broker == RunManifest.Live.simulated ? [] : strategy.brokerObjections
        guard objections.isEmpty else {
            throw LiveRunError.notForBroker(strategy.name, objections)
        }
        if let other = try other(than: name, in: folder) {
            throw LiveRunError.another(name, other: other)
        }
        guard let calendar = try DataSetting.calendar(of: data)?.table else {
            throw LiveRunError.noCalendar(name)
        }
        let position = try data.head().position
        let derived = try Timeline.ensure(folder, log: data)
        let timeline = try EventLog.open(at: derived.path)
        guard let last = try lastSession(timeline, rules) else {
            throw LiveRunError.noSession(name)
        }
        let instant = Instant(last + 1, hour: 5, minute: 30)
        if let warmFrom, warmFrom > last { throw LiveRunError.warmTooLate(warmFrom, last) }
        let window = ReplayWindow(from: try warmFrom ?? calendar.session(after: last))
        let rehearsal = rehearsal(of: name)
        let parent = try Run.rehearseLive(
            strategy, timeline: timeline, through: instant, named: rehearsal,
            at: try folder.run(rehearsal), window: window, trainer: trainer, progress: progress)
        let identity = LogIdentity(
            kind: .liveRun, logID: id(prefix, parent.seal, name), schemaVersion: EventSchema.version
        )
        let manifest = RunManifest(
            logID: identity.logID, timeline: identity.logID, firstDay: window.from,
            strategy: strategy.name, strategyDigest: Run.digest(of: strategy), parent: parent,
            live: RunManifest.Live(
                position: position, instant: instant, broker: broker, prefix: prefix,
                account: account))
        try EventLog.makeLive(at: try folder.run(name), identity: identity, manifest: manifest)
    }

    /// A live run of another name that a folder has; nil for none.
    public static func other(than name: String, in folder: DataFolder) throws -> String? {
        try folder.runNames.first { other in
            guard other != name else { return false }
            return try RunManifest.read(in: try folder.run(other))?.live != nil
        }
    }

    /// The id of a live run: no other has its random bits.
    private static func id(_ prefix: UInt64, _ rehearsal: Digest, _ name: String) -> Digest {
        SHA256.hash("live run \(name)\n\(String(prefix, radix: 16))\n\(rehearsal)\n")
    }
}

extension LiveRuns {
    /// The last session of a log, or of a timeline, whose index and bars are there; nil where none
    /// is.
    public static func lastSession(_ log: EventLog, _ rules: DayRules) throws -> Day? {
        var sessions: [Day: Set<Ticker>] = [:]
        var indices: Set<Day> = []
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                let event = SessionClosed(try SessionClosedView(record.message))
                sessions[event.day, default: []].formUnion(event.bars.map(\.ticker))
            case IndexClosed.templateID:
                let close = try IndexClosedView(record.message)
                if close.series == .market { indices.insert(close.day) }
            default: break
            }
            return .proceed
        }
        let days = sessions.keys.sorted()
        for place in days.indices.reversed() {
            var expected: Set<Ticker> = []
            for day in days[..<place].suffix(DayRules.recentSessions) {
                expected.formUnion(sessions[day] ?? [])
            }
            let (day, there) = (days[place], sessions[days[place]] ?? [])
            let standing = DayStanding(
                day: day, tickers: there.count, missing: expected.subtracting(there).sorted(),
                expected: expected.count, hasIndex: indices.isEmpty || indices.contains(day))
            if standing.isComplete(at: rules.ready(day), rules) { return day }
        }
        return nil
    }
}

extension Run {
    /// A finished run over history that a live run goes on from: it ends with a cycle, and nothing
    /// that comes after it is begun. One that is there already is kept, when it is the same.
    static func rehearseLive<S: Strategy>(
        _ strategy: S, timeline: EventLog, through instant: Instant, named name: String,
        at path: String, window: ReplayWindow, trainer: (any Trainer)?, progress: (Day) -> Void
    ) throws -> RunManifest.Parent {
        let timelineHead = try timeline.head()
        let identity = LogIdentity(
            kind: .run,
            logID: SHA256.hash(
                "rehearsal\n\(timelineHead.seal)\n\(instant)\n\(window)\n\(strategy.name)\n"
                    + strategy.canonicalText),
            schemaVersion: EventSchema.version)
        if let made = try? EventLog.open(at: path), made.identity.logID == identity.logID {
            return try parent(name, MergedLog(made, over: timeline), timeline, through: instant)
        }
        let manifest = RunManifest(
            logID: identity.logID, timeline: timelineHead.seal, firstDay: window.from,
            strategy: strategy.name, strategyDigest: digest(of: strategy))
        var replay = Replay(strategy, window: window, performer: TrainingPerformer(trainer))
        _ = try LogBuilder.build(at: path, identity: identity, manifest: manifest) { builder in
            replay.begin(digest: digest(of: strategy), world: try world(of: timeline))
            var shown: Day?
            try timeline.read(through: timelineHead.position) { record in
                guard try Envelope(message: record.message).knownAt <= instant else { return .stop }
                _ = try replay.step(record.message, at: record.position) { recorder in
                    try drain(&recorder, into: &builder)
                }
                if replay.day != shown, let day = replay.day {
                    shown = day
                    progress(day)
                }
                return .proceed
            }
            try replay.run(through: instant) { recorder in try drain(&recorder, into: &builder) }
            try replay.lend { recorder in try drain(&recorder, into: &builder) }
        }
        let made = try EventLog.open(at: path)
        return try parent(name, MergedLog(made, over: timeline), timeline, through: instant)
    }

    /// Where a live run leaves its rehearsal: behind its last event, and all facts known by then.
    private static func parent(
        _ name: String, _ run: MergedLog, _ timeline: EventLog, through instant: Instant
    ) throws -> RunManifest.Parent {
        var read: UInt64 = 0
        try timeline.read { record in
            guard try Envelope(message: record.message).knownAt <= instant else { return .stop }
            read = record.position
            return .proceed
        }
        let own = try run.log.head().position
        return RunManifest.Parent(
            run: name, seal: try run.seal(of: .own(own)),
            position: MergedPosition(own: own, timeline: read), timeline: .continued)
    }
}
