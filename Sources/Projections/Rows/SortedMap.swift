/// A small map in ascending order of keys, so that it can be walked without losing determinism.
struct SortedMap<Key: Comparable & Sendable, Value: Sendable>: Sendable {
    /// The entries, ascending by key.
    private(set) var entries: [(key: Key, value: Value)] = []

    /// From entries in ascending order of keys.
    init(_ entries: [(key: Key, value: Value)] = []) {
        self.entries = entries
    }

    /// Number of entries.
    var count: Int { entries.count }

    /// The value of a key; setting nil removes it.
    subscript(key: Key) -> Value? {
        get {
            let index = place(key)
            return index < entries.count && entries[index].key == key ? entries[index].value : nil
        }
        set {
            let index = place(key)
            let isThere = index < entries.count && entries[index].key == key
            switch (newValue, isThere) {
            case (let value?, true): entries[index].value = value
            case (let value?, false): entries.insert((key, value), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Changes each value in place, in ascending order of keys.
    mutating func forEachValue(_ body: (Key, inout Value) -> Void) {
        for index in entries.indices { body(entries[index].key, &entries[index].value) }
    }

    private func place(_ key: Key) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
