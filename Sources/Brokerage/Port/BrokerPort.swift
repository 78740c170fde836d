public import Events

/// What Recount asks of a broker, each call one request that is answered at once or not at all.
///
/// Three kinds of conformers: the exchange of tests in process, the same behind its HTTP routes,
/// and Alpaca. All pass `BrokerContract`. A conformer decides nothing: it neither waits nor asks
/// twice, and what it does not know it says (`BrokerFailure.unknown`).
public protocol BrokerPort {
    /// The account.
    mutating func account() throws(BrokerFailure) -> BrokerAccount
    /// The broker's clock.
    mutating func clock() throws(BrokerFailure) -> BrokerClock
    /// The sessions of a range of dates, ascending.
    mutating func calendar(_ days: ClosedRange<Day>) throws(BrokerFailure) -> [BrokerSession]
    /// What a symbol names today; nil where it names nothing.
    mutating func asset(_ symbol: Ticker) throws(BrokerFailure) -> BrokerAsset?
    /// Sends an order. What is given back is the order as the broker has it.
    mutating func submit(_ order: OrderRequest) throws(BrokerFailure) -> BrokerOrder
    /// The order that has one of our ids; nil where the broker has none.
    mutating func order(_ id: ClientOrderID) throws(BrokerFailure) -> BrokerOrder?
    /// Asks for another level or quantity of a working order, under an id of its own. What is given
    /// back is the new order; the old one ends as `replaced`, later.
    mutating func replace(
        _ brokerOrderID: String, by order: OrderRequest
    ) throws(BrokerFailure) -> BrokerOrder
    /// Asks for an order not to be filled any more. That it was asked is all that an answer means.
    mutating func cancel(_ brokerOrderID: String) throws(BrokerFailure)
    /// Every order that is open, own and foreign, the earliest first.
    mutating func openOrders() throws(BrokerFailure) -> [BrokerOrder]
    /// What the account holds, by symbol.
    mutating func positions() throws(BrokerFailure) -> [BrokerPosition]
    /// What moved shares or cash after an activity, the earliest first; all of it after nil.
    mutating func activities(after id: String?) throws(BrokerFailure) -> [BrokerActivity]
}

/// The updates of orders that a broker sends by itself: late, twice, in any order, or never.
public protocol OrderUpdates {
    /// The updates that came since it was last asked, and whether the connection was a new one
    /// since: then some may be missing.
    mutating func drain() -> (updates: [BrokerOrder], isReconnected: Bool)
}
