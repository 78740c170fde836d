public import Events

/// Corporate actions.
extension Fact {
    /// New shares for one old from a session on, known at 05:00 of its day, or so many days before.
    public static func split(
        _ ticker: Ticker, _ ratio: Double, on session: Int, announced days: Int = 0
    ) -> Fact {
        action(ticker, .split, on: session, days) { $0.ratio = ratio }
    }

    /// Dollars a share, of which a session is the first without it.
    public static func dividend(_ ticker: Ticker, _ amount: Double, on session: Int) -> Fact {
        action(ticker, .dividend, on: session, 0) { $0.amount = amount }
    }

    /// A share is traded no more; a holder gets so many dollars for it.
    public static func delisting(_ ticker: Ticker, pays amount: Double, on session: Int) -> Fact {
        action(ticker, .delisting, on: session, 0) { $0.amount = amount }
    }

    private static func action(
        _ ticker: Ticker, _ kind: CorporateActionKind, on session: Int, _ days: Int,
        _ change: @escaping @Sendable (inout CorporateActionAnnounced) -> Void
    ) -> Fact {
        message(.session(session, days: -days, hour: 5, minute: 0), rank: 0) { place in
            var event = CorporateActionAnnounced(
                envelope: place.envelope, exDay: place.sessions[session], ticker: ticker,
                kind: kind, source: .zero)
            change(&event)
            return event
        }
    }
}
