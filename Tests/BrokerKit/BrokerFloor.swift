public import AlpacaExchange
public import Brokerage
public import Events
import Market

/// A broker, a port to it, and two shares: ACME and OTHER, at 100 dollars on each session's way
/// from 100 over 95 and 105 to 102 unless told. It begins on Tuesday, 2026-11-24 at 20:00 New York.
public struct BrokerFloor {
    /// The session after the one whose evening it begins in.
    public static let day = BrokerFloor.date(2026, 11, 25)
    /// The run's bits.
    public static let prefix: UInt64 = 0x3f9a_1c07_b2d4_e685
    /// The share that is traded.
    public static let acme = Ticker("ACME")!

    /// The broker.
    public let stub: StubBroker
    /// The port.
    public var port: any BrokerPort

    /// A floor with a port that is made for its broker.
    public init(
        rules: ExchangeRules = ExchangeRules(), cash: Double = 100_000,
        _ port: (StubBroker) -> any BrokerPort
    ) {
        var exchange = Exchange(
            now: NewYorkTime.instant(BrokerFloor.day - 1, minute: 12 * 60),
            cash: Money(dollars: cash), rules: rules)
        for offset in -1..<120 {
            for symbol in ["ACME", "OTHER"] {
                exchange.put(BrokerFloor.bar(), symbol, on: BrokerFloor.day + offset)
            }
        }
        exchange.advance(to: NewYorkTime.instant(BrokerFloor.day - 1, minute: 20 * 60))
        stub = StubBroker(exchange)
        self.port = port(stub)
    }

    /// A date.
    public static func date(_ year: Int, _ month: Int, _ day: Int) -> Day {
        Day(year: year, month: month, day: day)!
    }

    /// A session's prices.
    public static func bar(
        open: Double = 100, high: Double = 105, low: Double = 95, close: Double = 102
    ) -> Exchange.Bar {
        Exchange.Bar(open: open, high: high, low: low, close: close)
    }

    /// Puts other prices of ACME on a session.
    public func put(_ bar: Exchange.Bar, on day: Day = BrokerFloor.day) {
        stub.with { $0.exchange.put(bar, "ACME", on: day) }
    }

    /// Lets time pass until a minute of the first session in New York.
    public func advance(_ hour: Int, _ minute: Int = 0) {
        advance(BrokerFloor.day, hour, minute)
    }

    /// Lets time pass until a minute of a date in New York.
    public func advance(_ day: Day, _ hour: Int, _ minute: Int = 0) {
        let instant = NewYorkTime.instant(day, minute: 60 * hour + minute)
        stub.with { $0.exchange.advance(to: instant) }
    }

    /// Lets seconds pass.
    public func pass(_ seconds: Int64) {
        stub.with { $0.exchange.advance(to: $0.exchange.now.adding(seconds: seconds)) }
    }

    /// The exchange as it is.
    public var exchange: Exchange { stub.with { $0.exchange } }

    /// An id of ours.
    public static func id(_ leg: OrderLeg, _ attempt: UInt32 = 0) -> ClientOrderID {
        ClientOrderID(prefix: prefix, day: day - 1, ticker: acme, leg: leg, attempt: attempt)
    }

    /// A buy in the opening auction.
    public static func entry(_ shares: Int64 = 10, attempt: UInt32 = 0) -> OrderRequest {
        OrderRequest(
            id: id(.entry, attempt), symbol: acme, side: .buy, quantity: Quantity(shares: shares),
            pricing: .market, timeInForce: .opening)
    }

    /// A resting stop.
    public static func stop(
        _ cents: Int64 = 9_000, _ shares: Int64 = 10, attempt: UInt32 = 0
    ) -> OrderRequest {
        OrderRequest(
            id: id(.stop, attempt), symbol: acme, side: .sell, quantity: Quantity(shares: shares),
            pricing: .stop(Price(cents: cents)), timeInForce: .untilCancelled)
    }

    /// A market sell.
    public static func sale(
        _ timeInForce: TimeInForce = .day, _ shares: Int64 = 10, attempt: UInt32 = 0
    ) -> OrderRequest {
        OrderRequest(
            id: id(.exit, attempt), symbol: acme, side: .sell, quantity: Quantity(shares: shares),
            pricing: .market, timeInForce: timeInForce)
    }

    /// Buys ACME in the auction, and stands a minute behind it.
    public mutating func enter(_ shares: Int64 = 10) throws(BrokerFailure) {
        _ = try port.submit(BrokerFloor.entry(shares))
        advance(9, 31)
    }

    /// What a call fails with; nil where it does not.
    public mutating func failure<Answer>(
        _ call: (inout any BrokerPort) throws -> Answer
    ) -> BrokerFailure? {
        do {
            _ = try call(&port)
            return nil
        } catch let failure as BrokerFailure {
            return failure
        } catch {
            preconditionFailure("a port throws nothing but its failures: \(error)")
        }
    }

    /// The kind of a refusal that a call ends in.
    public mutating func refusal<Answer>(
        _ call: (inout any BrokerPort) throws -> Answer
    ) -> Refusal.Kind? {
        if case .refused(let refusal)? = failure(call) { refusal.kind } else { nil }
    }
}
