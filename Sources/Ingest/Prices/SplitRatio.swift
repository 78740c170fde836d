import Events

/// How many new shares there are for one old, as files write it.
enum SplitRatio {
    /// The range of what a file may say: from 1:1000 to 1000:1.
    static let range = 0.001...1_000.0
    /// How far from a fraction of small numbers a ratio is that was rounded, relatively.
    private static let rounding = 1e-5

    /// The ratio of a text such as `4`, `4.0`, `4:1`, `4/1` or `4-for-1`; 1 for nothing, 0 and 1;
    /// nil when it is none.
    static func value(_ text: String) -> Double? {
        let plain = text.lowercased().replacing("-for-", with: ":").replacing(" for ", with: ":")
        let parts = plain.split(whereSeparator: { $0 == ":" || $0 == "/" })
        guard let first = parts.first.flatMap({ Double(trimmed(String($0))) }) else {
            return trimmed(text).isEmpty ? 1 : nil
        }
        if parts.count == 1 { return valid(first == 0 ? 1 : first) }
        guard parts.count == 2, let second = Double(trimmed(String(parts[1]))), second > 0 else {
            return nil
        }
        return valid(first / second)
    }

    /// The ratio, put on the fraction that it was rounded from (7.000007 is 7:1, .33333 is 1:3);
    /// nil outside the range.
    static func valid(_ ratio: Double) -> Double? {
        guard range.contains(ratio) else { return nil }
        return fraction(ratio) ?? ratio
    }

    /// The whole number, or fraction of numbers up to 20, that a ratio is, or was rounded from.
    static func fraction(_ ratio: Double) -> Double? {
        func isNear(_ other: Double) -> Bool { (ratio / other - 1).magnitude < rounding }
        if ratio >= 0.5, isNear(ratio.rounded()) { return ratio.rounded() }
        let inverse = (1 / ratio).rounded()
        if inverse >= 1, isNear(1 / inverse) { return 1 / inverse }
        for bottom in 2...20 {
            let top = (ratio * Double(bottom)).rounded()
            if top >= 1, top <= 20, isNear(top / Double(bottom)) { return top / Double(bottom) }
        }
        return nil
    }

    /// A ratio that is no fraction of small numbers and little beside 1 is how price files say that
    /// a part of the company was given away.
    static func kind(_ ratio: Double) -> CorporateActionKind {
        fraction(ratio) == nil && (0.7...1.4).contains(ratio) ? .spinOff : .split
    }
}
