public import Events

/// Finds what stands behind the events of a view, and what they stand behind, without reading the
/// view through. The truth is the log: whoever asks reads the events that it names.
public protocol Lineage {
    /// The events that stand behind one, each once; empty for one that names none.
    func causes(of event: Reference) throws -> [LineageEdge]

    /// The events that one stands behind within the first `through` events of the view, in order,
    /// each once: those of some kinds, or of all when `kinds` is nil.
    func effects(of event: Reference, _ kinds: [UInt16]?, through: UInt64) throws -> [LineageEdge]

    /// The last event of some kinds about a ticker, or of all when `ticker` is nil, that stands
    /// within the first `through` events of the view; nil when there is none.
    func latest(_ kinds: [UInt16], of ticker: Ticker?, through: UInt64) throws -> Reference?

    /// Events of some kinds about a ticker in ascending order, of all when `ticker` is nil, that
    /// stand behind the first `after` events of the view; at most so many.
    func next(_ kinds: [UInt16], of ticker: Ticker?, after: UInt64, limit: Int) throws
        -> [Reference]

    /// Events that may amend or withdraw a filing, or the row that a text of `RowMatch` tells, in
    /// order.
    func endings(of filingID: String) throws -> [Reference]

    /// How many events of the view were read with one; nil for one that is not in it.
    func position(of event: Reference) throws -> UInt64?
}

/// An event that stands behind another, or that another stands behind.
public struct LineageEdge: Hashable, Sendable {
    /// The event.
    public let event: Reference
    /// In what part.
    public let relation: Relation
    /// The template id of the later of both events.
    public let kind: UInt16

    /// An edge to an event.
    public init(_ event: Reference, _ relation: Relation, kind: UInt16) {
        (self.event, self.relation, self.kind) = (event, relation, kind)
    }
}
