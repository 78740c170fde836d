import EventLog
import Events
import Foundation
import TestKit

/// Facts and own events in a drawn order, as plain values, and logs that hold them.
struct Interleaving: CustomStringConvertible {
    /// An own event: what it had read, and when it was recorded.
    struct Own {
        var through: UInt64
        var at: Int64
    }

    let seed: UInt64
    /// When each fact became known.
    var facts: [Int64] = []
    var own: [Own] = []

    var description: String { "seed \(seed)" }

    /// Draws some facts and own events; the times ascend in merged order, some of them equal.
    init(seed: UInt64, facts count: Int = 40, own ownCount: Int = 60) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed)
        var now: Int64 = 0
        extend(facts: count, own: ownCount, &now, &generator)
    }

    private mutating func extend(
        facts count: Int, own ownCount: Int, _ now: inout Int64, _ generator: inout SeededGenerator
    ) {
        var kinds =
            [Bool](repeating: true, count: count) + [Bool](repeating: false, count: ownCount)
        kinds.shuffle(using: &generator)
        for isFact in kinds {
            now += Int64.random(in: 0...2, using: &generator)
            if isFact {
                facts.append(now)
            } else {
                own.append(Own(through: UInt64(facts.count), at: now))
            }
        }
    }

    /// The order by its definition: sorted by what had been read, facts first; facts that no event
    /// had read are left out.
    var order: [Reference] {
        var keyed: [(through: UInt64, kind: Int, number: UInt64)] = []
        for number in 1...UInt64(facts.count) where number <= own.last?.through ?? 0 {
            keyed.append((number, 0, number))
        }
        for (index, event) in own.enumerated() {
            keyed.append((event.through, 1, UInt64(index + 1)))
        }
        keyed.sort { ($0.through, $0.kind, $0.number) < ($1.through, $1.kind, $1.number) }
        return keyed.map { $0.kind == 0 ? .timeline($0.number) : .own($0.number) }
    }

    /// When the event of a reference became known.
    func time(_ reference: Reference) -> Int64 {
        let index = Int(reference.position) - 1
        return reference.isTimeline ? facts[index] : own[index].at
    }

    /// A message that tells its reference apart by its text.
    static func message(
        _ reference: Reference, at: Int64, through: UInt64 = 0, recordedAt: Int64? = nil,
        padding: Int = 0
    ) -> [UInt8] {
        let instant = Instant(rawValue: at)
        return JobFailed(
            envelope: Envelope(
                knownAt: instant, recordedAt: recordedAt.map { Instant(rawValue: $0) } ?? instant,
                causation: .none, correlation: .none, through: through, ordinal: 0,
                actor: .scheduler, flags: []),
            start: .own(1), scheduledAt: instant, job: .cycle,
            text: Array("\(reference)".utf8) + [UInt8](repeating: 32, count: padding)
        ).encoded()
    }

    func fact(_ number: Int, padding: Int = 0) -> [UInt8] {
        Interleaving.message(.timeline(UInt64(number)), at: facts[number - 1], padding: padding)
    }

    func event(_ number: Int, padding: Int = 0) -> [UInt8] {
        let event = own[number - 1]
        return Interleaving.message(
            .own(UInt64(number)), at: event.at, through: event.through, padding: padding)
    }

    /// A sealed log of messages.
    static func log(_ path: String, _ kind: LogKind, _ messages: [[UInt8]]) throws -> EventLog {
        let identity = LogIdentity(kind: kind, logID: .zero, schemaVersion: EventSchema.version)
        _ = try LogBuilder.build(at: path, identity: identity) { builder in
            for message in messages {
                try builder.append(message.span.bytes)
                if builder.position % 7 == 0 { try builder.commit(recordedAt: .epoch) }
            }
            try builder.commit(recordedAt: .epoch)
        }
        return try EventLog.open(at: path)
    }

    /// Both logs, in a folder.
    func logs(_ folder: TemporaryFolder, padding: Int = 0) throws
        -> (run: EventLog, timeline: EventLog)
    {
        let (facts, own) = (facts.indices.map { $0 + 1 }, own.indices.map { $0 + 1 })
        return (
            run: try Interleaving.log(
                "\(folder.path)/run-\(seed)", .run, own.map { event($0, padding: padding) }),
            timeline: try Interleaving.log(
                "\(folder.path)/timeline-\(seed)", .timeline,
                facts.map { fact($0, padding: padding) })
        )
    }
}

/// What a cursor gave of an event: its place, its reference, and the reference that it was written
/// with.
struct Given: Equatable {
    var position: UInt64
    var reference: Reference
    var text: String

    init(_ record: borrowing MergedRecord) throws {
        position = record.position
        reference = record.reference
        let event = try JobFailed(message: record.message)
        text = String(decoding: event.text, as: UTF8.self)
            .trimmingCharacters(in: .whitespaces)
    }

    init(_ position: Int, _ reference: Reference) {
        self.position = UInt64(position)
        self.reference = reference
        text = "\(reference)"
    }

    /// What is to be given of an order.
    static func all(_ order: [Reference]) -> [Given] {
        order.enumerated().map { Given($0.offset + 1, $0.element) }
    }
}

extension MergedCursor {
    /// The next events, as many as there are.
    mutating func rest(_ most: Int = .max) throws -> [Given] {
        var given: [Given] = []
        while given.count < most, let record = try next() { given.append(try Given(record)) }
        return given
    }
}
