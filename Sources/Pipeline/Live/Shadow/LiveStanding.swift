public import EventLog
public import Events
import FeedbackLoop
public import Market

/// Where a live run stood at the close of its latest session whose decisions are all recorded: how
/// far it and a backtest beside it are compared. Its process may go on meanwhile.
public struct LiveStanding: Sendable {
    /// The session.
    public let day: Day
    /// Its world at that close, marked.
    public let world: World
    /// The instant at which it began.
    public let start: Instant
    /// Where it left its rehearsal.
    public let beginning: MergedPosition
    /// Where it stood at that close: what comes behind is no part of its value then.
    public let close: MergedPosition
    /// How far it is read: through its latest durable event.
    public let end: MergedPosition
    /// The instant of the latest event that is read.
    public let instant: Instant
    /// Sessions that it has closed.
    public let sessions: Int
    /// When it first went on at another account: it is compared up to the close before; nil where
    /// it never did.
    public let leftAccountAt: Instant?
    /// Whether its orders go to a broker of the world.
    public let hasBroker: Bool

    /// Reads a live run; nil before it has closed a session.
    ///
    /// - Throws: `LiveRunError.notLive` for a backtest, and what folding a run throws.
    public static func read(_ run: OpenedRun) throws -> LiveStanding? {
        let manifest = try LiveManifest(run)
        let end = try run.merged.end()
        let offset = manifest.parent.position.timeline
        var closes: [(day: Day, begun: UInt64)] = []
        var closing: Day?
        var left: Instant?
        try run.timeline.read { record in
            guard record.position + offset <= end.timeline else { return .stop }
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID: closing = try SessionClosedView(record.message).day
            case InstantBegun.templateID:
                if let day = closing, left == nil { closes.append((day, record.position + offset)) }
                closing = nil
            case TradingModeChanged.templateID where left == nil:
                left = try Envelope(message: record.message).knownAt
            default: break
            }
            return .proceed
        }
        guard let last = closes.last,
            let place = try run.merged.position(after: .timeline(last.begun))
        else { return nil }
        let strategy = try RunOrigin.read(run.log).strategy.strategy
        let driver = try RunFold.fold(
            Bookkeeping(of: strategy), window: ReplayWindow(from: run.manifest?.firstDay),
            run: run.merged, through: place)
        return LiveStanding(
            day: last.day, world: driver.world, start: manifest.live.instant,
            beginning: manifest.parent.position, close: place, end: end,
            instant: try ForkStart.instant(run.merged, end), sessions: closes.count,
            leftAccountAt: left, hasBroker: manifest.live.broker != RunManifest.Live.simulated)
    }
}
