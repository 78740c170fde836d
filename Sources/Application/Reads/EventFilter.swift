public import Events

/// Which events of a log are asked for.
public struct EventFilter: Sendable {
    /// Template numbers; any when empty.
    public var types: Set<UInt16> = []
    /// Who recorded it; anyone when empty.
    public var actors: Set<Actor> = []
    /// A ticker that its text names.
    public var ticker: String?
    /// Known then or later.
    public var from: Instant?
    /// Known before then.
    public var before: Instant?

    /// Every event; of a ticker where one is named.
    public init(ticker: String? = nil) { self.ticker = ticker }

    /// Whether an event passes, as far as its header and envelope tell.
    public func admits(_ header: MessageHeader, _ envelope: Envelope) -> Bool {
        if !types.isEmpty, !types.contains(header.templateID) { return false }
        if !actors.isEmpty, !actors.contains(envelope.actor) { return false }
        if let from, envelope.knownAt < from { return false }
        if let before, envelope.knownAt >= before { return false }
        return true
    }

    /// Whether its rendered text names the ticker that is asked for.
    public func admits(text: String) -> Bool {
        ticker.map { text.contains("\"ticker\":\"\($0)\"") } ?? true
    }

    /// The number of a type of event by its name.
    public static func template(named name: String) -> UInt16? {
        EventSchema.messages.first { $0.name == name }?.id
    }

    /// An actor by its name in the schema.
    public static func actor(named name: String) -> Actor? {
        Actor.allCases.first { "\($0)" == name }
    }
}
