/// The known name that somebody may have meant who wrote an unknown one.
public enum Suggestion {
    /// The known names that are nearest to a word, at most so many, nearest first and otherwise in
    /// the order given; none where all are too far: farther than a third of the word, and one edit
    /// in any case is near.
    ///
    /// A letter put in, left out or changed, and two that changed places, are one edit each; case
    /// is none. A name that begins with the word, of three letters and more, is one edit away.
    public static func nearest(to word: String, among known: [String], atMost count: Int = 1)
        -> [String]
    {
        let wanted = word.lowercased()
        let farthest = max(1, (wanted.utf8.count + 1) / 3)
        let found = known.enumerated().compactMap { place, name in
            let candidate = name.lowercased()
            let isBeginning = wanted.utf8.count > 2 && candidate.hasPrefix(wanted)
            let edits =
                isBeginning ? min(1, distance(wanted, candidate)) : distance(wanted, candidate)
            return edits <= farthest ? (edits: edits, place: place, name: name) : nil
        }
        return found.sorted { ($0.edits, $0.place) < ($1.edits, $1.place) }.prefix(count).map(
            \.name)
    }

    /// `; did you mean NAME?` behind what says that a word is unknown, or nothing.
    public static func question(_ word: String, _ known: [String]) -> String {
        nearest(to: word, among: known).first.map { "; did you mean \($0)?" } ?? ""
    }

    /// The least number of edits that make one word of the other (optimal string alignment).
    static func distance(_ one: String, _ other: String) -> Int {
        let (a, b) = (Array(one.utf8), Array(other.utf8))
        var (before, last) = ([Int](), Array(0...b.count))
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var edits = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    edits = min(edits, before[j - 1] + 1)
                }
                row.append(edits)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
