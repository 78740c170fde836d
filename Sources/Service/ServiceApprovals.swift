import EventLog
import Events
import Logging
import Pipeline

/// How many people acts need, as a service's settings have it.
enum ServiceApprovals {
    /// Records that more are needed than before. Fewer are needed by two people's word alone: a
    /// file that one can write does not take it back.
    static func apply(_ wanted: Int, to log: EventLog, at now: Instant, _ logger: Logger) throws {
        guard wanted > 0 else { return }
        var ledger = OperatorLedger()
        try ledger.read(log)
        let people = ledger.approvals.people
        guard wanted > people else {
            guard wanted < people else { return }
            logger.warning(
                "approvals in the settings is not taken: two people change what the data log has",
                metadata: ["approvals": "\(wanted)", "people": "\(people)"])
            return
        }
        _ = try ledger.record(
            .requirement(wanted), who: "recountd",
            reason: "approvals: \(wanted) in the service's settings", in: log, now: now)
        logger.notice("acts need a second person from now on", metadata: ["people": "\(wanted)"])
    }
}
