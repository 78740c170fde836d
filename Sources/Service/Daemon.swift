public import EventLog
public import Events
import FeedbackLoop
import Foundation
import Ingest
public import Learning
public import Logging
import Market
public import Pipeline

/// The loop that runs by itself: it takes files from the inbox, moves facts to its run's timeline
/// and decides at each instant, by one thread, until it is asked to stop.
///
/// One process runs a live run at a time. Whatever ends it, the next one goes on where it was.
public final class Daemon {
    /// Which run it runs, and under what.
    public struct Configuration: Sendable {
        /// The data folder.
        public var folder: DataFolder
        /// The live run's name.
        public var run: String
        /// The strategy of a run that is made; nil to go on with one that is there.
        public var strategy: BuiltStrategy?
        /// The day from which a run that is made rehearses; nil for a cold start.
        public var warmFrom: Day?
        /// The service's settings.
        public var settings: ServiceSettings
        /// What answers the orders of a run that is made.
        public var broker = RunManifest.Live.simulated
        /// The account at the broker of a run that is made.
        public var account: String?
        /// Whether shares that the account holds when it is opened are taken over.
        public var adopts = false
        /// Whether a run may trade with money.
        public var allowsLive = false
        /// How alerts go out; none for none.
        public var senders: [any AlertSender] = []
        var alertSchedule = AlertSchedule()

        /// A configuration of its parts.
        public init(
            folder: DataFolder, run: String = "live", strategy: BuiltStrategy? = nil,
            warmFrom: Day? = nil, settings: ServiceSettings = ServiceSettings()
        ) {
            (self.folder, self.run, self.strategy) = (folder, run, strategy)
            (self.warmFrom, self.settings) = (warmFrom, settings)
        }
    }

    /// What whoever supervises it is told.
    public enum Notice: Sendable {
        /// Its run is open, and instants are run as they come.
        case ready
        /// What comes next, or what is waited for, in words.
        case next(String)
        /// It finishes the instant in hand and ends.
        case stopping
    }

    private let configuration: Configuration
    private let clock: any ServiceClock
    private let logger: Logger
    private let trainer: (any Trainer)?
    private let prefix: () -> UInt64
    private let failures: FailureCount
    private let trainerFailures = FailureCount()
    private let broker: BrokerSource?
    private let tell: (Notice) -> Void
    private var standing: DaemonStanding
    private let probe: DaemonProbe
    private var alerts: DaemonAlerts?
    /// Files of the inbox that failed before anybody could be told.
    private var failedTexts: [String] = []

    /// A daemon; nothing is opened before it runs.
    ///
    /// - Parameters:
    ///   - prefix: gives 64 random bits for a run that is made.
    ///   - failures: counts what fails beside it.
    ///   - broker: makes what sends the orders of a run whose broker is one of the world.
    ///   - probe: what others may ask while it runs.
    ///   - tell: told how it does, by its own thread.
    public init(
        _ configuration: Configuration, clock: any ServiceClock, logger: Logger,
        trainer: (any Trainer)?, prefix: @escaping () -> UInt64 = { .random(in: 1 ... .max) },
        failures: FailureCount = FailureCount(), broker: BrokerSource? = nil,
        probe: DaemonProbe = DaemonProbe(), tell: @escaping (Notice) -> Void = { _ in }
    ) {
        self.probe = probe
        (self.failures, self.broker) = (failures, broker)
        (self.configuration, self.clock, self.logger) = (configuration, clock, logger)
        self.trainer = trainer.map { PulsedTrainer(trainer: $0, pulse: probe.pulse) }
        (self.prefix, self.tell) = (prefix, tell)
        standing = DaemonStanding(
            process: getpid(), started: "\(clock.now())", program: Program.name)
        standing.allowsLive = configuration.allowsLive
    }

    private var folder: DataFolder { configuration.folder }
    private var rules: DayRules { configuration.settings.rules }

    /// Runs until `isWanted` says no, which is asked between two instants and about twenty times a
    /// second while nothing is due.
    ///
    /// - Throws: `ServiceError`, `LiveRunError`, `LogError` and what a strategy's deciders throw.
    public func run(while isWanted: @escaping () -> Bool) throws {
        guard EventLog.isLog(folder.log) else { throw ServiceError.noData(folder.path) }
        let log = try EventLog.open(at: folder.log, access: .write)
        for remark in log.remarks { logger.warning("\(remark)") }
        try make(log)
        let lock: FileLock
        do {
            lock = try FileLock(
                try DaemonStanding.lockPath(configuration.run, in: folder), .exclusive)
        } catch FileLockError.held(_, let holder) {
            throw ServiceError.running(configuration.run, holder)
        }
        try withExtendedLifetime(lock) {
            try lock.write("\(getpid())\n")
            try serve(log, while: isWanted)
        }
    }

    /// Makes the live run where there is none.
    private func make(_ log: EventLog) throws {
        let name = configuration.run
        let path = try folder.run(name)
        if EventLog.isLog(path) {
            let recorded = try RunManifest.read(in: path)
            guard recorded?.live != nil else { throw LiveRunError.notLive(name) }
            if configuration.warmFrom != nil {
                logger.info("the run is there and goes on; --warm-from is of its start alone")
            }
            guard let built = configuration.strategy else { return }
            let strategy = try LiveRuns.named(built, of: name, in: folder, data: log).strategy
            guard recorded?.strategyDigest == Run.digest(of: strategy) else {
                throw LiveRunError.otherStrategy(name, recorded: recorded?.strategy ?? "?")
            }
            return
        }
        guard let built = configuration.strategy else { throw ServiceError.noRun(name) }
        let warmFrom = configuration.warmFrom
        logger.info(
            "making the live run",
            metadata: ["run": "\(name)", "warm_from": "\(warmFrom.map { "\($0)" } ?? "none")"])
        func make(_ strategy: some Strategy) throws {
            try LiveRuns.make(
                strategy, named: name, in: folder, data: log,
                prefix: prefix(), warmFrom: warmFrom, rules: rules,
                broker: configuration.broker, account: configuration.account, trainer: trainer
            ) { day in
                self.logger.debug("rehearsed", metadata: ["session": "\(day)"])
            }
        }
        switch try LiveRuns.named(built, of: name, in: folder, data: log) {
        case .loop(let loop): try make(loop)
        case .follow(let follow): try make(follow)
        }
        guard warmFrom == nil else {
            logger.notice(
                """
                the run starts warm: it has the rows, models, outcomes and weights of its rehearsal, \
                and none of its orders, holdings and cash
                """)
            return
        }
        logger.notice(
            """
            the run starts cold: it knows the history of prices and filings, and has no rows, no \
            models and no outcomes before its first session
            """)
    }

    private func serve(_ log: EventLog, while isWanted: @escaping () -> Bool) throws {
        var inbox = try Inbox(
            folder, log: log, settings: configuration.settings, clock: clock, pulse: probe.pulse)
        let manifest = try RunManifest.read(in: try folder.existingRun(configuration.run))
        inbox.areBarsAsTraded = manifest?.live?.hasBroker ?? false
        let began = clock.now()
        let loop: any LiveLoop
        do {
            loop = try open(log)
        } catch {
            failToStart(error, log)
            throw error
        }
        logger.info(
            "the live run is open",
            metadata: [
                "run": "\(loop.name)", "instant": "\(loop.instant)",
                "session": "\(loop.day.map { "\($0)" } ?? "none")",
            ])
        startAlerts(loop, log)
        do {
            try step(loop, &inbox, log, began: began, while: isWanted)
        } catch {
            try? note(loop, "failed", LogError.text(of: error))
            alerts?.tell(.error, "recountd ends: \(LogError.text(of: error))", at: clock.now())
            alerts?.close(at: clock.now())
            throw error
        }
        tell(.stopping)
        alerts?.close(at: clock.now())
        try note(loop, "stopped", "recountd run goes on from here")
        logger.info("stopped", metadata: ["instant": "\(loop.instant)"])
    }

    /// Tells people, by this thread, that a run cannot be opened.
    private func failToStart(_ error: any Error, _ log: EventLog) {
        guard configuration.settings.alerts.kinds.contains(.error) else { return }
        do {
            _ = try DirectAlert.send(
                .error, "recountd does not start: \(LogError.text(of: error))",
                configuration.senders,
                run: configuration.run, data: log, clock: clock)
        } catch {
            logger.error("alerts", metadata: ["why": "\(LogError.text(of: error))"])
        }
    }

    /// Starts to send alerts, where a channel is there. What keeps it from that is logged: the
    /// loop does not depend on it.
    private func startAlerts(_ loop: any LiveLoop, _ log: EventLog) {
        guard !configuration.senders.isEmpty else { return }
        let alerts: DaemonAlerts
        do {
            alerts = try DaemonAlerts(
                configuration.settings.alerts, configuration.senders, run: loop.name, in: folder,
                data: log, clock: clock, probe: probe, schedule: configuration.alertSchedule,
                logger: logger)
        } catch {
            logger.error(
                "nobody is told of anything", metadata: ["why": "\(LogError.text(of: error))"])
            return
        }
        self.alerts = alerts
        alerts.start(loop, at: clock.now())
        for text in failedTexts { alerts.tell(.error, text, at: clock.now()) }
        failedTexts = []
    }

    /// Runs instants as they come, until nobody wants it any more.
    private func step(
        _ loop: any LiveLoop, _ inbox: inout Inbox, _ log: EventLog, began: Instant,
        while isWanted: () -> Bool
    ) throws {
        var account = try BrokerDesk(
            configuration, in: log, source: broker, logger: logger)
        // The broker comes first: what it did while nobody was here is known by then.
        try account.connect()
        var comparison = ClockComparison(clock)
        let isRight = comparison.agrees(clock) { account.clock() }
        func compared() -> Instant { isRight ? clock.now() : comparison.corrected(clock) }
        try account.judge(compared())
        while try account.step(at: compared(), loop) {}
        if isRight { try drain(&inbox, account) }
        // What has just been put there may be what the missed instants need.
        var left = isRight && !account.isLive ? inbox.settling + 1 : 0
        while left > 0, isWanted(), inbox.isFilling() {
            probe.pulse.beat()
            clock.wait(1) { !isWanted() }
            try drain(&inbox, account)
            left -= 1
        }
        try loop.refresh()
        try loop.missed(through: isRight ? began : compared())
        tell(.ready)
        probe.set("running", "instants are run as they come", isOpen: true)
        var reported = ""
        var world = try WorldHalts(configuration.run, in: folder, data: log)
        var postponed = try PostponedTrainings(configuration.run, in: folder)
        while isWanted() {
            probe.pulse.beat()
            let start = ContinuousClock.now
            let isOn = comparison.agrees(clock) { account.clock() }
            // By a clock that is wrong nothing is known: files wait.
            if isOn { try drain(&inbox, account) }
            let now = isOn ? clock.now() : comparison.corrected(clock)
            try look(&world, isOn ? nil : Daemon.off(comparison), log, now)
            let isFresh = try refresh(loop)
            let isRun = try isFresh && (isOn || loop.upcoming(by: now).isAct)
            let turn = try isRun ? loop.run(at: now) : loop.upcoming(by: now)
            if case .due(let instant, _, _) = turn, isRun {
                standing.instants += 1
                logger.info(
                    "instant",
                    metadata: [
                        "at": "\(instant)", "for": "\(turn.purpose)",
                        "holdings": "\(loop.world.portfolio.holdings.count)",
                        "orders": "\(loop.world.portfolio.orders.count)",
                    ])
                alerts?.ran(turn, loop, at: now)
                alerts?.look()
                probe.metrics.ran()
                measure(loop, since: start, isBusy: true)
                continue
            }
            let isWritten = try account.step(at: now, loop)
            for text in account.takeNotices() {
                logger.error("\(text)")
                alerts?.tellOnce(.error, text, at: now)
            }
            if isWritten { continue }
            if isOn, try postponed.makeUp(log, at: now, logger: logger) { continue }
            alerts?.idle(turn, rules, at: now)
            alerts?.look()
            let text = isOn ? turn.text(rules) : Daemon.off(comparison)
            let isGuarding = loop.world.custody.isInCustody
            let state = !isOn ? "clock" : isGuarding ? "custody" : turn.state
            if text != reported {
                logger.log(
                    level: isOn ? .info : .error, "next",
                    metadata: ["what": "\(text)", "state": "\(state)"])
                reported = text
                tell(.next(text))
            }
            (standing.account, standing.credentials) = (account.standing, account.credentials)
            try note(loop, state, text)
            measure(loop, since: start, isBusy: false)
            let head = try log.head().position
            clock.wait(1) {
                !isWanted() || (try? log.head().position) != head
                    || alerts?.hasFinished ?? false
            }
        }
    }

    /// Records how long a step took, and the run as it stands.
    private func measure(
        _ loop: any LiveLoop, since start: ContinuousClock.Instant, isBusy: Bool
    ) {
        let (seconds, attoseconds) = start.duration(to: .now).components
        probe.metrics.step(
            nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000, isBusy: isBusy)
        probe.metrics.record(loop)
        if let standing = alerts?.standing {
            probe.metrics.alerts(waiting: standing.waiting, refused: standing.failed)
        }
    }

    /// Opens the live run, its last sessions decided again. Where this program would decide
    /// otherwise what is recorded stands, and a fact says so: under another version than the one
    /// that ran it last, and under the same one in custody.
    private func open(_ log: EventLog) throws -> any LiveLoop {
        let manifest = try RunManifest.read(in: try folder.existingRun(configuration.run))
        let limits = ServiceTrainingLimits(
            clock, hasBroker: manifest?.live?.hasBroker ?? false, failures: trainerFailures)
        func open(again: Bool) throws -> any LiveLoop {
            try LiveRuns.open(
                configuration.run, in: folder, data: log, rules: rules, trainer: trainer,
                limits: limits, again: again)
        }
        let before = try DaemonStanding.read(configuration.run, in: folder)
        do {
            return try open(again: true)
        } catch let error as LiveRunError {
            guard case .decidedOtherwise(_, let position) = error else { throw error }
            // A run that cannot be opened either way leaves no custody behind.
            let loop = try open(again: false)
            let difference = RecordedDifference(
                run: configuration.run, position: position, previous: before?.program,
                text: "\(error)")
            try difference.record(in: log, folder, now: clock.now())
            logger.log(
                level: difference.isOfOtherVersion ? .warning : .error,
                "the last sessions were decided otherwise; what is recorded stands",
                metadata: [
                    "was": "\(before?.program ?? "unknown")", "is": "\(Program.name)",
                    "what": "\(error)",
                ])
            return loop
        }
    }

    /// Looks at the world, and halts entries for what it finds.
    private func look(
        _ world: inout WorldHalts, _ trouble: String?, _ log: EventLog, _ now: Instant
    ) throws {
        let settings = configuration.settings
        let room = DiskRoom(folder, least: settings.diskFree, ballast: settings.ballast)
        func judge(_ cause: HaltCause, _ trouble: String?, over: String? = nil) throws {
            try world.judge(cause, trouble, over: over, in: log, now: now, logger: logger)
        }
        try judge(.clock, trouble, over: "the clock agrees again")
        try judge(.disk, try room.look(), over: "there is room again")
        try judge(.projector, failures.trouble(at: clock.elapsed()))
        try judge(.trainer, trainerFailures.trouble(at: clock.elapsed()))
    }

    /// Why no scheduled instant is run; in whole minutes or seconds, so that it is told once.
    private static func off(_ comparison: ClockComparison) -> String {
        let size = comparison.offset.magnitude
        let amount = size >= 120 ? "\(Int(size / 60)) min" : "\(Int(size)) s"
        let isAhead = comparison.offset > 0
        return comparison.isOfBroker
            ? "the clock is \(amount) \(isAhead ? "ahead of" : "behind") the broker's: no scheduled "
                + "instant is run until it is set right"
            : "the clock was set \(amount) \(isAhead ? "ahead" : "back") while the service ran: no "
                + "scheduled instant is run until it is set right, or the service started again"
    }

    /// Looks at the data log, unless `recount ingest` is at work in another process: a session is
    /// not seen half. Whether it was looked at.
    private func refresh(_ loop: any LiveLoop) throws -> Bool {
        do {
            let lock = try FileLock(folder.ingestLock, .exclusive)
            try withExtendedLifetime(lock) { try loop.refresh() }
            return true
        } catch FileLockError.held {
            return false
        }
    }

    private func note(_ loop: any LiveLoop, _ state: String, _ next: String) throws {
        standing.written = "\(clock.now())"
        standing.instant = "\(loop.instant)"
        standing.session = loop.day.map { "\($0)" }
        (standing.state, standing.next, standing.late) = (state, next, loop.late)
        probe.set(state, next)
        standing.halts = loop.world.halts.standing.map {
            "\($0.cause) since \($0.since): \($0.text)"
        }
        standing.custody = loop.world.custody.standing.map {
            "\($0.cause) since \($0.since): \($0.text); it ends by \($0.cause.remedy)"
        }
        try standing.write(configuration.run, in: folder)
    }

    private func drain(_ inbox: inout Inbox, _ account: BrokerDesk) throws {
        let logger = logger
        var (files, failed) = (0, 0)
        var texts: [String] = []
        try inbox.drain(settles: !account.isLive) { outcome in
            files += 1
            var metadata: Logger.Metadata = [
                "file": "\(outcome.name)", "now": "\(outcome.place)",
                "kind": "\(outcome.kind.map { "\($0)" } ?? "unknown")",
            ]
            if let report = outcome.report {
                metadata["rows"] = "\(report.rows)"
                metadata["added"] = "\(report.added)"
                metadata["duplicates"] = "\(report.duplicates)"
                metadata["rejected"] = "\(report.rejected)"
            }
            if let failure = outcome.failure {
                failed += 1
                texts.append(
                    "file \(outcome.name) of the inbox was not taken: \(failure); it is "
                        + "\(outcome.place) now")
                metadata["why"] = "\(failure)"
                logger.error("file of the inbox failed", metadata: metadata)
            } else {
                logger.info("file of the inbox taken", metadata: metadata)
            }
        } refuse: { text in
            logger.warning("\(text)")
        }
        standing.leftAlone = inbox.leftAlone.prefix(20).map { $0 }
        standing.files += files
        standing.failedFiles += failed
        probe.metrics.files(taken: files - failed, failed: failed)
        if alerts == nil { failedTexts += configuration.senders.isEmpty ? [] : texts }
        for text in texts { alerts?.tell(.error, text, at: clock.now()) }
    }
}

/// Why a broker of the world is not traded with: what and what to do.
public struct BrokerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// All of it.
    public let description: String

    /// Of a text.
    public init(description: String) { self.description = description }
}

/// Why a service does not run.
public enum ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The data folder has no facts.
    case noData(String)
    /// There is no live run, and nobody said under which strategy to make one.
    case noRun(String)
    /// Another process runs it.
    case running(String, String)
    /// No process runs it.
    case notRunning(String)
    /// Nothing here sends its orders.
    case noBroker(String, String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noData(let path):
            "\(path) has no data log; recount ingest prices, index and disclosures make one"
        case .noRun(let run):
            "there is no live run \(run) yet; say --strategy NAME to make it"
        case .running(let run, let holder):
            "live run \(run) is run by process \(holder.isEmpty ? "?" : holder) already; recountd "
                + "status tells how it does, recountd stop ends it"
        case .notRunning(let run): "no process runs live run \(run)"
        case .noBroker(let run, let broker):
            "live run \(run) trades with \(broker), and nothing here sends its orders"
        }
    }
}
