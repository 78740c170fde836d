import Digests
public import EventLog
public import Events

/// A setting of a data folder, recorded as a fact in its log: which calendar its sessions follow,
/// which source of prices is taken where two differ. It changes what a timeline is made of.
public enum DataSetting {
    private static let preferredName = "prices: preferred sources"

    /// The event that prefers the bars of sources, the first first.
    static func prefer(_ sources: [Digest], at instant: Instant) -> ConfigurationChanged {
        setting(preferredName, sources.map(\.description).joined(separator: "\n"), at: instant)
    }

    /// Records that the bars of sources are taken before those of others, the first first.
    public static func prefer(_ sources: [Digest], in log: EventLog, at instant: Instant) throws {
        let event = prefer(sources, at: instant)
        try log.append(now: instant) { (batch: inout AppendBatch) in batch.append(event) }
    }

    /// The sources that a setting prefers; nil when it is another setting.
    static func preferred(_ setting: ConfigurationChanged) -> [Digest]? {
        guard setting.scope == .facts, setting.name == preferredName else { return nil }
        return String(decoding: setting.text, as: UTF8.self).split(separator: "\n")
            .compactMap { Digest(String($0)) }
    }

    private static func setting(
        _ name: String, _ text: String, at instant: Instant
    ) -> ConfigurationChanged {
        let bytes = Array(text.utf8)
        return ConfigurationChanged(
            envelope: Envelope(knownAt: instant, recordedAt: instant, actor: .importer),
            digest: SHA256.hash(bytes), scope: .facts, name: name, parent: nil,
            forkedAt: .none, who: nil, startDay: nil, endDay: nil, text: bytes)
    }
}
