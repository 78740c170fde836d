import Events

/// A generated signal that still waits for its queue decision.
struct Signal: Sendable {
    /// Position of its SignalGenerated.
    let id: UInt64
    let ticker: Ticker
    let kind: SignalKind
    /// Hundredths.
    let confidence: Int
    let netVolume: Double
    let correlation: Reference

    var isBuy: Bool { kind == .buy || kind == .strongBuy }
    var isSell: Bool { kind == .sell || kind == .strongSell }
}
