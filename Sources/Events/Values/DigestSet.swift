/// Which digests were seen, in sixteen bytes each; nothing is forgotten, and it cannot be walked.
///
/// A digest is told by both its halves, one over the other. Two rows of the world that share that
/// would be a collision of 128 bits of SHA-256, which nobody can find.
public struct DigestSet: Sendable {
    private struct Slot: Hashable, Sendable {
        var low: UInt64 = 0
        var high: UInt64 = 0
    }

    /// Open addressing with linear probing; a slot of zeros is free.
    private var slots = [Slot](repeating: Slot(), count: 1 << 6)
    /// The number of digests.
    public private(set) var count = 0

    /// An empty set.
    public init() {}

    /// Whether a digest was inserted before.
    public func contains(_ digest: Digest) -> Bool {
        let wanted = DigestSet.slot(digest)
        return slots[place(of: wanted)] == wanted
    }

    /// Takes a digest in; false when it was there.
    public mutating func insert(_ digest: Digest) -> Bool {
        let wanted = DigestSet.slot(digest)
        let place = place(of: wanted)
        guard slots[place] != wanted else { return false }
        slots[place] = wanted
        count += 1
        if 10 * count > 7 * slots.count { grow() }
        return true
    }

    private static func slot(_ digest: Digest) -> Slot {
        let (low, high) = (digest.w0 ^ digest.w2, digest.w1 ^ digest.w3)
        return Slot(low: low, high: low | high == 0 ? 1 : high)
    }

    /// Where a slot stands, or the free place where it would.
    private func place(of wanted: Slot) -> Int {
        let slots = slots.span
        let mixed = (wanted.low ^ wanted.high &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
        var place = Int(truncatingIfNeeded: mixed >> 20) & (slots.count - 1)
        while slots[place] != Slot(), slots[place] != wanted {
            place = (place + 1) & (slots.count - 1)
        }
        return place
    }

    private mutating func grow() {
        let before = slots
        slots = [Slot](repeating: Slot(), count: 2 * before.count)
        for slot in before where slot != Slot() { slots[place(of: slot)] = slot }
    }
}
