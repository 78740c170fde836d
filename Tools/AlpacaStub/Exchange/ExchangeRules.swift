public import Brokerage

/// What an exchange does where brokers differ, or where their documents do not say: a switch each.
public struct ExchangeRules: Hashable, Sendable {
    /// What a split does to resting orders.
    public enum Splits: Hashable, Sendable, CaseIterable {
        /// Quantity and level are those of the new shares.
        case adjusts
        /// They stay as they are.
        case leaves
        /// They are cancelled.
        case cancels
    }

    /// How what the opening auction leaves of an order ends.
    public enum AuctionRest: Hashable, Sendable, CaseIterable {
        /// As cancelled.
        case cancelled
        /// As expired.
        case expired
        /// Not at all, until it is cancelled or the session closes.
        case works
    }

    /// What a split does to resting orders.
    public var splits = Splits.leaves
    /// Whether a resting stop is lowered by a dividend on its ex-date.
    public var lowersStopsByDividends = false
    /// How a rest of the auction ends.
    public var auctionRest = AuctionRest.cancelled
    /// Days after which an order good until cancelled expires.
    public var expiresAfterDays = 90
    /// Seconds between a cancel that was asked for and the cancelling; a fill may be faster.
    public var cancelDelay: Int64 = 0
    /// How a buy is refused while a sell of the share is open, and the other way round; nil takes
    /// both.
    public var washTrade: Refusal? = Refusal(
        status: 403, code: 42_210_000, message: "potential wash trade detected. use complex orders")
    /// How a sale of what was bought on the same day is refused; nil takes it.
    public var sameDaySale: Refusal?
    /// Whether a replacement is refused until the exchange has the order: until the open.
    public var refusesReplaceBeforeOpen = false
    /// How a replacement is refused for the order's state.
    public var replaceRefusal = Refusal(
        status: 422, code: 40_310_000, message: "cannot replace order in accepted state")
    /// Of a hundred fills of stops and market orders, how many come in parts.
    public var partialPercent = 0
    /// Of a hundred auctions' fills, how many leave a rest.
    public var auctionRestPercent = 0
    /// What a market or stop fill is worse than the market, hundredths of a percent.
    public var slippageBasisPoints = 0.0
    /// Requests a minute.
    public var requestsPerMinute = 200
    /// Whether sales cost the regulators' fees, taken the next morning.
    public var hasFees = true
    /// Seed of partial fills.
    public var seed: UInt64 = 1

    /// The rules of an exchange that is kind.
    public init() {}
}
