public import Events
public import Testing

/// What was recorded in some sessions, to be compared with what a test expects.
public struct Episode: Sendable {
    /// Everything, in order.
    public let recorded: [Recorded]

    init(_ recorded: [Recorded]) {
        self.recorded = recorded
    }

    /// The events of one kind, in order.
    public func all<Event: EventMessage>(_ type: Event.Type) -> [Event] {
        recorded.compactMap { $0.as(type) }
    }

    /// The one event of a kind; a failed expectation when there are none or several.
    public func one<Event: EventMessage>(
        _ type: Event.Type, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Event {
        let events = all(type)
        if events.count != 1 {
            Issue.record(
                "one \(Event.messageName) was expected\n\(text)", sourceLocation: sourceLocation)
        }
        return try #require(events.first, sourceLocation: sourceLocation)
    }

    /// Of the kinds of event that are named, exactly these were recorded, in this order.
    @discardableResult
    public func then(
        _ expected: Match..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> Episode {
        let kinds = Set(expected.map(\.templateID))
        let found = recorded.filter { kinds.contains($0.templateID) }
        let isMet =
            found.count == expected.count && zip(expected, found).allSatisfy { $0.accepts($1) }
        if !isMet {
            let wanted = expected.map { "    \($0.text)" }.joined(separator: "\n")
            Issue.record(
                "expected\n\(wanted)\nbut recorded\n\(text)", sourceLocation: sourceLocation)
        }
        return self
    }

    /// Nothing of these kinds was recorded.
    @discardableResult
    public func thenNo(
        _ types: any EventMessage.Type..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> Episode {
        for type in types where recorded.contains(where: { $0.templateID == type.templateID }) {
            Issue.record(
                "no \(type.messageName) was expected\n\(text)", sourceLocation: sourceLocation)
        }
        return self
    }

    private var text: String {
        recorded.isEmpty
            ? "    nothing" : recorded.map { "    \($0)" }.joined(separator: "\n")
    }
}
