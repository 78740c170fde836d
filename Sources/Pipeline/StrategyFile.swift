import Events
public import FeedbackLoop
import Foundation
import Yams

/// A strategy that commands can run: the loop, or the benchmark workload.
public enum BuiltStrategy: Sendable {
    /// The feedback loop under a configuration.
    case loop(LoopStrategy)
    /// The workload `disclosure-follow`.
    case follow(DisclosureFollow)

    /// The strategy, whichever it is.
    public var strategy: any Strategy {
        switch self {
        case .loop(let loop): loop
        case .follow(let follow): follow
        }
    }
}

/// Reads strategies: a built-in name or a YAML file, and settings on top.
public enum StrategyFile {
    /// The built-in names.
    public static let builtIn = ["feedback", "baseline", "disclosure-follow"]

    /// The strategy of a name or file, with `settings` (`KEY=VALUE`) applied in order.
    public static func load(_ nameOrFile: String, settings: [String] = [])
        throws(StrategyFileError) -> BuiltStrategy
    {
        var draft: StrategyDraft
        if builtIn.contains(nameOrFile) {
            draft = StrategyDraft(extending: nameOrFile, name: nameOrFile)
        } else {
            draft = try read(nameOrFile)
        }
        for setting in settings {
            guard let mark = setting.firstIndex(of: "=") else {
                throw StrategyFileError(
                    place: "--set \(setting)", message: "has no '='; write --set KEY=VALUE")
            }
            try draft.set(
                String(setting[..<mark]), String(setting[setting.index(after: mark)...]),
                place: "--set \(setting)")
        }
        return try draft.built(place: nameOrFile)
    }

    private static func read(_ file: String) throws(StrategyFileError) -> StrategyDraft {
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(data: data, encoding: .utf8)
        else {
            throw StrategyFileError(
                place: file,
                message: "is neither a built-in strategy (\(builtIn.joined(separator: ", "))) "
                    + "nor a readable file")
        }
        return try parse(text, file: file)
    }

    /// Parses YAML: one flat mapping of keys to values.
    static func parse(_ text: String, file: String) throws(StrategyFileError) -> StrategyDraft {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw StrategyFileError(place: file, message: "is no YAML: \(error)")
        }
        guard case .mapping(let mapping)? = node else {
            throw StrategyFileError(
                place: "\(file):1", message: "is no mapping; write KEY: VALUE lines")
        }
        let base = (file as NSString).lastPathComponent as NSString
        var entries: [(key: String, value: String, place: String)] = []
        for (key, value) in mapping {
            let place = "\(file):\(key.mark?.line ?? 0)"
            guard let name = key.scalar?.string, let scalar = value.scalar else {
                throw StrategyFileError(
                    place: place, message: "is no KEY: VALUE line; lists and mappings are not taken"
                )
            }
            entries.append((name, scalar.string, place))
        }
        let kind = entries.first { $0.key == "strategy" }?.value
        var draft = StrategyDraft(
            extending: kind == "disclosure-follow" ? "disclosure-follow" : "feedback",
            name: base.deletingPathExtension)
        if let entry = entries.first(where: { $0.key == "extends" }) {
            guard builtIn.contains(entry.value) else {
                throw StrategyFileError(
                    place: entry.place,
                    message: "extends: \(entry.value) is none of "
                        + builtIn.joined(separator: ", "))
            }
            draft = StrategyDraft(extending: entry.value, name: base.deletingPathExtension)
        }
        for entry in entries where entry.key != "extends" {
            try draft.set(entry.key, entry.value, place: entry.place)
        }
        return draft
    }
}

/// Why a strategy is refused: where, what, and what to write instead.
public struct StrategyFileError: Error, Sendable, CustomStringConvertible {
    /// File and line, or the option.
    public let place: String
    /// What is wrong.
    public let message: String

    /// What happened, where, and what to do.
    public var description: String { "\(place): \(message)" }
}

/// A strategy that settings are being applied to.
struct StrategyDraft {
    private var name: String
    private var loop: LoopConfiguration?
    private var follow = DisclosureFollow()

    init(extending base: String, name: String) {
        self.name = name
        switch base {
        case "baseline": loop = .baseline
        case "feedback": loop = .feedback
        default: loop = nil
        }
    }

    mutating func set(_ key: String, _ value: String, place: String) throws(StrategyFileError) {
        switch key {
        case "name":
            guard !value.isEmpty, value.utf8.count <= 48,
                value.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
            else {
                throw StrategyFileError(
                    place: place, message: "name takes up to 48 characters without blanks")
            }
            name = value
            return
        case "strategy":
            guard value == (loop == nil ? "disclosure-follow" : "feedback-loop") else {
                throw StrategyFileError(
                    place: place,
                    message: "strategy: \(value) does not fit what is extended; "
                        + "write extends: feedback, baseline or disclosure-follow")
            }
            return
        case "fill" where loop == nil:
            guard value == "next_open" || value == "same_close" else {
                throw StrategyFileError(
                    place: place, message: "fill takes next_open or same_close")
            }
            follow.timing = value == "same_close" ? .sameClose : .nextOpen
            return
        default:
            try setField(key, value, place: place)
        }
    }

    private mutating func setField(_ key: String, _ value: String, place: String)
        throws(StrategyFileError)
    {
        if loop == nil {
            try set(follow: DisclosureFollow.fields, key, value, place: place)
            return
        }
        let keys = LoopConfiguration.fields.map(\.key)
        guard var configuration = loop,
            let field = LoopConfiguration.fields.first(where: { $0.key == key })
        else {
            let near = keys.filter { $0.contains(key) || key.contains($0) }
            let hint = near.isEmpty ? "recount strategy show lists them" : "perhaps \(near[0])"
            throw StrategyFileError(place: place, message: "\(key) is no setting; \(hint)")
        }
        if let problem = field.set(&configuration, value) {
            throw StrategyFileError(
                place: place,
                message: "\(key): \(value) \(problem); it takes \(field.range) (\(field.summary))")
        }
        loop = configuration
    }

    private mutating func set(
        follow fields: [ConfigurationField<DisclosureFollow>], _ key: String, _ value: String,
        place: String
    ) throws(StrategyFileError) {
        guard let field = fields.first(where: { $0.key == key }) else {
            let keys = (["fill"] + fields.map(\.key)).joined(separator: ", ")
            throw StrategyFileError(
                place: place, message: "\(key) is no setting; known are \(keys)")
        }
        if let problem = field.set(&follow, value) {
            throw StrategyFileError(
                place: place, message: "\(key): \(value) \(problem); it takes \(field.range)")
        }
    }

    func built(place: String) throws(StrategyFileError) -> BuiltStrategy {
        guard let loop else { return .follow(follow) }
        if let contradiction = loop.contradictions.first {
            throw StrategyFileError(place: place, message: contradiction)
        }
        return .loop(LoopStrategy(name: name, configuration: loop))
    }
}
