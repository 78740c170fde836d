import EventLog
import Events

extension IngestWriter {
    /// Which of these filings the log has, as filed or as amended.
    func filings(among ids: Set<String>) throws -> Set<String> {
        var found: Set<String> = []
        try log.read(from: 1, through: .max, check: .checksum) { record in
            let id: String?
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                id = try DisclosureFiledView(record.message).filingID
            case DisclosureAmended.templateID:
                id = try DisclosureAmendedView(record.message).filingID
            default: id = nil
            }
            if let id, ids.contains(id) { found.insert(id) }
            return .proceed
        }
        return found
    }
}
