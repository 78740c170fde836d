public import EventLog
public import Events
public import Market
public import Pipeline

/// Halts and their ends by a person.
public enum HaltActs {
    /// Halts entries, and with `stopsExits` new exits too; nil where a person's halt of the same
    /// kind stands.
    public static func halt(
        _ standing: StandingHalts, stopsExits: Bool, by person: PersonAct, in log: EventLog,
        now: Instant
    ) throws -> OperatorLedger.Recorded? {
        let isThere = standing.book.standing.contains {
            $0.cause == .person && $0.stopsExits == stopsExits
        }
        guard !isThere else { return nil }
        return try OperatorLedger.halt(
            .person, stopsExits: stopsExits, who: person.who, reason: person.reason,
            flags: try OperatorLedger.flags(of: log), in: log, now: now)
    }

    /// Ends every halt, or those of a cause, or asks a second person; gives those that end.
    ///
    /// - Throws: `NothingHalted` where none stands.
    public static func resume(
        _ standing: StandingHalts, run: String, cause: HaltCause?, by person: PersonAct,
        in log: EventLog, _ ledger: inout OperatorLedger, now: Instant
    ) throws -> (ended: [HaltBook.Halt], recorded: OperatorLedger.Recorded) {
        let ended = try ended(standing.book.standing, cause: cause)
        let recorded = try ledger.record(
            .resume(cause, run: run), who: person.who, reason: person.reason, in: log, now: now)
        return (ended, recorded)
    }

    /// The halts that a resume ends.
    static func ended(_ standing: [HaltBook.Halt], cause: HaltCause?) throws -> [HaltBook.Halt] {
        let ended = standing.filter { cause == nil || $0.cause == cause }
        guard !ended.isEmpty else {
            throw NothingHalted(cause: cause, standing: standing.map(\.cause))
        }
        return ended
    }
}

/// Nothing is there to be resumed.
public struct NothingHalted: Error, CustomStringConvertible {
    /// The cause that was named.
    public let cause: HaltCause?
    /// What stands.
    public let standing: [HaltCause]

    /// What happened and what to do.
    public var description: String {
        guard let cause, !standing.isEmpty else {
            return "nothing is halted; recount halts shows what is, recount halt --reason halts"
        }
        let others = standing.map { "\($0)" }.joined(separator: ", ")
        return "nothing is halted by \(cause); what stands is \(others)"
    }
}
