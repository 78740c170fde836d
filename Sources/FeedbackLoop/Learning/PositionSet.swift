/// Which positions of a log were taken in, a bit for each up to the largest.
struct PositionSet: Sendable {
    /// The bits, that of position p in word p / 64 at p % 64.
    private(set) var words: [UInt64] = []

    /// No positions.
    init() {}

    /// Those whose bits were kept.
    init(words: [UInt64]) {
        self.words = words
    }

    /// Takes a position in.
    mutating func insert(_ position: UInt64) {
        let word = Int(position / 64)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: word + 1 - words.count))
        }
        words[word] |= 1 << (position % 64)
    }

    /// Whether a position was taken in.
    func contains(_ position: UInt64) -> Bool {
        position / 64 < words.count && words[Int(position / 64)] & 1 << (position % 64) != 0
    }
}
