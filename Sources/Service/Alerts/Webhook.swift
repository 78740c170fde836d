import Digests
public import Events

/// Posts over the network: where a program is built with one.
public protocol WebhookPost: Sendable {
    /// Posts a body; the status that was answered.
    ///
    /// - Throws: `WebhookFailure` where there was no answer.
    func post(
        _ address: String, headers: [(name: String, value: String)], body: [UInt8], seconds: Int
    ) throws(WebhookFailure) -> Int
}

/// Why a post was not answered, without its address.
public struct WebhookFailure: Error, Hashable, Sendable {
    /// In words.
    public let reason: String

    /// Of a text.
    public init(_ reason: String) { self.reason = reason }
}

/// Posts each alert's JSON to an address, signed.
///
/// The header `Recount-Signature` is `t=SECONDS,v1=HEX`: the second of the sending (Unix), and
/// HMAC-SHA256 under the secret of that number, a full stop and the body. A receiver computes it
/// from what it got, compares in constant time, and refuses what is older than some minutes.
public struct Webhook: AlertSender {
    private let address: String
    private let secret: AlertSecret
    private let network: any WebhookPost

    /// A webhook over a network.
    public init(_ address: String, secret: AlertSecret, over network: any WebhookPost) {
        (self.address, self.secret, self.network) = (address, secret, network)
    }

    /// A webhook.
    public var channel: AlertChannel { .webhook }

    /// Its host; the rest of an address may be a secret.
    public var place: String { AlertSettings.host(address) ?? "?" }

    /// Seconds until no answer is none.
    static let seconds = 10

    /// The header that signs a body.
    static let header = "Recount-Signature"

    /// What the header holds for a body that is sent in a second.
    static func signature(_ body: [UInt8], at second: Int64, _ secret: AlertSecret) -> String {
        let code = HMACSHA256.code(of: Array("\(second).".utf8) + body, key: secret.bytes)
        return "t=\(second),v1=\(code)"
    }

    /// Posts the alert, and waits for a status of 200 to 299.
    public func send(_ alert: Alert, at now: Instant, until isOver: () -> Bool) -> AlertAnswer {
        let body = Array(alert.json(at: now).utf8)
        let second = now.rawValue / 1_000_000_000
        do throws(WebhookFailure) {
            let status = try network.post(
                address,
                headers: [
                    ("Content-Type", "application/json"),
                    ("User-Agent", "recountd"),
                    ("Recount-Alert-ID", alert.id),
                    (Webhook.header, Webhook.signature(body, at: second, secret)),
                ], body: body, seconds: Webhook.seconds)
            return (200..<300).contains(status)
                ? .taken : .refused("\(place) answered with status \(status)")
        } catch {
            return .refused("\(place): \(error.reason)")
        }
    }
}
