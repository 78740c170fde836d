import Brokerage
import Events
import Synchronization

/// An exchange that several may ask: a port in process, the routes of HTTP, a test that moves time.
public final class StubBroker: Sendable {
    /// A pair of keys that an account is asked with.
    public struct Keys: Hashable, Sendable {
        /// Its name.
        public var id: String
        /// Its secret.
        public var secret: String

        /// A pair of both.
        public init(_ id: String, _ secret: String) { (self.id, self.secret) = (id, secret) }
    }

    /// What stands behind the lock.
    public struct State: Sendable {
        /// The exchange.
        public var exchange: Exchange
        /// Keys that are taken, each with its secret.
        public var keys = [Keys("PKSTUB", "secret")]
        /// What goes wrong.
        public var faults = FaultPlan()
        /// Requests in the minute that began at an instant.
        var (minuteBegan, requests) = (Instant.epoch, 0)
        /// Updates that were read, and those that wait behind a late one.
        var (read, late): (Int, [ExchangeUpdate]) = (0, [])
        var isReconnected = false
        /// Requests so far, of each kind.
        var counts: [(operation: BrokerCall, count: Int)] = []

        init(_ exchange: Exchange) {
            self.exchange = exchange
        }
    }

    private let state: Mutex<State>

    /// A broker in front of an exchange.
    public init(_ exchange: Exchange) {
        state = Mutex(State(exchange))
    }

    /// Reads or changes what stands behind the lock.
    public func with<Result: Sendable>(
        _ body: (inout sending State) -> sending Result
    ) -> Result {
        state.withLock { body(&$0) }
    }
}

extension StubBroker.State {
    /// Counts a request against the rate and draws its fault.
    public mutating func admit(_ operation: BrokerCall) -> Fault {
        let place = counts.firstIndex { $0.operation == operation }
        if let place { counts[place].count += 1 } else { counts.append((operation, 1)) }
        let now = exchange.now
        if now >= minuteBegan.adding(seconds: 60) { (minuteBegan, requests) = (now, 0) }
        requests += 1
        guard requests <= exchange.rules.requestsPerMinute else {
            return .rateLimit(seconds: Int64(secondsToReset))
        }
        return faults.draw(operation)
    }

    /// Requests that are left in this minute.
    public var remaining: Int { max(0, exchange.rules.requestsPerMinute - requests) }

    /// Whole seconds until the next minute begins, rounded up.
    public var secondsToReset: Int {
        let end = minuteBegan.adding(seconds: 60)
        return Int((end.rawValue - exchange.now.rawValue + 999_999_999) / 1_000_000_000)
    }

    /// How often something was asked for.
    public func count(_ operation: BrokerCall) -> Int {
        counts.first { $0.operation == operation }?.count ?? 0
    }

    /// Ends the connection of the stream: what it had not handed out is lost.
    public mutating func disconnect() {
        (read, late, isReconnected) = (exchange.updates.count, [], true)
    }

    /// The updates that the stream hands out now.
    public mutating func stream() -> (updates: [ExchangeUpdate], isReconnected: Bool) {
        // A reset account begins its updates anew.
        let first = min(read, exchange.updates.count)
        let (out, kept) = faults.deliver(late + exchange.updates[first...])
        (read, late) = (exchange.updates.count, kept)
        let wasReconnected = isReconnected
        isReconnected = false
        return (out, wasReconnected)
    }
}
