public import EventLog
import Events
import Foundation
public import Pipeline
import Yams

/// The settings of a service: of flags, of the environment (`RECOUNTD_…`), of `service.yaml` in the
/// data folder, in this order.
public struct ServiceSettings: Hashable, Sendable {
    /// When a day's bars are taken for whole.
    public var rules = DayRules()
    /// Seconds for which a file of the inbox must have lain unchanged, unless it is marked done.
    public var inboxSettle = 10
    /// Largest file of the inbox, MiB.
    public var inboxLargest = 2_048

    /// The defaults.
    public init() {}

    /// The name of the file in a data folder.
    public static let fileName = "service.yaml"

    /// A setting: its key, its text as it stands, and how a text is taken.
    private struct Field {
        let key: String
        let meaning: String
        let text: (ServiceSettings) -> String
        let take: (inout ServiceSettings, String) -> Bool
    }

    private static func number(
        _ key: String, _ meaning: String, _ range: ClosedRange<Int>,
        _ path: WritableKeyPath<ServiceSettings, Int>
    ) -> Field {
        Field(key: key, meaning: "\(meaning) (\(range.lowerBound) to \(range.upperBound))") {
            "\($0[keyPath: path])"
        } take: { settings, text in
            guard let value = Int(text), range.contains(value) else { return false }
            settings[keyPath: path] = value
            return true
        }
    }

    private static var fields: [Field] {
        [
            Field(
                key: "bars_ready_by",
                meaning: "from this hour (UTC, HH:MM, before 05:30) of the date after a session "
                    + "on, most of its bars are enough"
            ) {
                $0.rules.barsReadyText
            } take: { settings, text in
                let parts = text.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
                    let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<6).contains(hour),
                    (0..<60).contains(minute), hour * 60 + minute < 330
                else { return false }
                settings.rules.barsReadyBy = hour * 60 + minute
                return true
            },
            number(
                "bars_enough_percent", "how many of the expected bars most of them are", 1...100,
                \.rules.enoughPercent),
            number(
                "inbox_settle",
                "seconds for which a file of the inbox must have lain unchanged, unless NAME.done "
                    + "marks it", 0...86_400, \.inboxSettle),
            number(
                "inbox_largest", "MiB of the largest file of the inbox", 1...65_536,
                \.inboxLargest),
        ]
    }

    /// All settings with their values and meanings, for help.
    public var table: [(key: String, value: String, meaning: String)] {
        ServiceSettings.fields.map { ($0.key, $0.text(self), $0.meaning) }
    }

    /// Takes a setting; `place` names it where it is refused.
    public mutating func set(_ key: String, _ text: String, place: String)
        throws(ServiceSettingsError)
    {
        guard let field = ServiceSettings.fields.first(where: { $0.key == key }) else {
            throw ServiceSettingsError(
                place: place,
                message: "\(key) is no setting of the service"
                    + Suggestion.question(key, ServiceSettings.fields.map(\.key)))
        }
        guard field.take(&self, text) else {
            throw ServiceSettingsError(
                place: place, message: "\(key): \"\(text)\" is not taken; it is \(field.meaning)")
        }
    }

    /// The settings of a data folder and an environment, with `flags` (`KEY=VALUE`) on top.
    public static func load(
        _ folder: DataFolder, environment: [String: String] = [:], flags: [String] = []
    ) throws -> ServiceSettings {
        var settings = ServiceSettings()
        let path = "\(folder.path)/\(fileName)"
        if let data = FileManager.default.contents(atPath: path) {
            try settings.read(String(decoding: data, as: UTF8.self), path)
        } else if FileManager.default.fileExists(atPath: path) {
            throw ServiceSettingsError(place: path, message: "cannot be read")
        }
        for field in fields {
            let name = "RECOUNTD_\(field.key.uppercased())"
            if let text = environment[name] {
                try settings.set(field.key, text, place: name)
            }
        }
        for flag in flags {
            guard let mark = flag.firstIndex(of: "=") else {
                throw ServiceSettingsError(
                    place: "--set \(flag)", message: "has no '='; write --set KEY=VALUE")
            }
            try settings.set(
                String(flag[..<mark]), String(flag[flag.index(after: mark)...]),
                place: "--set \(flag)")
        }
        return settings
    }

    private mutating func read(_ text: String, _ path: String) throws(ServiceSettingsError) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ServiceSettingsError(place: path, message: "is no YAML: \(error)")
        }
        guard let node else { return }
        guard case .mapping(let mapping) = node else {
            throw ServiceSettingsError(
                place: "\(path):1", message: "is no mapping; write KEY: VALUE lines")
        }
        for (key, value) in mapping {
            let place = "\(path):\(key.mark?.line ?? 0)"
            guard let name = key.scalar?.string, let scalar = value.scalar else {
                throw ServiceSettingsError(place: place, message: "is no KEY: VALUE line")
            }
            try set(name, scalar.string, place: place)
        }
    }
}

/// Why a setting of the service is refused.
public struct ServiceSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// File and line, variable or option.
    public let place: String
    /// What is wrong.
    public let message: String

    /// What happened, where, and what to do.
    public var description: String { "\(place): \(message)" }
}
