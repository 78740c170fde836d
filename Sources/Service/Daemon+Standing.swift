import EventLog
import Events
import Foundation
import Ingest
import Logging
import Market
import Pipeline

/// What a step does beside the run: it looks at the world, takes files, and writes how it stands.
extension Daemon {
    /// Records how long a step took, and the run as it stands.
    func measure(
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

    /// Looks at the world, and halts entries for what it finds.
    func look(
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
    static func off(_ comparison: ClockComparison) -> String {
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
    func refresh(_ loop: any LiveLoop) throws -> Bool {
        do {
            let lock = try FileLock(folder.ingestLock, .exclusive)
            try withExtendedLifetime(lock) { try loop.refresh() }
            return true
        } catch FileLockError.held {
            return false
        }
    }

    func note(_ loop: any LiveLoop, _ state: String, _ next: String) throws {
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

    func drain(_ inbox: inout Inbox, _ account: BrokerDesk) throws {
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
