import EventLog
import Events

/// Which natural keys a log has, in eight bytes each: half a hash of the key, and the position at
/// which the log says the whole of it. What looks equal is read there and compared, so that no two
/// keys are ever taken for one.
struct KeyTable {
    /// Open addressing with linear probing; 0 is free, else the hash's high half and the position.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 1 << 10)
    private(set) var count = 0

    /// Notes the key of an event at a position, unless an event with that key was noted before;
    /// `keyAt` gives the key of the event at a position.
    mutating func insert(
        _ key: EventKey, at position: UInt64, keyAt: (UInt64) throws -> EventKey?
    ) throws -> Bool {
        guard position <= UInt64(UInt32.max) else {
            throw IngestError(
                .unreadable, file: "", "the log has 4,294,967,295 events; begin another data folder"
            )
        }
        if 10 * (count + 1) > 7 * slots.count { grow() }
        let hash = key.hash
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place] != 0 {
            let known = slots[place]
            if known >> 32 == hash, try keyAt(known & 0xFFFF_FFFF) == key { return false }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = hash << 32 | position
        count += 1
        return true
    }

    /// Forgets all keys.
    mutating func removeAll() {
        self = KeyTable()
    }

    private mutating func grow() {
        var grown = [UInt64](repeating: 0, count: slots.count * 2)
        for slot in slots where slot != 0 {
            var place = Int(truncatingIfNeeded: slot >> 32) & (grown.count - 1)
            while grown[place] != 0 { place = (place + 1) & (grown.count - 1) }
            grown[place] = slot
        }
        slots = grown
    }
}

extension EventKey {
    /// 32 bits of all that the key is made of.
    fileprivate var hash: UInt64 {
        var mixed = UInt64(templateID)
        for word in [digest.w0, digest.w1, digest.w2, digest.w3, first, second] {
            mixed = (mixed ^ word) &* 0x9E37_79B9_7F4A_7C15
            mixed ^= mixed >> 29
        }
        return mixed >> 32
    }
}

/// How often each row of a file came before, in eight bytes for a row that came once.
///
/// A row is told by 64 bits of its SHA-256. Should two differing rows of ten million share them,
/// once in some hundred thousand such files, the later is numbered as a repeat of the earlier; both
/// stay facts.
struct OccurrenceTable {
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 1 << 10)
    private var count = 0
    /// Rows that came more than once, and how often.
    private var repeats: [UInt64: UInt32] = [:]

    /// How often a row came before; it has come once more now.
    mutating func next(_ digest: Digest) -> UInt32 {
        let row = digest.w0 == 0 ? 1 : digest.w0
        if 10 * (count + 1) > 7 * slots.count { grow() }
        var place = OccurrenceTable.place(row, slots.count)
        while slots[place] != 0 {
            if slots[place] == row {
                let before = repeats[row] ?? 1
                repeats[row] = before + 1
                return before
            }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = row
        count += 1
        return 0
    }

    private static func place(_ row: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: row >> 20) & (count - 1)
    }

    private mutating func grow() {
        var grown = [UInt64](repeating: 0, count: slots.count * 2)
        for slot in slots where slot != 0 {
            var place = OccurrenceTable.place(slot, grown.count)
            while grown[place] != 0 { place = (place + 1) & (grown.count - 1) }
            grown[place] = slot
        }
        slots = grown
    }
}
