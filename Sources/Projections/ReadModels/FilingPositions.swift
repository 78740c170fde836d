import Digests
import Events

/// The positions of the rows that hold, by filing, in some twenty bytes a row: any filing may be
/// amended or withdrawn, however old.
struct FilingPositions: Sendable {
    /// A filing's id: the id itself where it has at most 15 bytes, else half of its SHA-256. The
    /// last byte tells which, and is never 0.
    private struct Key: Hashable, Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0

        init() {}

        init(_ filing: String) {
            let bytes = Array(filing.utf8)
            guard bytes.count < 16 else {
                let digest = SHA256.hash(bytes)
                (low, high) = (digest.w0, digest.w1 | 0xFF << 56)
                return
            }
            for (index, byte) in bytes.enumerated() {
                if index < 8 {
                    low |= UInt64(byte) << (8 * index)
                } else {
                    high |= UInt64(byte) << (8 * (index - 8))
                }
            }
            high |= UInt64(bytes.count + 1) << 56
        }
    }

    /// A row, and the one before it of the same filing.
    private struct Link: Sendable {
        var position: (UInt32, UInt32)
        var earlier: UInt32

        init(_ position: UInt64, earlier: UInt32) {
            self.position = (
                UInt32(truncatingIfNeeded: position >> 32), UInt32(truncatingIfNeeded: position)
            )
            self.earlier = earlier
        }

        var wholePosition: UInt64 { UInt64(position.0) << 32 | UInt64(position.1) }
    }

    private static let none = UInt32.max
    private static let ended = UInt32.max - 1

    /// Open addressing with linear probing; a key of zeros is free.
    private var keys = [Key](repeating: Key(), count: 1 << 6)
    /// The latest row of the filing there.
    private var latest = [UInt32](repeating: FilingPositions.none, count: 1 << 6)
    private var count = 0
    private var links: [Link] = []

    /// Takes a row of a filing; false when the filing has ended.
    mutating func add(_ position: UInt64, to filing: String) -> Bool {
        let place = seat(Key(filing))
        guard latest[place] != FilingPositions.ended else { return false }
        links.append(Link(position, earlier: latest[place]))
        latest[place] = UInt32(links.count - 1)
        return true
    }

    /// Ends a filing; gives the positions of its rows in order, nil when it had ended before.
    mutating func end(_ filing: String) -> [UInt64]? {
        let place = seat(Key(filing))
        guard latest[place] != FilingPositions.ended else { return nil }
        var positions: [UInt64] = []
        var next = latest[place]
        while next != FilingPositions.none {
            positions.append(links[Int(next)].wholePosition)
            next = links[Int(next)].earlier
        }
        latest[place] = FilingPositions.ended
        return positions.reversed()
    }

    /// Where a filing stands, which has a place from now on.
    private mutating func seat(_ key: Key) -> Int {
        let place = place(of: key)
        guard keys[place] != key else { return place }
        keys[place] = key
        count += 1
        guard 10 * count > 7 * keys.count else { return place }
        grow()
        return self.place(of: key)
    }

    private func place(of key: Key) -> Int {
        let keys = keys.span
        let mixed = (key.low ^ key.high &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        var place = Int(truncatingIfNeeded: (mixed ^ mixed >> 32) >> 8) & (keys.count - 1)
        while keys[place] != Key(), keys[place] != key { place = (place + 1) & (keys.count - 1) }
        return place
    }

    private mutating func grow() {
        let before = (keys: keys, latest: latest)
        keys = [Key](repeating: Key(), count: 2 * before.keys.count)
        latest = [UInt32](repeating: FilingPositions.none, count: keys.count)
        for (index, key) in before.keys.enumerated() where key != Key() {
            let place = place(of: key)
            (keys[place], latest[place]) = (key, before.latest[index])
        }
    }
}
