import Events

/// One setting of a configuration: its key, meaning, range, and how it is read and written.
public struct ConfigurationField<Root>: Sendable {
    /// The key in YAML and in `--set`.
    public let key: String
    /// What it does, with its unit.
    public let summary: String
    /// The accepted values in words.
    public let range: String
    /// The JSON type of its value: `number`, `integer`, `boolean` or `string`.
    public let type: String
    /// Least and most of a number; nil for anything else.
    public var bounds: ClosedRange<Double>?
    /// What a number is a multiple of; nil where any will do.
    public var step: Double?
    /// The words of a choice; empty for anything else.
    public var words: [String] = []
    /// What a canonical text without the key means, of a setting that came later: texts of before
    /// stay what they were, and one that has this value is written without it. Nil where every
    /// text has it.
    public private(set) var unwritten: String?
    /// The value as canonical YAML.
    public let text: @Sendable (Root) -> String
    /// Takes a value written as YAML; returns what is wrong with it, nil when it was taken.
    public let set: @Sendable (inout Root, String) -> String?

    /// The setting, of which texts of before meant `value`.
    func added(with value: String) -> ConfigurationField {
        var field = self
        field.unwritten = value
        return field
    }

    /// The line of a canonical text; nil where the text goes without.
    func line(_ root: Root) -> String? {
        let value = text(root)
        return value == unwritten ? nil : "\(key): \(value)\n"
    }

    /// A number between bounds.
    public static func number(
        _ key: String, _ path: any WritableKeyPath<Root, Double> & Sendable,
        _ range: ClosedRange<Double>, _ summary: String
    ) -> ConfigurationField {
        ConfigurationField(
            key: key, summary: summary, range: "\(range.lowerBound) to \(range.upperBound)",
            type: "number", bounds: range, text: { "\($0[keyPath: path])" },
            set: { root, text in
                guard let value = Double(text), value.isFinite else { return "is not a number" }
                guard range.contains(value) else { return outside("\(range)") }
                root[keyPath: path] = value
                return nil
            })
    }

    /// A whole number between bounds.
    public static func integer(
        _ key: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>,
        _ summary: String
    ) -> ConfigurationField {
        ConfigurationField(
            key: key, summary: summary, range: "\(range.lowerBound) to \(range.upperBound)",
            type: "integer",
            bounds: Double(range.lowerBound)...Double(range.upperBound),
            text: { "\($0[keyPath: path])" },
            set: { root, text in
                guard let value = Int(text) else { return "is not a whole number" }
                guard range.contains(value) else { return outside("\(range)") }
                root[keyPath: path] = value
                return nil
            })
    }

    /// A fraction kept as whole hundredths, so that it compares exactly.
    public static func hundredths(
        _ key: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>,
        _ summary: String
    ) -> ConfigurationField {
        parts(100, key, path, range, summary)
    }

    /// A fraction kept as whole tenths.
    public static func tenths(
        _ key: String, _ path: any WritableKeyPath<Root, Int> & Sendable, _ range: ClosedRange<Int>,
        _ summary: String
    ) -> ConfigurationField {
        parts(10, key, path, range, summary)
    }

    /// A fraction kept as a whole number of its `scale`-th parts.
    private static func parts(
        _ scale: Int, _ key: String, _ path: any WritableKeyPath<Root, Int> & Sendable,
        _ range: ClosedRange<Int>, _ summary: String
    ) -> ConfigurationField {
        @Sendable func decimal(_ parts: Int) -> String { "\(Double(parts) / Double(scale))" }
        let least = decimal(range.lowerBound)
        let most = decimal(range.upperBound)
        let step = decimal(1)
        return ConfigurationField(
            key: key, summary: summary, range: "\(least) to \(most), steps of \(step)",
            type: "number",
            bounds: Double(range.lowerBound) / Double(scale)...Double(range.upperBound)
                / Double(scale),
            step: 1 / Double(scale), text: { decimal($0[keyPath: path]) },
            set: { root, text in
                guard let value = Double(text), value.isFinite else { return "is not a number" }
                guard value.magnitude < 1_000_000 else { return outside("\(least)...\(most)") }
                let scaled = (value * Double(scale)).rounded()
                guard (scaled / Double(scale) - value).magnitude < 1e-9 else {
                    return "is finer than \(step)"
                }
                guard range.contains(Int(scaled)) else { return outside("\(least)...\(most)") }
                root[keyPath: path] = Int(scaled)
                return nil
            })
    }

    /// Yes or no.
    public static func boolean(
        _ key: String, _ path: any WritableKeyPath<Root, Bool> & Sendable, _ summary: String
    ) -> ConfigurationField {
        ConfigurationField(
            key: key, summary: summary, range: "true or false", type: "boolean",
            text: { $0[keyPath: path] ? "true" : "false" },
            set: { root, text in
                guard text == "true" || text == "false" else { return "is not true or false" }
                root[keyPath: path] = text == "true"
                return nil
            })
    }

    /// One of several words.
    public static func choice<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: any WritableKeyPath<Root, Word> & Sendable, _ summary: String
    ) -> ConfigurationField {
        let all = Word.allCases.map(\.rawValue)
        let words = all.joined(separator: ", ")
        return ConfigurationField(
            key: key, summary: summary, range: words, type: "string", words: all,
            text: { $0[keyPath: path].rawValue },
            set: { root, text in
                guard let word = Word(rawValue: text) else {
                    return "is not one of \(words)\(Suggestion.question(text, all))"
                }
                root[keyPath: path] = word
                return nil
            })
    }

    private static func outside(_ range: String) -> String {
        "is outside \(range)"
    }
}
