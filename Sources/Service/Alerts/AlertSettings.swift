public import Events

/// How a service tells people: settings.
public struct AlertSettings: Hashable, Sendable {
    /// A program and its arguments, run without a shell; empty for none.
    public var command: [String] = []
    /// Where an alert is posted to; nil for nowhere.
    public var webhook: String?
    /// The file with the secret that signs what is posted; nil where the environment has it.
    public var secretFile: String?
    /// The kinds that go out, in the order of the schema.
    public var kinds = AlertSettings.allKinds
    /// Hours after a session's 21:00 UTC by which its bars are missed; 0 for never.
    public var heartbeatBars = 8
    /// Hours without any filing; 0 for never.
    public var heartbeatFilings = 120
    /// Hours for which an instant may be due without being run; 0 for ever.
    public var heartbeatInstant = 1

    /// Nothing is sent; the heartbeats are those of the domain.
    public init() {}

    /// Every kind that a setting may name: a test always goes out.
    public static let allKinds = AlertKind.allCases.filter { $0 != .test }

    /// Whether a channel is configured.
    public var isConfigured: Bool { !command.isEmpty || webhook != nil }

    /// Takes the kinds of a text: `all`, or names with commas between.
    mutating func takeKinds(_ text: String) -> Bool {
        guard text != "all" else {
            kinds = AlertSettings.allKinds
            return true
        }
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " } }
        let known = names.allSatisfy { name in
            AlertSettings.allKinds.contains { "\($0)" == name }
        }
        guard known else { return false }
        kinds = AlertSettings.allKinds.filter { names.contains("\($0)") }
        return true
    }

    /// Takes a command: an absolute path, and arguments with spaces between.
    mutating func takeCommand(_ text: String) -> Bool {
        let words = text.split(separator: " ").map(String.init)
        guard words.first?.hasPrefix("/") ?? true else { return false }
        command = words
        return true
    }

    /// Takes an address: of `https`, or of `http` on this machine.
    mutating func takeWebhook(_ text: String) -> Bool {
        guard !text.isEmpty else {
            webhook = nil
            return true
        }
        guard let host = AlertSettings.host(text) else { return false }
        let isHere = ["127.0.0.1", "localhost", "[::1]"].contains(host)
        guard text.hasPrefix("https://") || text.hasPrefix("http://") && isHere else {
            return false
        }
        webhook = text
        return true
    }

    /// The host of an address, without user, port and path: the rest may be a secret.
    static func host(_ address: String) -> String? {
        guard let mark = address.firstRange(of: "://") else { return nil }
        let isPlain = address.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 32 }
        let rest = address[mark.upperBound...].prefix { !"/?#".contains($0) }
        guard isPlain, !rest.contains("@") else { return nil }
        let end = rest.first == "[" ? rest.firstIndex(of: "]").map { rest.index(after: $0) } : nil
        let host = end.map { rest[..<$0] } ?? rest.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    /// What a setting shows of the address.
    var webhookText: String {
        webhook.map { address in
            "\(address.prefix { $0 != ":" })://\(AlertSettings.host(address) ?? "?")/…"
        } ?? ""
    }
}
