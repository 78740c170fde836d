/// A keyed store that cannot be walked: get, set, remove, count.
///
/// The core never iterates a hashed collection, because its order differs at every run. This type
/// makes that a rule of the compiler: it is not a `Sequence`.
public struct Lookup<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    @usableFromInline var storage: [Key: Value] = [:]

    /// An empty store.
    @inlinable
    public init() {}

    /// The value of `key`, nil when there is none; setting nil removes it.
    @inlinable
    public subscript(key: Key) -> Value? {
        get { storage[key] }
        set { storage[key] = newValue }
    }

    /// The value of `key`, or `fallback`, for reading and for changing in place.
    @inlinable
    public subscript(key: Key, default fallback: @autoclosure () -> Value) -> Value {
        get { storage[key, default: fallback()] }
        _modify { yield &storage[key, default: fallback()] }
    }

    /// The number of keys.
    @inlinable
    public var count: Int { storage.count }

    /// Forgets all keys and keeps their room.
    @inlinable
    public mutating func removeAll() {
        storage.removeAll(keepingCapacity: true)
    }

    /// Makes room for `capacity` keys.
    @inlinable
    public mutating func reserveCapacity(_ capacity: Int) {
        storage.reserveCapacity(capacity)
    }
}
