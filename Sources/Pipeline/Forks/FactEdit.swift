public import EventLog
public import Events

/// What a derivation of a timeline leaves out of the facts of a data log, and adds to them.
public struct FactEdit: Sendable {
    /// Rows of filings that are left out, by the SHA-256 of their messages in a timeline.
    public var without: Set<Digest> = []
    /// Facts of the log that are left out, by their positions there.
    public var positions: Set<UInt64> = []
    /// Facts that are added, as an import would have put them behind the log's.
    public var added: MemoryLog?
    /// The row digests of what is left out: they tell most facts apart at no cost.
    private var rows: Set<Digest> = []

    /// Nothing.
    public init() {}

    /// Leaves a row of a filing out, as it stands in a timeline.
    public mutating func leaveOut(_ message: RawSpan) throws {
        guard let row = try FactEdit.row(message) else { return }
        rows.insert(row)
        without.insert(FactChanges.digest(message))
    }

    /// Whether a fact of the log is left out; `stamped` gives it as a timeline has it.
    func leavesOut(_ message: RawSpan, _ stamped: () throws -> [UInt8]) throws -> Bool {
        guard !rows.isEmpty, let row = try FactEdit.row(message), rows.contains(row) else {
            return false
        }
        let fact = try stamped()
        return without.contains(FactChanges.digest(fact.span.bytes))
    }

    private static func row(_ message: RawSpan) throws -> Digest? {
        switch try MessageHeader(message).templateID {
        case DisclosureFiled.templateID:
            let view = try DisclosureFiledView(message)
            return view.rowDigest
        case DisclosureAmended.templateID:
            let view = try DisclosureAmendedView(message)
            return view.rowDigest
        case DisclosureWithdrawn.templateID:
            let view = try DisclosureWithdrawnView(message)
            return view.rowDigest
        default: return nil
        }
    }
}
