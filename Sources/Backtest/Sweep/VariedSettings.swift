/// The product of what `--vary` options name: every combination, the last option varying fastest.
public struct VariedSettings: Sendable {
    /// Most variants of a sweep.
    public static let most = 100_000

    /// The keys, in the order of the options.
    public let keys: [String]
    /// The values of each key.
    private let values: [[String]]

    /// Takes options apart, `KEY=VALUE,VALUE` each.
    public init(_ options: [String]) throws(SweepError) {
        var (keys, values): ([String], [[String]]) = ([], [])
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            guard parts.count == 2, !key.isEmpty else {
                throw SweepError("--vary \(option): write --vary KEY=VALUE,VALUE,VALUE")
            }
            guard !keys.contains(key) else {
                throw SweepError("--vary \(option): \(key) is varied already")
            }
            let own = parts[1].split(separator: ",", omittingEmptySubsequences: false)
                .map(String.init)
            if let empty = own.firstIndex(of: "") {
                throw SweepError("--vary \(option): value \(empty + 1) is empty")
            }
            for (place, value) in own.enumerated() where own[..<place].contains(value) {
                throw SweepError("--vary \(option): \(value) is named twice")
            }
            keys.append(key)
            values.append(own)
        }
        guard !keys.isEmpty else {
            throw SweepError("a sweep varies something: --vary KEY=VALUE,VALUE,VALUE")
        }
        (self.keys, self.values) = (keys, values)
        guard count <= VariedSettings.most else {
            throw SweepError(
                "the product of all values is over \(VariedSettings.most) variants; vary less")
        }
    }

    /// Variants; at most one more than there may be.
    private var count: Int {
        values.reduce(1) { min($0 * $1.count, VariedSettings.most + 1) }
    }

    /// Every combination, `KEY=VALUE` each.
    public var combinations: [[String]] {
        zip(keys, values).reduce([[]]) { known, varied in
            known.flatMap { settings in varied.1.map { settings + ["\(varied.0)=\($0)"] } }
        }
    }
}

/// Why nothing can be swept, and what to write instead.
public struct SweepError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What happened, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
