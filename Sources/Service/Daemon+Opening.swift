import EventLog
import Events
import FeedbackLoop
import Learning
import Logging
import Market
import Pipeline

/// How the live run is made, and opened.
extension Daemon {
    /// Makes the live run where there is none.
    func make(_ log: EventLog) throws {
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

    /// Opens the live run, its last sessions decided again. Where this program would decide
    /// otherwise what is recorded stands, and a fact says so: under another version than the one
    /// that ran it last, and under the same one in custody.
    func open(_ log: EventLog) throws -> any LiveLoop {
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
}
