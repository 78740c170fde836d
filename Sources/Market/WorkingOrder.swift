public import Events

/// An order that was submitted and is neither filled nor cancelled.
public struct WorkingOrder: Sendable {
    /// Position of its OrderSubmitted.
    public let id: UInt64
    /// The request as it was recorded.
    public let request: OrderSubmitted
    /// First event of the chain.
    public let correlation: Reference
}
