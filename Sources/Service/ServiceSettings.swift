public import EventLog
import Events
import Foundation
import Market
public import Pipeline
import Yams

/// The settings of a service: of flags, of the environment (`RECOUNTD_…`), of `service.yaml` in the
/// data folder, in this order.
public struct ServiceSettings: Hashable, Sendable {
    /// When a day's bars are taken for whole, and when entries are halted.
    public var rules = DayRules(halts: HaltRules())
    /// Seconds for which a file of the inbox must have lain unchanged, unless it is marked done.
    public var inboxSettle = 10
    /// Largest file of the inbox, MiB.
    public var inboxLargest = 2_048
    /// MiB of the data folder's disk that must be free, or entries are halted; 0 for no rule.
    public var diskFree = 2_048
    /// MiB of a file that is given up then; 0 for none.
    public var ballast = 256
    /// The port of loopback on which the service answers; 0 for none.
    public var httpPort = 0
    /// Names by which the service is reached beside 127.0.0.1 and localhost.
    public var httpHosts: [String] = []
    /// How many people acts need that a second person may have to approve; 0 leaves it as the data
    /// log has it.
    public var approvals = 0
    /// How people are told.
    public var alerts = AlertSettings()

    /// The defaults.
    public init() {}

    /// The name of the file in a data folder.
    public static let fileName = "service.yaml"

    /// A setting: its key, its text as it stands, and how a text is taken.
    struct Field {
        let key: String
        let meaning: String
        let text: (ServiceSettings) -> String
        let take: (inout ServiceSettings, String) -> Bool
    }

    static func number(
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

    private static func limit(
        _ key: String, _ meaning: String, _ path: WritableKeyPath<HaltRules, Double>
    ) -> Field {
        Field(key: key, meaning: "\(meaning) (0 to 1000; 0 for no rule)") {
            "\($0.halts[keyPath: path])"
        } take: { settings, text in
            guard let value = Double(text), (0...1_000).contains(value) else { return false }
            settings.halts[keyPath: path] = value
            return true
        }
    }

    /// When entries are halted by rule.
    private var halts: HaltRules {
        get { rules.halts ?? HaltRules() }
        set { rules.halts = newValue }
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
            number(
                "halt_disk_free",
                "MiB of the data folder's disk that must be free, or entries are halted",
                0...1_048_576, \.diskFree),
            number(
                "ballast", "MiB of a file that is given up when the disk is that full", 0...65_536,
                \.ballast),
            number(
                "http_port",
                "port of 127.0.0.1 for the API, /metrics, /healthz and /readyz; 0 for none",
                0...65_535, \.httpPort),
            Field(
                key: "http_hosts",
                meaning: "names by which a proxy reaches the service, with commas between them"
            ) {
                $0.httpHosts.joined(separator: ",")
            } take: { settings, text in
                let names = text.lowercased().split(separator: ",").map(String.init)
                let isPlain = names.allSatisfy { name in
                    name.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
                            || $0 == 0x2E
                    }
                }
                guard isPlain else { return false }
                settings.httpHosts = names
                return true
            },
            number(
                "approvals",
                "people that promotions, rollbacks, resumes and changes of the mode need: with 2 "
                    + "another one approves; 0 leaves it as the data log has it", 0...2,
                \.approvals),
            limit(
                "halt_loss_percent", "loss from one close to the next that halts entries",
                \.lossPercent),
            limit(
                "halt_drawdown_percent", "loss from the run's highest close that halts entries",
                \.drawdownPercent),
            limit(
                "halt_over_cap_percent",
                "how far a holding may grow above its cap before entries are halted",
                \.overCapPercent),
            limit(
                "halt_orders_times_plan",
                "entries of a day, as a multiple of what the plan allows, that halt entries",
                \.ordersTimesPlan),
            Field(
                key: "filings_stale_after",
                meaning: "days without any filing that halt entries (0 to 3650; 0 for no rule)"
            ) {
                "\($0.halts.filingsStaleAfter)"
            } take: { settings, text in
                guard let value = Int(text), (0...3_650).contains(value) else { return false }
                settings.halts.filingsStaleAfter = value
                return true
            },
        ] + alertFields
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
        let known = fields.map { "RECOUNTD_\($0.key.uppercased())" } + [AlertSecret.variable]
        for name in environment.keys.sorted()
        where name.hasPrefix("RECOUNTD_") && !known.contains(name) && !isOfCluster(name) {
            throw ServiceSettingsError(
                place: name,
                message: "is no setting of the service\(Suggestion.question(name, known)); "
                    + "recountd run --help lists them")
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

    /// Whether Kubernetes sets a variable, for a service that is named recountd.
    private static func isOfCluster(_ name: String) -> Bool {
        name == "RECOUNTD_PORT" || name.hasPrefix("RECOUNTD_PORT_")
            || name.hasPrefix("RECOUNTD_SERVICE_")
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
