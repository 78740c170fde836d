/// How far replays beside each other came, as one line with the time left.
struct VariantProgress {
    private var line = Progress()
    private var parts: [Double] = []

    /// One of so many replays did a part of its own, from 0 to 1.
    mutating func show(_ place: Int, of count: Int, _ part: Double) {
        take(place, of: count, part)
        let (text, done) = (text, done)
        line.show(text, done: done)
    }

    /// Counts what `show` shows.
    mutating func take(_ place: Int, of count: Int, _ part: Double) {
        if parts.count != count { parts = Array(repeating: 0, count: count) }
        parts[place] = max(parts[place], min(part, 1))
    }

    /// What is done.
    var text: String {
        "\(parts.count { $0 == 1 }) of \(parts.count) replays at other costs and delays"
    }

    /// The part of all that is done; the run's own value takes none of it.
    var done: Double { parts.reduce(0, +) / Double(max(parts.count, 1)) }

    /// Takes the line away.
    func clear() { line.clear() }
}
