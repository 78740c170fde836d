import EventLog
import Events
import Pipeline

/// The channels that settings ask for.
public enum AlertChannels {
    /// What sends by each channel that is configured; none where none is.
    ///
    /// - Parameter network: what posts; nil in a program without a network.
    /// - Throws: `AlertRefusal` where a channel cannot be had: what and what to do.
    public static func senders(
        _ settings: AlertSettings, environment: [String: String], network: (any WebhookPost)?
    ) throws(AlertRefusal) -> [any AlertSender] {
        var senders: [any AlertSender] = []
        if let address = settings.webhook {
            guard let network else {
                throw AlertRefusal(
                    description: "alert_webhook: this recountd was built without a network: build "
                        + "it with RECOUNT_NETWORK=1 swift build -c release --product recountd, or "
                        + "let alert_command post")
            }
            let secret = try AlertSecret.load(file: settings.secretFile, environment: environment)
            senders.append(Webhook(address, secret: secret, over: network))
        }
        if !settings.command.isEmpty { senders.append(try CommandHook(settings.command)) }
        return senders
    }

    /// The channels in words.
    public static func text(_ senders: [any AlertSender], _ settings: AlertSettings) -> String {
        guard !senders.isEmpty else {
            return "none: nobody is told; alert_command or alert_webhook names a channel"
        }
        let places = senders.map { "\($0.channel) to \($0.place)" }.joined(separator: ", ")
        guard settings.kinds != AlertSettings.allKinds else { return places }
        return "\(places); of the kinds \(settings.kinds.map { "\($0)" }.joined(separator: ", "))"
    }
}
