/// A setting that has one value in one strategy and another in another.
public struct SettingChange: Hashable, Sendable {
    /// Its key.
    public var key: String
    /// Its value in the first; nil where the first has no such setting.
    public var before: String?
    /// Its value in the second; likewise.
    public var after: String?

    /// What differs between two canonical texts, in the order of the second, then what it lacks.
    public static func all(from before: String, to after: String) -> [SettingChange] {
        let (old, new) = (settings(before), settings(after))
        var changes: [SettingChange] = []
        for (key, value) in new {
            let known = old.first { $0.key == key }?.value
            if known != value {
                changes.append(SettingChange(key: key, before: known, after: value))
            }
        }
        for (key, value) in old where !new.contains(where: { $0.key == key }) {
            changes.append(SettingChange(key: key, before: value, after: nil))
        }
        return changes
    }

    private static func settings(_ text: String) -> [(key: String, value: String)] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                String(parts[0]),
                parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            )
        }
    }
}

extension SettingChange: CustomStringConvertible {
    /// `slippage_bp 5 to 10`.
    public var description: String { "\(key) \(before ?? "unset") to \(after ?? "unset")" }
}
