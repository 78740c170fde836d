/// Little-endian loads at any alignment.
///
/// None of these checks bounds: a view's initialiser has checked, once, all that its properties
/// load.
extension RawSpan {
    /// The bits at `offset`.
    @inlinable @inline(__always)
    func bits<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ type: Bits.Type, at offset: Int
    ) -> Bits {
        Bits(
            littleEndian: unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type))
    }

    /// The value at `offset`.
    @inlinable @inline(__always)
    func load<Value: WireValue>(_ type: Value.Type, at offset: Int) -> Value {
        Value(wire: bits(Value.Bits.self, at: offset))
    }

    /// The value at `offset`, or nil where the wire holds `null`.
    @inlinable @inline(__always)
    func load<Value: WireValue>(
        _ type: Value.Type, at offset: Int, null: Value.Bits
    ) -> Value? {
        let bits = bits(Value.Bits.self, at: offset)
        return bits == null ? nil : Value(wire: bits)
    }

    /// The number at `offset`, or nil where the wire holds any NaN.
    @inlinable @inline(__always)
    func loadUnlessNaN<Value: WireValue & BinaryFloatingPoint>(
        _ type: Value.Type, at offset: Int
    ) -> Value? {
        let value = load(type, at: offset)
        return value.isNaN ? nil : value
    }

    /// The digest at `offset`.
    @inlinable @inline(__always)
    func loadDigest(at offset: Int) -> Digest {
        Digest(
            w0: bits(UInt64.self, at: offset), w1: bits(UInt64.self, at: offset + 8),
            w2: bits(UInt64.self, at: offset + 16), w3: bits(UInt64.self, at: offset + 24))
    }

    /// The digest at `offset`, or nil where the wire holds zeros.
    @inlinable @inline(__always)
    func loadDigestUnlessZero(at offset: Int) -> Digest? {
        let digest = loadDigest(at: offset)
        return digest.w0 | digest.w1 | digest.w2 | digest.w3 == 0 ? nil : digest
    }

    /// The characters at `offset` up to the first zero, or up to `length`.
    @inlinable
    func loadText(at offset: Int, length: Int) -> String {
        var used = 0
        while used < length, bits(UInt8.self, at: offset + used) != 0 { used += 1 }
        return unsafe extracting(unchecked: offset..<offset + used).withUnsafeBytes {
            unsafe String(decoding: $0, as: UTF8.self)
        }
    }

    /// The characters at `offset`, or nil when the first is zero.
    @inlinable
    func loadTextUnlessEmpty(at offset: Int, length: Int) -> String? {
        bits(UInt8.self, at: offset) == 0 ? nil : loadText(at: offset, length: length)
    }

    /// The `count` bytes from `start` on.
    @inlinable @inline(__always)
    @_lifetime(copy self)
    func part(from start: Int, count: Int) -> RawSpan {
        unsafe extracting(unchecked: Range(uncheckedBounds: (start, start &+ count)))
    }

    /// The bytes, copied.
    @inlinable
    func copied() -> [UInt8] {
        unsafe withUnsafeBytes { unsafe Array($0) }
    }
}
