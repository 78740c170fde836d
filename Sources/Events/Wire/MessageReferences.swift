/// The events that a message names, found by the schema's tables: a new message that names others
/// needs no code here.
public enum MessageReferences {
    /// A field that holds a reference.
    private struct Place: Sendable {
        let relation: Relation
        let offset: Int
    }

    /// Where the references of one message stand.
    private struct Plan: Sendable {
        var block: [Place] = []
        /// Of each group in order: bytes of an entry, and where its references stand.
        var groups: [(length: Int, places: [Place])] = []
    }

    /// By template id.
    private static let plans: [Plan?] = {
        let last = EventSchema.messages.reduce(0) { max($0, Int($1.id)) }
        var plans = [Plan?](repeating: nil, count: last + 1)
        for message in EventSchema.messages { plans[Int(message.id)] = plan(message) }
        return plans
    }()

    private static func plan(_ message: MessageDescription) -> Plan {
        var plan = Plan()
        plan.block = places(message.fields)
        plan.groups = message.groups.map { ($0.blockLength, places($0.fields)) }
        // Groups behind the last one that names anything need not be walked.
        while plan.groups.last.map({ $0.places.isEmpty }) == true { plan.groups.removeLast() }
        return plan
    }

    private static func places(_ fields: [FieldDescription]) -> [Place] {
        fields.compactMap { field in
            guard case .reference = field.kind else { return nil }
            guard let relation = Relation(field: field.name) else {
                preconditionFailure("Relation has a case for the field \(field.name)")
            }
            return Place(relation: relation, offset: field.offset)
        }
    }

    /// Lends each reference that a message holds, none left out: fields of the block in order, then
    /// those of groups, then the envelope's. The same event may come more than once.
    ///
    /// - Throws: `DecodingError` for a message that ends early; what `body` throws.
    public static func forEach(
        in message: RawSpan, _ body: (Relation, Reference) throws -> Void
    ) throws {
        let header = try MessageHeader(message)
        let envelope = try Envelope(message: message)
        if Int(header.templateID) < plans.count, let plan = plans[Int(header.templateID)] {
            var end = MessageHeader.size + Int(header.blockLength)
            guard end <= message.byteCount else {
                throw DecodingError.truncated(count: message.byteCount, needed: end)
            }
            for place in plan.block where place.offset + 8 <= Int(header.blockLength) {
                try lend(place, message, at: MessageHeader.size, body)
            }
            for group in plan.groups {
                let extent = try GroupExtent(message, end: &end, needed: group.length)
                guard !group.places.isEmpty else { continue }
                for index in 0..<extent.count {
                    for place in group.places {
                        try lend(place, message, at: extent.start + index * extent.stride, body)
                    }
                }
            }
        }
        if envelope.causation != .none { try body(.causation, envelope.causation) }
        if envelope.correlation != .none { try body(.correlation, envelope.correlation) }
    }

    private static func lend(
        _ place: Place, _ message: RawSpan, at base: Int,
        _ body: (Relation, Reference) throws -> Void
    ) rethrows {
        let reference = message.load(Reference.self, at: base + place.offset)
        if reference != .none { try body(place.relation, reference) }
    }
}
