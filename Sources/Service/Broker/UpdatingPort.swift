public import Brokerage
public import Events

/// A port and a stream of updates beside it, as one.
public struct UpdatingPort<Port: BrokerPort, Updates: OrderUpdates>: BrokerPort, OrderUpdates {
    private var port: Port
    private var updates: Updates

    /// Both of one account.
    public init(_ port: Port, _ updates: Updates) { (self.port, self.updates) = (port, updates) }

    /// The account.
    public mutating func account() throws(BrokerFailure) -> BrokerAccount { try port.account() }

    /// The broker's clock.
    public mutating func clock() throws(BrokerFailure) -> BrokerClock { try port.clock() }

    /// The sessions of a range of dates.
    public mutating func calendar(
        _ days: ClosedRange<Day>
    ) throws(BrokerFailure) -> [BrokerSession] { try port.calendar(days) }

    /// What a symbol names today.
    public mutating func asset(_ symbol: Ticker) throws(BrokerFailure) -> BrokerAsset? {
        try port.asset(symbol)
    }

    /// Sends an order.
    public mutating func submit(_ order: OrderRequest) throws(BrokerFailure) -> BrokerOrder {
        try port.submit(order)
    }

    /// The order that has one of our ids.
    public mutating func order(_ id: ClientOrderID) throws(BrokerFailure) -> BrokerOrder? {
        try port.order(id)
    }

    /// Asks for another level or quantity of a working order.
    public mutating func replace(
        _ brokerOrderID: String, by order: OrderRequest
    ) throws(BrokerFailure) -> BrokerOrder { try port.replace(brokerOrderID, by: order) }

    /// Asks for an order not to be filled any more.
    public mutating func cancel(_ brokerOrderID: String) throws(BrokerFailure) {
        try port.cancel(brokerOrderID)
    }

    /// Every order that is open.
    public mutating func openOrders() throws(BrokerFailure) -> [BrokerOrder] {
        try port.openOrders()
    }

    /// What the account holds.
    public mutating func positions() throws(BrokerFailure) -> [BrokerPosition] {
        try port.positions()
    }

    /// What moved shares or cash after an activity.
    public mutating func activities(after id: String?) throws(BrokerFailure) -> [BrokerActivity] {
        try port.activities(after: id)
    }

    /// The updates that came since it was last asked.
    public mutating func drain() -> (updates: [BrokerOrder], isReconnected: Bool) {
        updates.drain()
    }
}
