public import Events

/// A read model as a fold over the log: state, and the rows that each event changes.
///
/// It is pure: it reads no clock and no other state, so the same events give the same rows, on any
/// machine and in any cut into chunks. Positions are those of the view: of the data log itself, or
/// the merged ordinals of a run's timeline and own events.
public protocol Projection: EventConsumer, Sendable {
    /// Its name: that of the process, of the DDL and of the file.
    static var name: String { get }
    /// Raised with every change of its rows or its state; a file of another version is rebuilt.
    static var version: Int { get }
    /// Its tables, in the order of the numbers that `RowChanges` takes.
    static var tables: [ProjectionTable] { get }
    /// Whether `recount project all` makes it.
    static var isOfAll: Bool { get }

    /// The state before the first event.
    init()

    /// Takes an event and says which rows it changes.
    ///
    /// What it throws stops the projector before this event, with its position and the reason.
    mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws

    /// Writes the state in canonical bytes.
    func snapshot(_ writer: inout SnapshotWriter)

    /// The state as a snapshot says it, and the rows where it is too large for one.
    init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws
}

extension Projection {
    /// It does, unless it says otherwise.
    public static var isOfAll: Bool { true }
}

/// Rows as they were stored last, for a projection that resumes.
public protocol RowSource {
    /// Lends the rows of a query.
    func forEach(_ query: String, _ body: ([RowValue]) throws -> Void) throws
}

/// An event as a projection sees it, lent for the length of a call.
public struct ProjectedEvent: ~Escapable {
    /// Its place in the view, from 1, without gaps.
    public let position: UInt64
    /// What names it in its log: `t123` of the timeline or `r45` of the run or data log.
    public let reference: Reference
    /// Which message it is.
    public let templateID: UInt16
    /// The message.
    public let message: RawSpan

    /// An event over a message.
    @_lifetime(copy message)
    public init(position: UInt64, reference: Reference, message: RawSpan) throws(DecodingError) {
        self.position = position
        self.reference = reference
        self.templateID = try MessageHeader(message).templateID
        self.message = message
    }
}

/// Why a projection refuses an event.
public struct PoisonEvent: Error, Sendable, CustomStringConvertible {
    /// The projection.
    public let projection: String
    /// Place in the view.
    public let position: UInt64
    /// The event.
    public let reference: Reference
    /// Its type.
    public let event: String
    /// What is wrong with it.
    public let reason: String

    /// What happened, where, and what to do.
    public var description: String {
        "\(projection): stopped before position \(position) (\(event) \(reference)): \(reason); "
            + "nothing was skipped: update the program, or look at the event with recount events"
    }
}

/// A rule of a projection that an event breaks.
public struct ProjectionRefusal: Error, Sendable, CustomStringConvertible {
    /// The rule, in words.
    public let description: String

    /// A refusal in words.
    public init(_ description: String) {
        self.description = description
    }
}
