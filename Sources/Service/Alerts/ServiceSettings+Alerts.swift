import Events

extension ServiceSettings {
    /// The settings by which people are told. What may be a secret is not shown: arguments of a
    /// command, the path of an address.
    static var alertFields: [Field] {
        [
            Field(
                key: "alert_command",
                meaning: "a program that is run for each alert: an absolute path, and arguments "
                    + "with spaces between"
            ) { settings in
                let command = settings.alerts.command
                return (command.first ?? "") + (command.count > 1 ? " …" : "")
            } take: { settings, text in
                settings.alerts.takeCommand(text)
            },
            Field(
                key: "alert_webhook",
                meaning: "an address that each alert is posted to, signed: https, or http on "
                    + "this machine"
            ) {
                $0.alerts.webhookText
            } take: { settings, text in
                settings.alerts.takeWebhook(text)
            },
            Field(
                key: "alert_secret_file",
                meaning: "a file of mode 0600 with the secret that signs; else "
                    + AlertSecret.variable
            ) {
                $0.alerts.secretFile ?? ""
            } take: { settings, text in
                settings.alerts.secretFile = text.isEmpty ? nil : text
                return true
            },
            Field(
                key: "alert_kinds",
                meaning: "kinds of alerts that go out: all, or with commas between of "
                    + AlertSettings.allKinds.map { "\($0)" }.joined(separator: ", ")
            ) { settings in
                settings.alerts.kinds == AlertSettings.allKinds
                    ? "all" : settings.alerts.kinds.map { "\($0)" }.joined(separator: ",")
            } take: { settings, text in
                settings.alerts.takeKinds(text)
            },
            number(
                "heartbeat_bars",
                "hours after a session's 21:00 UTC by which its bars are missed; 0 for never",
                0...8_760, \.alerts.heartbeatBars),
            number(
                "heartbeat_filings", "hours without any filing that are told; 0 for never",
                0...8_760, \.alerts.heartbeatFilings),
            number(
                "heartbeat_instant",
                "hours for which an instant may be due without being run; 0 for ever",
                0...8_760, \.alerts.heartbeatInstant),
        ]
    }
}
