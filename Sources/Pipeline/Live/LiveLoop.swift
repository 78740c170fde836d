public import EventLog
public import Events
public import Market

/// A live run under whatever strategy: what a service drives.
public protocol LiveLoop: AnyObject {
    /// The run's name.
    var name: String { get }
    /// The latest instant that was begun, or the rehearsal's last.
    var instant: Instant { get }
    /// The latest session that was closed; nil before the first.
    var day: Day? { get }
    /// The shared world as it stands.
    var world: World { get }
    /// Facts that came when the first cycle that could have read them was over, and bars that
    /// came when their session was: what `recount late --run` lists.
    var late: Int { get }
    /// What a share of the run is called on a day: the run keeps the symbol under which it first
    /// had bars.
    func symbol(of ticker: Ticker, on day: Day) -> Ticker

    /// Looks what the data log has more than before: nobody may be putting a session into it.
    func refresh() throws
    /// Runs the next instant, if one is due by the clock and what it waits for was there when the
    /// data log was looked at last.
    func run(at now: Instant) throws -> LiveTurn
    /// What comes next: an instant that is due, or what is waited for.
    func upcoming(by now: Instant) throws -> LiveTurn
    /// Says that instants fell due while nobody ran them: the first fact after a start.
    func missed(through now: Instant) throws
}

extension LiveLoop {
    /// Looks at the data log and runs the next instant, if one is due.
    ///
    /// - Returns: what it was, or what the run waits for.
    public func turn(at now: Instant) throws -> LiveTurn {
        try refresh()
        return try run(at: now)
    }
}

/// What a live run's manifest must say.
struct LiveManifest {
    let live: RunManifest.Live
    let parent: RunManifest.Parent

    init(_ opened: OpenedRun) throws(LiveRunError) {
        guard let live = opened.manifest?.live, let parent = opened.manifest?.parent else {
            throw .notLive(opened.name)
        }
        (self.live, self.parent) = (live, parent)
    }
}

extension RunManifest.Live {
    /// The broker of simulated runs.
    public static let simulated = "simulated"

    /// Whether a broker of the world answers its orders.
    public var hasBroker: Bool { broker != RunManifest.Live.simulated }

    /// What a run with a broker of the world goes by.
    public var brokerTerms: BrokerTerms {
        BrokerTerms(name: broker, prefix: prefix, account: account)
    }

    /// What a run with a broker of the world records of it; nothing at the simulated market.
    var terms: String { hasBroker ? brokerTerms.text : "" }
}

/// The message of a model of another tool as a data log has it: predictions name it by that.
enum ModelMessage {
    /// Of a timeline's event; nil when it is of another kind.
    static func original(_ message: RawSpan, in data: EventLog) throws -> [UInt8]? {
        guard try MessageHeader(message).templateID == ModelImported.templateID else { return nil }
        let position = try Envelope(message: message).through
        guard position > 0 else { return message.withUnsafeBytes { Array($0) } }
        var original: [UInt8]?
        _ = try data.record(at: position) { record in
            original = try FactIndex.message(record.message, ModelImported.templateID)
        }
        return original
    }
}

/// Why a live run cannot be made or go on.
public enum LiveRunError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The run is a backtest.
    case notLive(String)
    /// The data folder follows no exchange's calendar.
    case noCalendar(String)
    /// The data log has no whole session.
    case noSession(String)
    /// A warm start would begin behind the history's last session.
    case warmTooLate(Day, Day)
    /// A start decided an event of the last sessions otherwise than it is recorded: the run's own
    /// position.
    case decidedOtherwise(String, UInt64)
    /// Its timeline has facts that the data log does not have yet: the position of the latest, and
    /// that of the log's head.
    case otherData(String, UInt64, head: UInt64)
    /// Its own log names facts that its timeline does not have: the position of the latest, and
    /// that of the timeline's end.
    case olderTimeline(String, UInt64, head: UInt64)
    /// The last event of its own log names facts of before the run began: its own position.
    case misplaced(String, UInt64)
    /// Its strategy cannot trade with a broker of the world: why.
    case notForBroker(String, [String])
    /// The folder has a live run already: one folder is one account, and has one inbox.
    case another(String, other: String)
    /// It was made under other settings.
    case otherStrategy(String, recorded: String)

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .notLive(let run):
            "run \(run) is a backtest, not a live run; choose another name"
        case .noCalendar(let run):
            "live run \(run): the data folder follows no exchange's calendar, and a live run must "
                + "know which dates are sessions; ingest the files into a folder of its own with "
                + "--calendar xnys (a simulated world too, which follows none unless that is said)"
        case .noSession(let run):
            "live run \(run): the data log has no session whose bars and index are there; ingest "
                + "prices and the index first"
        case .decidedOtherwise(let run, let position):
            "live run \(run): event \(position) of its own log, of the last "
                + "\(DecidedTail.sessions) sessions, is decided otherwise by this program "
                + "(\(Program.version)) than it is recorded; recount reproduce and recount verify "
                + "tell more"
        case .another(let run, let other):
            "live run \(run): the folder has the live run \(other) already, and a folder has one, as it "
                + "has one inbox and one account; go on with that (--run \(other)), or make a folder of "
                + "its own for another: recount backup and recount restore copy the facts"
        case .otherData(let run, let position, let head):
            "live run \(run) was moved fact \(position) of the data log, which ends with \(head): the log "
                + "is an older one, or another folder's; restore both from one back-up"
        case .olderTimeline(let run, let position, let head):
            "live run \(run) decided over fact t\(position) of its timeline, which ends with t\(head): "
                + "the timeline is an older one; restore the run's folder, the timeline in it, from "
                + "one back-up (recount restore)"
        case .misplaced(let run, let position):
            "live run \(run): event \(position) of its own log was recorded behind facts that are "
                + "older than the run; recount verify --run \(run) tells more, and a back-up has "
                + "what was before"
        case .warmTooLate(let day, let last):
            "--warm-from \(day) is behind the last whole session of the data log, \(last); name an "
                + "earlier day, or leave it out to start cold"
        case .notForBroker(let strategy, let why):
            "\(strategy) cannot trade with a broker: \(why.joined(separator: "; "))"
        case .otherStrategy(let run, let recorded):
            "live run \(run) was made with the strategy \(recorded) under other settings than those "
                + "asked for; leave --strategy out to go on with it, or make another folder"
        }
    }
}
