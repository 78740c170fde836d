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

    let configuration: Configuration
    let clock: any ServiceClock
    let logger: Logger
    let trainer: (any Trainer)?
    let prefix: () -> UInt64
    let failures: FailureCount
    let trainerFailures = FailureCount()
    private let broker: BrokerSource?
    let tell: (Notice) -> Void
    var standing: DaemonStanding
    let probe: DaemonProbe
    var alerts: DaemonAlerts?
    /// Files of the inbox that failed before anybody could be told.
    var failedTexts: [String] = []

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

    var folder: DataFolder { configuration.folder }
    var rules: DayRules { configuration.settings.rules }

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

    private func serve(_ log: EventLog, while isWanted: @escaping () -> Bool) throws {
        var inbox = try Inbox(
            folder, log: log, settings: configuration.settings, clock: clock, pulse: probe.pulse)
        try ServiceApprovals.apply(
            configuration.settings.approvals, to: log, at: clock.now(), logger)
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
}
