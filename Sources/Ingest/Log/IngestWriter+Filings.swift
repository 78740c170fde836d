import EventLog
import Events

extension IngestWriter {
    /// The first day of each of these filings that the log has, as filed or as amended.
    func filings(among ids: Set<String>) throws -> [String: Day] {
        var found: [String: Day] = [:]
        try log.read(from: 1, through: .max, check: .checksum) { record in
            let id: String?
            let day: Day
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                let view = try DisclosureFiledView(record.message)
                (id, day) = (view.filingID, view.filedOn)
            case DisclosureAmended.templateID:
                let view = try DisclosureAmendedView(record.message)
                (id, day) = (view.filingID, view.filedOn)
            default: return .proceed
            }
            if let id, ids.contains(id) { found[id] = min(found[id] ?? day, day) }
            return .proceed
        }
        return found
    }
}
