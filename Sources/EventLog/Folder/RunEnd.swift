public import Events

/// The last event of a run.
public enum RunEnd {
    /// Reads it; nil when the log is empty or does not end with one.
    public static func read(_ log: EventLog) throws -> RunFinished? {
        let head = try log.head()
        guard head.position > 0 else { return nil }
        var end: RunFinished?
        try log.record(at: head.position) { record in
            let header = try MessageHeader(record.message)
            guard header.templateID == RunFinished.templateID else { return }
            end = RunFinished(try RunFinishedView(record.message))
        }
        return end
    }
}
