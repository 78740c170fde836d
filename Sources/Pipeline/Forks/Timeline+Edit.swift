public import EventLog
import Events

extension Timeline {
    /// The timeline that the facts behind another give without some and with others, and what
    /// differs: derived beside it, and kept like every timeline.
    ///
    /// - Throws: `ForkError.factsGone` where the data log no longer holds those facts.
    public static func edited(
        _ timeline: EventLog, by edit: FactEdit, in folder: DataFolder, log: EventLog
    ) throws -> (timeline: EventLog, changes: FactChanges) {
        let seal = try timeline.head().seal
        for position in try heads(log, giving: seal, in: folder) {
            let derived = try derive(folder, log: log, through: position, edit)
            let made = try EventLog.open(at: derived.path)
            let changes = try FactChanges(from: timeline, to: made)
            if try edit.explains(changes) { return (made, changes) }
        }
        throw ForkError.factsGone(timeline: seal)
    }
}

extension FactEdit {
    /// Whether changes are those that were asked for, and what follows from them: bars and index
    /// closes of a day are merged from all files.
    func explains(_ changes: FactChanges) throws -> Bool {
        var (facts, days): (Set<Digest>, Set<Instant>) = ([], [])
        try added?.read { record in
            let template = try MessageHeader(record.message).templateID
            let envelope = try Envelope(message: record.message)
            if template == SessionClosed.templateID || template == IndexClosed.templateID {
                days.insert(envelope.knownAt)
            } else if FactIndex.rank(template) != nil {
                let stamped = try FactIndex.message(record.message, template)
                facts.insert(FactChanges.digest(stamped.span.bytes))
            }
            return .proceed
        }
        let left = changes.without.filter { !without.contains($0.digest) }
        let added = changes.with.filter { !facts.contains($0.digest) }
        guard left.allSatisfy(\.isMerged), added.allSatisfy(\.isMerged) else { return false }
        guard let first = days.min() else { return left.isEmpty && added.isEmpty }
        // A day that is given bars may make sessions of days behind it, and of none before it.
        return (left + added).allSatisfy { $0.knownAt >= first }
    }
}

extension FactChanges.Fact {
    /// Whether a timeline has it merged from the facts of several files.
    var isMerged: Bool {
        templateID == SessionClosed.templateID || templateID == IndexClosed.templateID
    }
}
