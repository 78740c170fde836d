// swift-format-ignore-file
@testable public import Events

/// The values of `EvolvedSide`.
@frozen
public enum EvolvedSide: UInt8, WireValue, Hashable, Sendable, CaseIterable {
    /// `buy` in the schema.
    case buy = 0
    /// `sell` in the schema.
    case sell = 1
    /// `hold` in the schema.
    case hold = 2
    /// `swap` in the schema.
    case swap = 3
    /// A value that this version of the schema does not know; it cannot be encoded.
    case unrecognised = 254

    /// Every value that can be encoded.
    public static let allCases: [EvolvedSide] = [.buy, .sell, .hold, .swap]

    /// The value of a byte that was read.
    @inlinable
    public init(wire: UInt8) {
        switch wire {
        case 0: self = .buy
        case 1: self = .sell
        case 2: self = .hold
        case 3: self = .swap
        default: self = .unrecognised
        }
    }

    /// The version of the schema that it first appears in.
    public var sinceVersion: UInt16 {
        switch self {
        case .swap: 2
        case .hold: 1
        default: 0
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

/// The choices of `EvolvedMarks`.
@frozen
public struct EvolvedMarks: OptionSet, WireValue, Hashable, Sendable {
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
    @inlinable public static var seen: EvolvedMarks { EvolvedMarks(rawValue: 1 << 0) }
    /// `kept` in the schema.
    @inlinable public static var kept: EvolvedMarks { EvolvedMarks(rawValue: 1 << 1) }

    /// The version of the schema that it first appears in.
    public var sinceVersion: UInt16 {
        if contains(.kept) { return 2 }
        return 0
    }
}
