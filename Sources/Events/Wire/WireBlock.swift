/// Room in an `EventBuffer` that generated encoders store into, at offsets the compiler computed.
///
/// Valid until the buffer is next extended.
struct WireBlock {
    let base: UnsafeMutableRawPointer

    @inline(__always)
    func put<Value: WireValue>(_ value: Value, at offset: Int) {
        base.storeBytes(of: value.wire.littleEndian, toByteOffset: offset, as: Value.Bits.self)
    }

    @inline(__always)
    func put<Value: WireValue>(_ value: Value?, at offset: Int, null: Value.Bits) {
        guard let value else {
            return base.storeBytes(
                of: null.littleEndian, toByteOffset: offset, as: Value.Bits.self)
        }
        precondition(value.wire != null, "a value that is present differs from its field's null")
        put(value, at: offset)
    }

    @inline(__always)
    func putOrNaN<Value: WireValue & BinaryFloatingPoint>(_ value: Value?, at offset: Int) {
        put(value ?? .nan, at: offset)
    }

    func put(_ digest: Digest, at offset: Int) {
        put(digest.w0, at: offset)
        put(digest.w1, at: offset + 8)
        put(digest.w2, at: offset + 16)
        put(digest.w3, at: offset + 24)
    }

    func putOrZero(_ digest: Digest?, at offset: Int) {
        precondition(digest != .zero, "a digest that is present is not all zeros")
        put(digest ?? .zero, at: offset)
    }

    func put(_ text: String, at offset: Int, length: Int) {
        precondition(
            WireText.fits(text, length: length),
            "a text field holds at most \(length) ASCII characters and no zero: \(text)")
        var used = 0
        for byte in text.utf8 {
            put(byte, at: offset + used)
            used += 1
        }
        // A text that is absent is most of its field, and zeros.
        (base + offset + used).initializeMemory(
            as: UInt8.self, repeating: 0, count: length - used)
    }

    func putOrZero(_ text: String?, at offset: Int, length: Int) {
        precondition(text != "", "a text that is present is not empty")
        put(text ?? "", at: offset, length: length)
    }

    @inline(__always)
    func putHeader(blockLength: UInt16, templateID: UInt16, version: UInt16) {
        put(blockLength, at: 0)
        put(templateID, at: 2)
        put(EventSchema.id, at: 4)
        put(version, at: 6)
    }

    func putGroupHeader(blockLength: UInt16, count: Int) {
        precondition(
            count <= EventSchema.largestGroup,
            "a group holds at most \(EventSchema.largestGroup) entries, not \(count)")
        put(blockLength, at: 0)
        put(UInt16(count), at: 2)
    }

    func copy(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        base.copyMemory(from: start, byteCount: bytes.count)
    }
}

/// What fits a character field.
public enum WireText {
    /// Whether `text` is at most `length` ASCII characters, none of them zero.
    public static func fits(_ text: String, length: Int) -> Bool {
        var used = 0
        for byte in text.utf8 {
            guard byte > 0, byte < 0x80 else { return false }
            used += 1
        }
        return used <= length
    }

    /// `text` as a character field of `length` can hold it: what is not ASCII, or zero, becomes
    /// `?`, and what is too long is cut.
    public static func fitted(_ text: String, length: Int) -> String {
        var fitted = ""
        for character in text.unicodeScalars.prefix(length) {
            let holds = character.value > 0 && character.value < 0x80
            fitted.unicodeScalars.append(holds ? character : "?")
        }
        return fitted
    }
}

extension EventSchema {
    /// The most entries that a group of a message holds.
    public static let largestGroup = 65_534
}
