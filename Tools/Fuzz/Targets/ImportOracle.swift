import EventLog
import Events
import Ingest

/// What every import promises, whatever the file says.
enum ImportOracle {
    /// How an import ended.
    private enum Outcome {
        case report(FileReport, rejects: Int)
        case refusal(String)
    }

    /// Imports a file twice into a log in memory: rows add up, each row left out is told of, a
    /// refusal says why, and the second time nothing is added.
    static func check(
        _ importer: (IngestWriter, @escaping (RejectedRow) throws -> Void) throws -> FileReport
    ) throws {
        let log = MemoryLog(
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        let first = try once(log, importer)
        let head = log.head()
        let second = try once(log, importer)
        try demand(log.head() == head, "importing again adds nothing")
        try demand(try count(log) == Int(head.position), "every event of the log is read")
        switch (first, second) {
        case (.report(let first, let rejects), .report(let second, let again)):
            try demand(first.addsUp && second.addsUp, "every row is accounted for")
            try demand(first.rejected == rejects && again == rejects, "every rejection is told")
            try demand(first.events == Int(head.position), "the report counts the events")
            try demand(second.added == 0 && second.events == 0, "a second import adds nothing")
            try demand(second.rows == first.rows, "a second import reads the same rows")
            try demand(
                second.duplicates == first.added + first.duplicates,
                "what was added is a duplicate the second time")
        case (.refusal(let first), .refusal(let second)):
            try demand(first == second && !first.isEmpty, "a refusal is repeated: \(first)")
        default:
            throw Finding("a file is refused always or never")
        }
    }

    private static func once(
        _ log: MemoryLog,
        _ importer: (IngestWriter, @escaping (RejectedRow) throws -> Void) throws -> FileReport
    ) throws -> Outcome {
        let writer = IngestWriter(log, clock: { Instant(rawValue: 1_640_995_200_000_000_000) })
        let counter = Counter()
        do {
            let report = try importer(writer) { _ in counter.count += 1 }
            return .report(report, rejects: counter.count)
        } catch let error as IngestError {
            // As the command does: what was accepted before the failure stays.
            try writer.flush()
            return .refusal("\(error)")
        }
    }

    private final class Counter {
        var count = 0
    }

    /// Decodes every event, which must give its bytes again, and counts them.
    private static func count(_ log: MemoryLog) throws -> Int {
        var count = 0
        try log.read { record in
            count += 1
            let header = try MessageHeader(record.message)
            guard let type = EventSchema.messageType(id: header.templateID) else {
                throw Finding("template \(header.templateID) of an import is known")
            }
            let event = try type.init(message: record.message)
            try demand(
                event.encoded() == record.message.withUnsafeBytes { Array($0) },
                "an imported event encodes to its bytes")
            _ = try EventJSON.string(message: record.message)
            return .proceed
        }
        return count
    }
}

extension EventSchema {
    /// The owned type of a message, nil when the schema has none.
    static func messageType(id: UInt16) -> (any EventMessage.Type)? {
        messageTypes.first { $0.templateID == id }
    }
}
