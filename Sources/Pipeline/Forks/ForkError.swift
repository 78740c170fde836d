public import EventLog
public import Events

/// Why a fork is refused.
public enum ForkError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No moment was named, and no fact that would give one.
    case noMoment(run: String)
    /// Before the first event there is nothing to share.
    case sharesNothing(run: String, AsOf)
    /// The run is over there.
    case over(run: String, AsOf)
    /// No filing of the run's timeline has this name.
    case unknownFiling(String, run: String)
    /// What is left out and added changes nothing.
    case changesNoFact(run: String)
    /// The run had read, as of the moment, what would be left out or added.
    case readBefore(run: String, AsOf, knownAt: Instant)
    /// What would be left out or added is known only after the run had read its last fact.
    case neverRead(run: String, knownAt: Instant)
    /// The data log's facts do not give the timeline that the run had read.
    case factsGone(timeline: Digest)
    /// A setting says where a run begins, and the fork begins with what the parent had come to.
    case startSetting(key: String, why: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .noMoment(let run):
            "a fork leaves \(run) at a moment; name it with --as-of (a date, an instant, r45, t123 "
                + "or a position)"
        case .sharesNothing(let run, let asOf):
            "as of \(asOf) \(run) had recorded nothing that a fork could share; recount backtest "
                + "--like \(run) --set KEY=VALUE begins anew under other settings"
        case .over(let run, let asOf):
            "as of \(asOf) \(run) is over, and nothing is left to decide; name a moment before its "
                + "last event"
        case .unknownFiling(let name, let run):
            "--without \(name): no filing that \(run) could read has this id, and no row of one this "
                + "reference; recount events --run \(run) --timeline --type DisclosureFiled lists "
                + "them (filingID, or the row as t123)"
        case .changesNoFact(let run):
            "what is left out and added leaves the facts of \(run) as they are; is it in the log "
                + "already? recount backtest --like \(run) reads what came since"
        case .readBefore(let run, let asOf, let knownAt):
            "as of \(asOf) \(run) had read facts that would be others from \(knownAt) on; leave "
                + "--as-of out, and the fork leaves it just before"
        case .neverRead(let run, let knownAt):
            "\(run) never read what is known at \(knownAt): its window is over then"
        case .factsGone(let timeline):
            "the data log no longer gives timeline \(timeline), which the run had read, so that "
                + "nothing can be left out of it; restore the log from a backup"
        case .startSetting(let key, let why): "--set \(key): \(why)"
        }
    }
}
