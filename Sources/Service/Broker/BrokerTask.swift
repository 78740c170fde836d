public import Brokerage
public import EventLog
public import Events
import FeedbackLoop
import Market
public import Pipeline

/// What a daemon steps between two instants of its loop: a broker's task of whatever port.
public protocol BrokerStepping {
    /// Does what is due now, and writes what came of it. Whether anything was written.
    mutating func step(at now: Instant, _ loop: any LiveLoop) throws -> Bool
    /// Orders that are not over.
    var working: Int { get }
    /// The account as it was looked at last; nil before it was.
    var standing: AccountStanding? { get }
    /// What people are to be told that no event tells, once each.
    mutating func takeNotices() -> [String]
    /// What the broker's clock shows; nil where it does not answer.
    mutating func clock() -> Instant?
}

/// Sends what a live run's log asks of a broker, and writes what the broker says as facts of the
/// data log. It decides nothing: an order is sent because the run's log holds its request, and what
/// becomes of it is the run's to answer.
///
/// One thread steps it, between two instants of the loop.
public struct BrokerTask<Port: BrokerPort & OrderUpdates>: BrokerStepping {
    var port: Port
    let data: EventLog
    let run: EventLog
    let flags: EventFlags
    /// Which account, and under which ids.
    let terms: BrokerTerms
    var history: AccountHistory
    /// Whether shares that the account holds are taken over when it is opened.
    let adopts: Bool
    /// Whether the account is the run's, and when that was asked last.
    var isIdentified = false
    var identifiedAt: Instant?
    /// The account as it was looked at last.
    public internal(set) var standing: AccountStanding?
    /// What was written last is known by then: a run that has not read it is not compared.
    var wroteThrough = Instant.epoch
    /// Orders that are followed, in order of their requests.
    var orders: [FollowedOrder] = []
    /// How far the run's log was read.
    var readThrough: UInt64 = 0
    /// Halts that the run may not have read, and splits.
    var watched = DataWatch()
    /// The latest date on which each holding's stop was looked at in the morning.
    var mornings = MorningWatch()
    var account: AccountWatch
    /// How long each holding has had no working exit, and whether that was told.
    var unprotected: [Reference: ProtectionWatch] = [:]
    var isBare = false
    /// What people are to be told and were not yet.
    var notices: [String] = []
    /// Every client order id that the run's log asks for.
    var known: Set<String> = []

    /// A task of a live run, from what its log and the data log hold: what was asked for and is not
    /// over is looked up before anything else.
    ///
    /// - Parameter adopts: whether shares that the account holds when it is opened are taken over;
    ///   otherwise they are left alone.
    public init(
        _ port: Port, run name: String, in folder: DataFolder, data: EventLog, adopts: Bool = false
    ) throws {
        self.port = port
        self.data = data
        let opened = try folder.openRun(name)
        guard let live = opened.manifest?.live else { throw LiveRunError.notLive(name) }
        run = opened.log
        history = try AccountHistory(live, data)
        terms = history.terms ?? live.brokerTerms
        self.adopts = history.latestMode.map { $0.event.adopts == true } ?? adopts
        flags = try OperatorLedger.flags(of: data)
        let past = try BrokerPast(data, behind: live.position)
        account = AccountWatch(past)
        try read { followed in
            let id = followed.order.request.id.description
            guard let known = past.orders[id] else { return followed.resumed(nil) }
            return known.isOver ? nil : followed.resumed(known)
        }
    }

    /// What people are to be told that no event tells, once each.
    public mutating func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    /// What the broker's clock shows; nil where it does not answer.
    public mutating func clock() -> Instant? { try? port.clock().now }

    /// Orders that are not over.
    public var working: Int { orders.count { !$0.order.isOver } }

    /// Does what is due now, and writes what came of it. Whether anything was written.
    ///
    /// - Parameters:
    ///   - now: the compared clock.
    ///   - loop: the run as it stands; its log is durable up to there.
    public mutating func step(at now: Instant, _ loop: any LiveLoop) throws -> Bool {
        try history.look(data)
        // Under other terms another task is made.
        guard history.terms == terms else { return false }
        try read { $0.requested(at: now) }
        var facts: [any EventMessage] = []
        try watched.look(data)
        identify(&facts, at: now)
        if isIdentified, !history.custody.sendsNothing {
            work(loop, &facts, at: now)
        } else if isIdentified, loop.world.broker?.terms == terms {
            takeOver(loop, &facts, at: now)
        }
        guard !facts.isEmpty else { return false }
        try data.append(now: now) { (batch: inout AppendBatch) in
            for var fact in facts {
                fact.envelope.recordedAt = batch.now
                fact.envelope.knownAt = min(fact.envelope.knownAt, batch.now)
                batch.append(fact)
            }
            wroteThrough = batch.now
        }
        return true
    }

    /// What is due with an account that is the run's.
    private mutating func work(
        _ loop: any LiveLoop, _ facts: inout [any EventMessage], at now: Instant
    ) {
        open(loop, &facts, at: now)
        let isHalted = loop.world.halts.isHalted || watched.isHalted(behind: loop.instant)
        follow(loop, at: now)
        report(&facts, at: now)
        var positions: [BrokerPosition]?
        for place in orders.indices where !orders[place].order.isOver {
            pass(place, isHalted, &facts, at: now)
            act(place, &positions, loop, &facts, at: now)
        }
        look(loop, &facts, at: now)
        if !facts.isEmpty {
            account.restart()
        } else if isComparable(loop), account.isDue(at: now) {
            if ask(&facts, at: now) { facts += reconcile(loop, at: now) }
            if !facts.isEmpty { account.restart() }
        } else if isComparable(loop) {
            observe(loop, &facts, at: now)
        }
        orders.removeAll { $0.order.isOver && now.day - $0.day > 10 }
    }

    func envelope(_ knownAt: Instant) -> Envelope {
        Envelope(knownAt: knownAt, recordedAt: knownAt, actor: .broker, flags: flags)
    }

    /// Reads what the run's log asks for since it was read last.
    private mutating func read(_ take: (FollowedOrder) -> FollowedOrder?) throws {
        let head = try run.head().position
        guard head > readThrough else { return }
        var cancels: [(id: String, reason: CancellationReason)] = []
        var added: [FollowedOrder] = []
        try run.read(from: readThrough + 1, through: head, check: .checksum) { record in
            switch try MessageHeader(record.message).templateID {
            case OrderRequested.templateID:
                let event = try OrderRequested(message: record.message)
                known.insert(event.clientOrderID)
                // What was asked of another account, or before a takeover, is not followed.
                if isOwn(event.clientOrderID), let order = FollowedOrder(event) {
                    added.append(order)
                }
            case ReplaceRequested.templateID:
                let event = try ReplaceRequested(message: record.message)
                let id = event.replaced
                known.insert(event.clientOrderID)
                guard isOwn(event.clientOrderID) else { break }
                let old =
                    added.last { $0.order.request.id.description == id }
                    ?? orders.last { $0.order.request.id.description == id }
                if let order = FollowedOrder(event, of: old?.order.brokerOrderID) {
                    added.append(order)
                }
            case CancelRequested.templateID:
                let event = try CancelRequested(message: record.message)
                cancels.append((event.clientOrderID, event.reason))
            default: break
            }
            return .proceed
        }
        readThrough = head
        orders += added.compactMap(take)
        for (id, reason) in cancels { cancel(id, reason) }
    }

    /// Whether a client order id is one of the present terms.
    func isOwn(_ id: String) -> Bool { ClientOrderID.isOwn(id, prefix: terms.prefix) }

    /// A cancelling that the log asks for; of what was never sent it is the end, and said so by the
    /// next step.
    private mutating func cancel(_ id: String, _ reason: CancellationReason) {
        for place in orders.indices where orders[place].order.request.id.description == id {
            orders[place].wantsCancel = CancelReason(reason)
        }
    }
}
