/// A value that travels as one little-endian integer.
public protocol WireValue {
    /// The integer on the wire.
    associatedtype Bits: FixedWidthInteger & BitwiseCopyable & Sendable

    /// The value of an integer that was read.
    init(wire: Bits)

    /// The integer to write.
    var wire: Bits { get }
}

extension WireValue where Self: RawRepresentable, RawValue == Bits {
    /// The raw value.
    @inlinable
    public var wire: Bits { rawValue }
}

extension WireValue where Self: FixedWidthInteger & BitwiseCopyable & Sendable, Bits == Self {
    /// The integer itself.
    @inlinable
    public init(wire: Self) { self = wire }

    /// The integer itself.
    @inlinable
    public var wire: Self { self }
}

extension Int8: WireValue {
    /// Itself.
    public typealias Bits = Int8
}

extension Int16: WireValue {
    /// Itself.
    public typealias Bits = Int16
}

extension Int32: WireValue {
    /// Itself.
    public typealias Bits = Int32
}

extension Int64: WireValue {
    /// Itself.
    public typealias Bits = Int64
}

extension UInt8: WireValue {
    /// Itself.
    public typealias Bits = UInt8
}

extension UInt16: WireValue {
    /// Itself.
    public typealias Bits = UInt16
}

extension UInt32: WireValue {
    /// Itself.
    public typealias Bits = UInt32
}

extension UInt64: WireValue {
    /// Itself.
    public typealias Bits = UInt64
}

extension Instant: WireValue {
    /// An instant of nanoseconds since 1970-01-01 00:00 UTC.
    @inlinable
    public init(wire: Int64) { self.init(rawValue: wire) }
}

extension Day: WireValue {
    /// A day of days since 1970-01-01.
    @inlinable
    public init(wire: Int32) { self.init(rawValue: wire) }
}

extension Money: WireValue {
    /// Money of units of 1e-8 dollars.
    @inlinable
    public init(wire: Int64) { self.init(rawValue: wire) }
}

extension Quantity: WireValue {
    /// A quantity of units of 1e-8 shares.
    @inlinable
    public init(wire: Int64) { self.init(rawValue: wire) }
}

extension Reference: WireValue {
    /// A stored reference.
    @inlinable
    public init(wire: UInt64) { self.init(rawValue: wire) }
}

extension EventFlags: WireValue {
    /// The envelope's byte of flags.
    @inlinable
    public init(wire: UInt8) { self.init(rawValue: wire) }
}

extension Ticker: WireValue {
    /// Eight characters, the first in the lowest byte.
    @inlinable
    public init(wire: UInt64) { self.init(littleEndianCharacters: wire) }

    /// Eight characters, the first in the lowest byte.
    @inlinable
    public var wire: UInt64 { littleEndianCharacters }
}

extension Double: WireValue {
    /// The IEEE 754 bits.
    @inlinable
    public init(wire: UInt64) { self.init(bitPattern: wire) }

    /// The IEEE 754 bits.
    @inlinable
    public var wire: UInt64 { bitPattern }
}

extension Float: WireValue {
    /// The IEEE 754 bits.
    @inlinable
    public init(wire: UInt32) { self.init(bitPattern: wire) }

    /// The IEEE 754 bits.
    @inlinable
    public var wire: UInt32 { bitPattern }
}

extension Bool: WireValue {
    /// True of 1, false of everything else.
    @inlinable
    public init(wire: UInt8) { self = wire == 1 }

    /// 1 for true, 0 for false.
    @inlinable
    public var wire: UInt8 { self ? 1 : 0 }
}
