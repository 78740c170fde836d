import EventLog
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

    /// The same over a data folder that follows a calendar: fills at the close ask for its real
    /// closes, unless the strategy says otherwise.
    public func following(_ calendar: DataSetting.Calendar?) -> BuiltStrategy {
        guard case .follow(var follow) = self, follow.timing == .sameClose, calendar == .xnys,
            follow.chosenCloseCalendar == nil
        else { return self }
        follow.closeCalendar = .xnys
        return .follow(follow)
    }

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
    public static let builtIn = ["feedback", "baseline", "disclosure-follow", "oracle"]

    /// The strategy of a name or file, with `settings` (`KEY=VALUE`) applied in order; where one is
    /// refused it is that of `option`.
    ///
    /// An oracle is told whom to follow by `truth`, the truth file of a simulated world.
    public static func load(
        _ nameOrFile: String, settings: [String] = [], option: String = "--set",
        truth: String? = nil
    ) throws(StrategyFileError) -> BuiltStrategy {
        var draft: StrategyDraft
        if builtIn.contains(nameOrFile) {
            draft = StrategyDraft(extending: nameOrFile, name: nameOrFile)
        } else {
            draft = try read(nameOrFile)
        }
        if let truth {
            let names = FollowedFilers(try SimulatedTruth(file: truth).skilled)
            try draft.set("filers", names.text, place: "--truth \(truth)")
        }
        for (key, value) in try pairs(settings, option: option) {
            try draft.set(key, value, place: "\(option) \(key)=\(value)")
        }
        return try draft.built(place: nameOrFile)
    }

    /// Settings as people write them, `KEY=VALUE`, taken apart.
    public static func pairs(
        _ settings: [String], option: String = "--set"
    ) throws(StrategyFileError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for setting in settings {
            guard let mark = setting.firstIndex(of: "=") else {
                throw StrategyFileError(
                    place: "\(option) \(setting)",
                    message: "has no '='; write \(option) KEY=VALUE")
            }
            pairs.append(
                (
                    String(setting[..<mark]), String(setting[setting.index(after: mark)...])
                ))
        }
        return pairs
    }

    private static func read(_ file: String) throws(StrategyFileError) -> StrategyDraft {
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(data: data, encoding: .utf8)
        else {
            throw StrategyFileError(
                place: file,
                message: "is neither a built-in strategy (\(builtIn.joined(separator: ", "))) "
                    + "nor a readable file\(Suggestion.question(file, builtIn))", isMissing: true)
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
        let base = FilePath.name(file) as NSString
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
        let extended = kind.flatMap { $0 == "feedback-loop" ? nil : $0 } ?? "feedback"
        var draft = StrategyDraft(
            extending: builtIn.contains(extended) ? extended : "feedback",
            name: base.deletingPathExtension)
        if let entry = entries.first(where: { $0.key == "extends" }) {
            guard builtIn.contains(entry.value) else {
                throw StrategyFileError(
                    place: entry.place,
                    message: "extends: \(entry.value) is none of "
                        + builtIn.joined(separator: ", ")
                        + Suggestion.question(entry.value, builtIn))
            }
            draft = StrategyDraft(extending: entry.value, name: base.deletingPathExtension)
        } else if kind != nil {
            // A canonical text: what it does not say is as it was before that could be said.
            draft.takeUnwritten()
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
    /// Whether there is no such file.
    public var isMissing = false
    /// Whether an option is at fault, and no file.
    public var isOption: Bool { place.hasPrefix("--") }

    /// What happened, where, and what to do.
    public var description: String { "\(place): \(message)" }
}
