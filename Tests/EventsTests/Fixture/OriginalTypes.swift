// swift-format-ignore-file
@testable public import Events

/// The values of `OriginalSide`.
@frozen
public enum OriginalSide: UInt8, WireValue, Hashable, Sendable, CaseIterable {
    /// `buy` in the schema.
    case buy = 0
    /// `sell` in the schema.
    case sell = 1
    /// A value that this version of the schema does not know; it cannot be encoded.
    case unrecognised = 254

    /// Every value that can be encoded.
    public static let allCases: [OriginalSide] = [.buy, .sell]

    /// The value of a byte that was read.
    @inlinable
    public init(wire: UInt8) {
        switch wire {
        case 0: self = .buy
        case 1: self = .sell
        default: self = .unrecognised
        }
    }

    /// The byte to write.
    ///
    /// - Precondition: the value is not `unrecognised`.
    @inlinable
    public var wire: UInt8 {
        precondition(self != .unrecognised, "an unrecognised value is never encoded")
        return rawValue
    }
}

/// The choices of `OriginalMarks`.
@frozen
public struct OriginalMarks: OptionSet, WireValue, Hashable, Sendable {
    /// The bits.
    public var rawValue: UInt8

    /// Wraps the bits.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The choices of the bits that were read.
    @inlinable
    public init(wire: UInt8) {
        self.rawValue = wire
    }

    /// `seen` in the schema.
    @inlinable public static var seen: OriginalMarks { OriginalMarks(rawValue: 1 << 0) }
}
