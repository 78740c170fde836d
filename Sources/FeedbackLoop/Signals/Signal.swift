import Events

/// A generated signal that still waits for its queue decision.
struct Signal: Sendable {
    /// Position of its SignalGenerated.
    let id: UInt64
    let ticker: Ticker
    let kind: SignalKind
    /// Ten-thousandths.
    let confidence: Int
    let netVolume: Double
    /// The champion that had a say in it; none without.
    let champion: Reference
    let correlation: Reference
    /// Whether it stands in the queue.
    var isQueued = false

    var isBuy: Bool { kind == .buy || kind == .strongBuy }
    var isSell: Bool { kind == .sell || kind == .strongSell }
}
