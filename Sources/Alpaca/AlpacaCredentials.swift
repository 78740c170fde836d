public import Brokerage

/// Which of Alpaca's two worlds: two hosts, two accounts, two pairs of keys.
public enum AlpacaMode: String, Hashable, Sendable, CaseIterable {
    /// Made-up money.
    case paper
    /// Money.
    case live
}

/// A pair of keys. Neither its description nor its mirror shows them.
public struct AlpacaCredentials: Hashable, Sendable {
    let keyID: String
    let secretKey: String

    /// The two headers of a request.
    var headers: [HTTPRequest.Field] {
        [
            HTTPRequest.Field("APCA-API-KEY-ID", keyID),
            HTTPRequest.Field("APCA-API-SECRET-KEY", secretKey),
        ]
    }
}

extension AlpacaCredentials: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// That there are keys, and no more.
    public var description: String { "credentials" }
    /// The same.
    public var debugDescription: String { description }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: [:] as KeyValuePairs<String, Any>) }
}

/// Where a mode's requests go, and with which keys.
public struct AlpacaAccess: Hashable, Sendable {
    /// The mode.
    public let mode: AlpacaMode
    /// The host of REST and of the stream, always by TLS.
    public let host: String
    /// The keys.
    public let credentials: AlpacaCredentials

    /// The one function that knows hosts: what a mode maps to. Of the environment it reads
    /// `APCA_PAPER_KEY_ID` and `APCA_PAPER_SECRET_KEY`, or `APCA_PAPER_FILE`, which names a file of
    /// mode 0600; of the live mode `APCA_LIVE_…`. No variable names a host, and none of the other
    /// mode is read.
    public static func of(
        _ mode: AlpacaMode, environment: (String) -> String?,
        file: (String) throws(CredentialsRefusal) -> String = CredentialsFile.read
    ) throws(CredentialsRefusal) -> AlpacaAccess {
        let (name, host) =
            switch mode {
            case .paper: ("APCA_PAPER_", "paper-api.alpaca.markets")
            case .live: ("APCA_LIVE_", "api.alpaca.markets")
            }
        func value(_ suffix: String) -> String? {
            environment(name + suffix).flatMap { $0.isEmpty ? nil : $0 }
        }
        let credentials: AlpacaCredentials
        if let path = value("FILE") {
            guard value("KEY_ID") == nil, value("SECRET_KEY") == nil else {
                throw .twice(name + "FILE", name + "KEY_ID")
            }
            credentials = try CredentialsFile.parse(try file(path), path: path, mode: mode)
        } else {
            guard let keyID = value("KEY_ID"), let secretKey = value("SECRET_KEY") else {
                throw .missing(name + (value("KEY_ID") == nil ? "KEY_ID" : "SECRET_KEY"))
            }
            credentials = AlpacaCredentials(keyID: keyID, secretKey: secretKey)
        }
        guard !isOfOther(credentials.keyID, mode) else { throw .otherMode(mode) }
        return AlpacaAccess(mode: mode, host: host, credentials: credentials)
    }

    /// Whether a key is the other mode's by its prefix: `PK` of paper, `AK` of live.
    private static func isOfOther(_ keyID: String, _ mode: AlpacaMode) -> Bool {
        keyID.hasPrefix(mode == .paper ? "AK" : "PK")
    }

    /// Whether an account's number is the other mode's: `PA` of paper.
    public func isOfOtherMode(_ account: BrokerAccount) -> Bool {
        account.number.hasPrefix("PA") != (mode == .paper)
    }
}

/// Why there are no credentials. It never has any in it.
public enum CredentialsRefusal: Error, Hashable, Sendable {
    /// A variable is not set.
    case missing(String)
    /// Both of two variables are set.
    case twice(String, String)
    /// They are the other mode's.
    case otherMode(AlpacaMode)
    /// A file is not a regular file, not its reader's own, or others may read it.
    case file(String, String)
}

extension CredentialsRefusal: CustomStringConvertible {
    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .missing(let name): "\(name) is not set, and no file of credentials is named"
        case .twice(let file, let key): "both \(file) and \(key) are set; unset one"
        case .otherMode(let mode):
            "these credentials are not of the \(mode.rawValue) account, by their prefix or mode line"
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
