public import Events

/// The event at the beginning of a run's own log that has its settings, and of a fork what it left.
/// It is the first; of a live run the second, behind the one that ends the rehearsal.
public enum RunOpening {
    /// Reads it; nil when the log is empty or does not begin with one.
    public static func read(_ log: EventLog) throws -> ConfigurationChanged? {
        var opening: ConfigurationChanged?
        for position: UInt64 in 1...2 where opening == nil || opening?.scope == .service {
            opening = nil
            try log.record(at: position) { record in
                let header = try MessageHeader(record.message)
                guard header.templateID == ConfigurationChanged.templateID else { return }
                opening = try ConfigurationChanged(message: record.message)
            }
            if opening == nil { return nil }
        }
        return opening?.scope == .service ? nil : opening
    }
}
