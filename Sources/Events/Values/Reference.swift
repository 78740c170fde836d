/// Names an event of this log or, with bit 63 set, of the timeline under it; 0 names none.
///
/// Commands print `r45` for position 45 of the run (or log) and `t123` for position 123 of the
/// timeline.
public struct Reference: RawRepresentable, Hashable, Comparable, Sendable {
    /// The position, bit 63 set for a timeline position.
    public var rawValue: UInt64

    /// Wraps a stored reference.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Names the event at `position` of the log that holds the reference.
    @inlinable
    public static func own(_ position: UInt64) -> Reference {
        Reference(rawValue: position)
    }

    /// Names the event at `position` of the timeline.
    @inlinable
    public static func timeline(_ position: UInt64) -> Reference {
        Reference(rawValue: position | 1 << 63)
    }

    /// Names no event.
    public static let none = Reference(rawValue: 0)

    /// Whether the reference names a timeline event.
    @inlinable
    public var isTimeline: Bool { rawValue >> 63 == 1 }

    /// The position without the bit that says whose it is.
    @inlinable
    public var position: UInt64 { rawValue & ~(1 << 63) }

    /// Orders by the stored integer: own positions before timeline positions.
    @inlinable
    public static func < (left: Reference, right: Reference) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension Reference: CustomStringConvertible {
    /// `t123`, `r45`, or `none`.
    public var description: String {
        self == .none ? "none" : "\(isTimeline ? "t" : "r")\(position)"
    }
}
