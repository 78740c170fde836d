/// What a reader must know about an event before trusting it; one byte of the envelope.
public struct EventFlags: OptionSet, Hashable, Sendable {
    /// The bits.
    public var rawValue: UInt8

    /// Wraps the bits.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The fact's true knowledge date is unknown (today's sector, last-known party, back-adjusted
    /// prices); it is used, and counted in every report's headline.
    public static let hindsight = EventFlags(rawValue: 1)
    /// Made by a simulation, not observed.
    public static let simulated = EventFlags(rawValue: 2)
    /// The source does not vouch for the filing date; accepted with `--accept-unverified-dates`.
    public static let unverifiedDate = EventFlags(rawValue: 4)
    /// A fill at the close that its decision read (`same_close`): not attainable in a market.
    public static let tradesDecisionClose = EventFlags(rawValue: 8)
}
