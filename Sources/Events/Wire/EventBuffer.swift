/// A growable buffer that messages are encoded into, made to be reused.
///
/// It owns plain memory: appending is a bounds check and a store, and `removeAll` keeps what was
/// allocated.
public struct EventBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int

    /// Number of bytes appended.
    public private(set) var count = 0

    /// An empty buffer with room for `capacity` bytes.
    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        self.base = .allocate(byteCount: self.capacity, alignment: 8)
    }

    deinit {
        base.deallocate()
    }

    /// Forgets the bytes; the memory stays unless told otherwise.
    public mutating func removeAll(keepingCapacity: Bool = true) {
        count = 0
        guard !keepingCapacity else { return }
        base.deallocate()
        capacity = 64
        base = .allocate(byteCount: capacity, alignment: 8)
    }

    /// The bytes appended so far.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: base, byteCount: count)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Lends the bytes appended so far.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The bytes appended so far, copied.
    public func copyBytes() -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Appends an integer, number, ticker or other value of fixed width, little-endian.
    public mutating func append<Value: WireValue>(_ value: Value) {
        extend(by: Value.Bits.bitWidth / 8).put(value, at: 0)
    }

    /// Appends the four words of a digest.
    public mutating func append(_ digest: Digest) {
        extend(by: 32).put(digest, at: 0)
    }

    /// Appends bytes as they are.
    public mutating func append(contentsOf bytes: [UInt8]) {
        let block = extend(by: bytes.count)
        bytes.withUnsafeBytes { block.copy($0) }
    }

    /// Appends bytes as they are.
    public mutating func append(contentsOf bytes: RawSpan) {
        let block = extend(by: bytes.byteCount)
        bytes.withUnsafeBytes { block.copy($0) }
    }

    /// Makes room for `size` bytes, which the caller stores before anything else is appended.
    @inline(__always)
    mutating func extend(by size: Int) -> WireBlock {
        let start = count
        if start + size > capacity { grow(to: start + size) }
        count = start + size
        return WireBlock(base: base + start)
    }

    private mutating func grow(to needed: Int) {
        let grown = max(needed, capacity * 2)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: grown, alignment: 8)
        memory.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = memory
        capacity = grown
    }
}

// Guarded by ownership: the type is not copyable and nothing else holds its pointer.
extension EventBuffer: @unchecked Sendable {}
