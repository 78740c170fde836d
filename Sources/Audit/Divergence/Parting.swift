public import EventLog
public import Events

/// Where two runs part first: the first decision that is another, or that only one of both has.
public struct Parting: Sendable {
    /// A field that has one value in one run and another in the other.
    public struct FieldDifference: Hashable, Sendable {
        /// Where it stands; features by their names.
        public let path: String
        /// Its value in the first, as JSON; nil where it lacks the field.
        public let left: String?
        /// Its value in the second.
        public let right: String?
    }

    /// The first run's decision; nil where only the second has one.
    public let left: Decision?
    /// The second run's.
    public let right: Decision?
    /// What differs of a decision that both have, in the schema's order.
    public let fields: [FieldDifference]

    /// When they part.
    public var instant: Instant { [left, right].compactMap { $0?.instant }.min() ?? .epoch }
}

/// Finds where two runs part.
public enum Divergence {
    /// What a search came to.
    public struct Search: Sendable {
        /// Decisions behind what is shared that both have, before they part.
        public var equal = 0
        /// Where they part; nil where neither decides anything that the other does not.
        public var parting: Parting?
        /// The first order, exit or fill that is another; nil where all are the same.
        public var order: Parting?
    }

    /// Compares two runs decision by decision, behind what they share, which is not read.
    ///
    /// Numbers of events, and how far the timeline had been read, are no part of a decision: they
    /// move where one run has recorded something, or one timeline holds a fact, that the other
    /// lacks.
    public static func search(_ left: MergedLog, _ right: MergedLog) throws -> Search {
        let common = try left.commonPast(with: right)
        let pairs = try ReferencePairs(shared: common.own, left, right)
        return try search(
            DecisionStream(left, after: common.own), DecisionStream(right, after: common.own),
            pairs)
    }

    /// Compares what two streams lend, first all of it, then the orders alone.
    static func search(
        _ left: DecisionStream, _ right: DecisionStream, _ pairs: ReferencePairs
    ) throws -> Search {
        var search = try walk(left, right, pairs)
        guard search.parting != nil else { return search }
        var (orders, others, unnamed) = (left, right, pairs)
        (orders.only, others.only) = (orderTemplates, orderTemplates)
        unnamed.ignoresOwn = true
        search.order = try walk(orders, others, unnamed).parting
        return search
    }

    private static let orderTemplates = [
        OrderSubmitted.templateID, ExitTriggered.templateID, OrderFilled.templateID,
        OrderCancelled.templateID,
    ]

    private static func walk(
        _ left: DecisionStream, _ right: DecisionStream, _ pairs: ReferencePairs
    ) throws -> Search {
        var (left, right, pairs) = (left, right, pairs)
        var search = Search()
        while true {
            // Settings and ends of jobs are named by others: they stand for each other in turn.
            var passed: (left: [Decision], right: [Decision]) = ([], [])
            let one = try left.next { passed.left.append($0) }
            let other = try right.next { passed.right.append($0) }
            for (one, other) in zip(
                passed.left.filter(\.isPaired), passed.right.filter(\.isPaired))
            { pairs.pair(one, other) }
            guard one != nil || other != nil else { return search }
            if let one, let other {
                let differences = try differences(one, other, &pairs)
                if differences.isEmpty {
                    pairs.pair(one, other)
                    search.equal += 1
                    continue
                }
                search.parting = try parting(one, other, differences, &left, &right)
            } else {
                search.parting = Parting(left: one, right: other, fields: [])
            }
            return search
        }
    }

    /// What differs of two decisions; of two of different kinds their type.
    static func differences(
        _ left: Decision, _ right: Decision, _ pairs: inout ReferencePairs
    ) throws -> [Parting.FieldDifference] {
        guard left.templateID == right.templateID else {
            return [Parting.FieldDifference(path: "type", left: left.type, right: right.type)]
        }
        if left.message == right.message, left.reference == right.reference { return [] }
        let (ours, theirs) = (try left.fields(), try right.fields())
        var differences: [Parting.FieldDifference] = []
        var next = (0, 0)
        while next.0 < ours.count || next.1 < theirs.count {
            let one = next.0 < ours.count ? ours[next.0] : nil
            let other = next.1 < theirs.count ? theirs[next.1] : nil
            if let one, let other, one.path == other.path {
                next = (next.0 + 1, next.1 + 1)
                if uncompared.contains(one.path) { continue }
                if let reference = one.reference, let named = other.reference {
                    if try pairs.isSame(reference, named) { continue }
                } else if one.text == other.text {
                    continue
                }
                differences.append(
                    Parting.FieldDifference(
                        path: FieldName.of(one.path), left: one.text, right: other.text))
            } else if let one, !theirs[next.1...].contains(where: { $0.path == one.path }) {
                next.0 += 1
                differences.append(
                    Parting.FieldDifference(
                        path: FieldName.of(one.path), left: one.text, right: nil))
            } else if let other {
                next.1 += 1
                differences.append(
                    Parting.FieldDifference(
                        path: FieldName.of(other.path), left: nil, right: other.text))
            }
        }
        return differences
    }

    private static let uncompared = ["envelope.ordinal", "envelope.through"]

    /// Two decisions of which one may have no counterpart: it has one where the other run decides
    /// its like at that instant.
    private static func parting(
        _ one: Decision, _ other: Decision, _ differences: [Parting.FieldDifference],
        _ left: inout DecisionStream, _ right: inout DecisionStream
    ) throws -> Parting {
        if one.isLike(other) { return Parting(left: one, right: other, fields: differences) }
        if one.instant != other.instant {
            return one.instant < other.instant
                ? Parting(left: one, right: nil, fields: [])
                : Parting(left: nil, right: other, fields: [])
        }
        func follows(_ decision: Decision, in stream: inout DecisionStream) throws -> Bool {
            while let next = try stream.next(), next.instant == decision.instant {
                if next.isLike(decision) { return true }
            }
            return false
        }
        let isLater = (
            try follows(one, in: &right), try follows(other, in: &left)
        )
        switch isLater {
        case (true, false): return Parting(left: nil, right: other, fields: [])
        case (false, true): return Parting(left: one, right: nil, fields: [])
        default: return Parting(left: one, right: other, fields: differences)
        }
    }
}

extension Decision {
    /// Whether another decides the same matter: its kind, its ticker, its instant.
    func isLike(_ other: Decision) -> Bool {
        templateID == other.templateID && instant == other.instant && ticker == other.ticker
    }

    /// Whether other events may name it, and it comes at the same places of both runs.
    var isPaired: Bool { templateID == JobFinished.templateID }
}
