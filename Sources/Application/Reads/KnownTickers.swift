public import EventLog
public import Events

/// The tickers that facts name, for a person who may have mistyped one.
public struct KnownTickers: Sendable {
    private let all: [Ticker]

    /// Those given, in order.
    public init(_ tickers: [Ticker]) { all = tickers }

    /// Those of which a data log or a timeline has bars or filings, in order.
    public init(_ log: EventLog) throws {
        var found: Set<Ticker> = []
        try log.read(through: try log.head().position, check: .trust) { record in
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                let bars = try SessionClosedView(record.message).bars
                for row in 0..<bars.count { found.insert(bars[row].ticker) }
            case DisclosureFiled.templateID:
                found.insert(try DisclosureFiledView(record.message).ticker)
            case DisclosureAmended.templateID:
                found.insert(try DisclosureAmendedView(record.message).ticker)
            case TradeRecorded.templateID:
                found.insert(try TradeRecordedView(record.message).ticker)
            default: break
            }
            return .proceed
        }
        all = found.sorted()
    }

    /// Whether a symbol, as a person writes it, is one of them.
    public func contains(_ symbol: String) -> Bool {
        Ticker(Ticker.folded(symbol)).map { all.contains($0) } ?? false
    }

    /// Refuses a symbol that is none of them.
    ///
    /// - Throws: `ApplicationError.missing`.
    public func check(_ symbol: String, _ remedy: String? = nil) throws {
        guard contains(symbol) else { throw refusal(of: symbol, remedy) }
    }

    /// What is said of a symbol that is none of them, with those that may be meant.
    public func refusal(of symbol: String, _ remedy: String? = nil) -> ApplicationError {
        let near = Suggestion.nearest(
            to: Ticker.folded(symbol), among: all.map { "\($0)" }, atMost: 3)
        return .missing(
            "\(symbol): the data has neither bars nor filings of it"
                + (near.isEmpty ? "" : "; did you mean \(near.joined(separator: ", "))?")
                + (remedy.map { " (\($0))" } ?? ""))
    }
}
