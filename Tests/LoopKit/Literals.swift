public import Events

extension Ticker: ExpressibleByStringLiteral {
    /// A symbol as tests write it.
    public init(stringLiteral text: String) {
        guard let ticker = Ticker(text) else { preconditionFailure("\(text) is no ticker") }
        self = ticker
    }
}

extension Day: ExpressibleByStringLiteral {
    /// A date as tests write it, `2020-01-06`.
    public init(stringLiteral text: String) {
        guard let day = Day(text) else { preconditionFailure("\(text) is no date") }
        self = day
    }
}

extension Instant: ExpressibleByStringLiteral {
    /// An instant as tests write it, `2020-01-06T21:00Z`.
    public init(stringLiteral text: String) {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no instant") }
        self = instant
    }
}
