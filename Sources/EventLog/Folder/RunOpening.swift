public import Events

/// The first event of a run's own log: its settings, and of a fork what it left.
public enum RunOpening {
    /// Reads it; nil when the log is empty or does not begin with one.
    public static func read(_ log: EventLog) throws -> ConfigurationChanged? {
        var opening: ConfigurationChanged?
        try log.record(at: 1) { record in
            let header = try MessageHeader(record.message)
            guard header.templateID == ConfigurationChanged.templateID else { return }
            opening = try ConfigurationChanged(message: record.message)
        }
        return opening
    }
}
