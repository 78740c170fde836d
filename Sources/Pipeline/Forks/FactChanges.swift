import Digests
public import EventLog
public import Events

/// What one timeline has and another has not, fact by fact.
public struct FactChanges: Hashable, Sendable {
    /// A fact that only one of both has.
    public struct Fact: Hashable, Sendable {
        /// The SHA-256 of its message.
        public let digest: Digest
        /// When it became known.
        public let knownAt: Instant
        /// Its kind, as `recount events` names it.
        public let kind: String
        /// Its ticker, where it has one.
        public let ticker: Ticker?
        /// The template of its message.
        let templateID: UInt16
    }

    /// Seal of the timeline that was changed.
    public let timeline: Digest
    /// Facts that both have before the first that only one has.
    public private(set) var shared: UInt64 = 0
    /// What only the first has, in order of knowledge.
    public private(set) var without: [Fact] = []
    /// What only the second has.
    public private(set) var with: [Fact] = []
    /// When the first fact is known that only one has; nil where they are equal.
    public private(set) var firstKnownAt: Instant?

    /// Compares two timelines.
    public init(from old: EventLog, to new: EventLog) throws {
        timeline = try old.head().seal
        var before = Walk(old)
        var after = Walk(new)
        while try before.equalsNext(&after) { shared += 1 }
        firstKnownAt = try [before.knownAt(), after.knownAt()].compactMap { $0 }.min()
        while let instant = try [before.knownAt(), after.knownAt()].compactMap({ $0 }).min() {
            let (one, other) = (try before.take(instant), try after.take(instant))
            without += FactChanges.missing(one, in: other)
            with += FactChanges.missing(other, in: one)
        }
    }

    /// Whether both timelines hold the same facts.
    public var isEmpty: Bool { without.isEmpty && with.isEmpty }

    /// The facts of a list that another lacks, each as often as it lacks it.
    private static func missing(_ facts: [Fact], in others: [Fact]) -> [Fact] {
        if facts == others { return [] }
        var counts: [Digest: Int] = [:]
        for other in others { counts[other.digest, default: 0] += 1 }
        return facts.filter { fact in
            guard let count = counts[fact.digest], count > 0 else { return true }
            counts[fact.digest] = count - 1
            return false
        }
    }

    /// The SHA-256 of a fact; of predictions without the position of their model, which moves with
    /// every fact before it.
    static func digest(_ message: RawSpan) -> Digest {
        if let header = try? MessageHeader(message),
            header.templateID == PredictionsImported.templateID,
            var predictions = try? PredictionsImported(message: message)
        {
            predictions.model = .none
            return SHA256.hash(predictions.encoded())
        }
        return SHA256.hash(message.withUnsafeBytes { Array($0) })
    }

    /// All of it as canonical text: what a fork records of it.
    public var text: String {
        func line(_ word: String, _ fact: Fact) -> String {
            "\(word): \(fact.knownAt) \(fact.kind) \(fact.ticker.map { "\($0) " } ?? "")"
                + "\(fact.digest)\n"
        }
        return "timeline: \(timeline)\n" + without.reduce("") { $0 + line("without", $1) }
            + with.reduce("") { $0 + line("with", $1) }
    }

    /// What a text of changes counts: facts left out, and facts added.
    static func counts(_ text: String) -> (without: Int, with: Int) {
        let lines = text.split(separator: "\n")
        return (
            lines.reduce(0) { $0 + ($1.hasPrefix("without: ") ? 1 : 0) },
            lines.reduce(0) { $0 + ($1.hasPrefix("with: ") ? 1 : 0) }
        )
    }
}

/// A walk through a timeline, an instant at a time.
private struct Walk: ~Copyable {
    private let log: EventLog
    private var cursor: LogCursor
    private var next: UInt64 = 1

    init(_ log: EventLog) {
        self.log = log
        cursor = LogCursor(log)
    }

    /// Goes one fact on in both when it is the same; false where it is not, and at an end.
    mutating func equalsNext(_ other: inout Walk) throws -> Bool {
        guard let one = try cursor.next()?.message.withUnsafeBytes({ Array($0) }),
            let two = try other.cursor.next()?.message.withUnsafeBytes({ Array($0) }), one == two
        else {
            cursor = LogCursor(log, from: next)
            other.cursor = LogCursor(other.log, from: other.next)
            return false
        }
        next += 1
        other.next += 1
        return true
    }

    /// When the next fact is known; nil at the end.
    mutating func knownAt() throws -> Instant? {
        var found: Instant?
        try log.record(at: next) { found = try Envelope(message: $0.message).knownAt }
        return found
    }

    /// Takes all facts known at an instant.
    mutating func take(_ instant: Instant) throws -> [FactChanges.Fact] {
        var facts: [FactChanges.Fact] = []
        try log.read(from: next) { record in
            let envelope = try Envelope(message: record.message)
            guard envelope.knownAt == instant else { return .stop }
            facts.append(try FactChanges.Fact(record.message, envelope))
            next += 1
            return .proceed
        }
        return facts
    }
}

extension FactChanges.Fact {
    init(_ message: RawSpan, _ envelope: Envelope) throws {
        let template = try MessageHeader(message).templateID
        let ticker: Ticker? =
            switch template {
            case DisclosureFiled.templateID: try DisclosureFiledView(message).ticker
            case DisclosureAmended.templateID: try DisclosureAmendedView(message).ticker
            default: nil
            }
        self.init(
            digest: FactChanges.digest(message), knownAt: envelope.knownAt,
            kind: EventSchema.message(id: template)?.name ?? "\(template)", ticker: ticker,
            templateID: template)
    }
}
