import EventLog
import Events

/// Which events of one run stand for which of another: their numbers move where one of both has an
/// event, or a fact, that the other lacks.
struct ReferencePairs {
    /// Own events up to here are shared, and the same.
    private let shared: UInt64
    /// Whether own events are taken for the same, whichever they are: where only some are compared.
    var ignoresOwn = false
    private var own: [Reference: Reference] = [:]
    private var facts: [Reference: Reference] = [:]
    private let isSameTimeline: Bool
    private let fact: (left: (UInt64) throws -> [UInt8]?, right: (UInt64) throws -> [UInt8]?)

    /// Pairs of two runs over timelines, which are looked up only where they are not the same.
    init(shared: UInt64, _ left: EventLog?, _ right: EventLog?) throws {
        func reader(_ timeline: EventLog?) -> (UInt64) throws -> [UInt8]? {
            { position in
                var message: [UInt8]?
                try timeline?.record(at: position) { message = ReferencePairs.fact($0.message) }
                return message
            }
        }
        let seals = (try left?.head().seal, try right?.head().seal)
        self.init(shared, isSameTimeline: seals.0 == seals.1, reader(left), reader(right))
    }

    /// Pairs of two runs, their facts those of all that they were made from.
    init(shared: UInt64, _ left: MergedLog, _ right: MergedLog) throws {
        guard left.isOverSeveral || right.isOverSeveral else {
            try self.init(shared: shared, left.timeline, right.timeline)
            return
        }
        func reader(_ run: MergedLog) -> (UInt64) throws -> [UInt8]? {
            { position in
                var message: [UInt8]?
                try run.event(.timeline(position)) { message = ReferencePairs.fact($0) }
                return message
            }
        }
        self.init(shared, isSameTimeline: false, reader(left), reader(right))
    }

    private init(
        _ shared: UInt64, isSameTimeline: Bool, _ left: @escaping (UInt64) throws -> [UInt8]?,
        _ right: @escaping (UInt64) throws -> [UInt8]?
    ) {
        (self.shared, self.isSameTimeline, fact) = (shared, isSameTimeline, (left, right))
    }

    /// A fact without the position that a live timeline's was moved from.
    private static func fact(_ message: RawSpan) -> [UInt8] {
        var bytes = message.withUnsafeBytes { Array($0) }
        for place in 40..<min(48, bytes.count) { bytes[place] = 0 }
        return bytes
    }

    /// Two events stand for each other.
    mutating func pair(_ left: Decision, _ right: Decision) {
        if left.reference.position > shared { own[left.reference] = right.reference }
    }

    /// Whether two references name the same.
    mutating func isSame(_ left: Reference, _ right: Reference) throws -> Bool {
        if left == .none || right == .none { return left == right }
        guard left.isTimeline == right.isTimeline else { return false }
        guard left.isTimeline else {
            if ignoresOwn { return true }
            if left.position <= shared || right.position <= shared { return left == right }
            return own[left].map { $0 == right } ?? false
        }
        if isSameTimeline { return left == right }
        if facts[left] == right { return true }
        guard let one = try fact.left(left.position), try fact.right(right.position) == one else {
            return false
        }
        facts[left] = right
        return true
    }
}
