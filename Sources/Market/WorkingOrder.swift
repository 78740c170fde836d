public import Events

/// An order that was submitted and is not done: neither filled whole, nor cancelled, nor refused.
public struct WorkingOrder: Sendable {
    /// Its OrderSubmitted.
    public let id: Reference
    /// The request as it was recorded, on the scale of the shares of today.
    public internal(set) var request: OrderSubmitted
    /// First event of the chain.
    public let correlation: Reference
    /// Shares filled so far.
    public internal(set) var filled: Quantity = .zero

    /// An order of which nothing is filled.
    public init(id: Reference, request: OrderSubmitted, correlation: Reference) {
        (self.id, self.request, self.correlation) = (id, request, correlation)
    }

    /// Shares not filled yet.
    public var rest: Quantity { request.quantity - filled }
}
