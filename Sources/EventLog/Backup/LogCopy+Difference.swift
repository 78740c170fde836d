import Events

/// Where a log's past parts from its copy.
public struct PastDifference: Hashable, Sendable, CustomStringConvertible {
    /// The first position that differs.
    public let position: UInt64
    /// What differs there.
    public let what: String

    /// Both.
    public var description: String { "position \(position): \(what)" }
}

extension LogCopy {
    /// The first position at which a log is not what was copied; nil where it holds the copy whole.
    ///
    /// Seals are compared, so the log's own must have been verified.
    public func difference(from log: EventLog) throws -> PastDifference? {
        let end = try end()
        if end.position == 0 { return nil }
        if let identity = try identity(), identity.logID != log.identity.logID {
            return PastDifference(
                position: 1,
                what: "it is of the log \(identity.logID), and not of "
                    + "\(log.identity.logID)")
        }
        if try log.commit(holding: end.position)?.head == end { return nil }
        var found: PastDifference?
        try forEach { segment in
            let present = try log.commits(
                from: segment.before.position + 1, most: segment.commits.count)
            for (index, (commit, records)) in segment.commits.enumerated() {
                if index < present.count, present[index] == commit { continue }
                found = try LogCopy.difference(segment, commit, records, log)
                return false
            }
            return true
        }
        return found
    }

    /// The first event of a commit that is another in the log.
    private static func difference(
        _ segment: Segment, _ commit: Commit, _ records: [Range<Int>], _ log: EventLog
    ) throws -> PastDifference {
        for (index, record) in records.enumerated() {
            let position = commit.first + UInt64(index)
            var isEqual = false
            var found = ""
            do {
                let isThere = try log.record(at: position) { present in
                    isEqual = segment.withMessage(record) { copied in
                        copied.withUnsafeBytes { copied in
                            present.message.withUnsafeBytes { $0.elementsEqual(copied) }
                        }
                    }
                    found = name(of: present.message)
                }
                guard isThere else {
                    return PastDifference(
                        position: position,
                        what: "the log ends before it, and the copy goes on with "
                            + segment.withMessage(record) { name(of: $0) })
                }
            } catch let error as LogError where error.systemCode == nil {
                return PastDifference(position: position, what: "\(error)")
            }
            guard !isEqual else { continue }
            let was = segment.withMessage(record) { name(of: $0) }
            return PastDifference(
                position: position,
                what: was == found
                    ? "this \(was) is another than was copied"
                    : "\(found) stands where \(was) was copied")
        }
        return PastDifference(
            position: commit.first, what: "the same events in a commit of another extent or time")
    }

    private static func name(of message: RawSpan) -> String {
        guard let header = try? MessageHeader(message) else { return "an unreadable event" }
        return EventSchema.message(id: header.templateID)?.name ?? "type \(header.templateID)"
    }
}
