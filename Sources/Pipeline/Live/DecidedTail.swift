import EventLog
import Events
import FeedbackLoop

/// The end of a live run that a start decides again: what it decides is held against what is
/// recorded, event by event, and what is not recorded yet is new.
struct DecidedTail {
    /// Where deciding again begins: all before it is folded.
    let start: MergedPosition
    /// Whether it begins with the live run itself: its first events are decided too.
    let isWhole: Bool
    private let name: String
    private let run: EventLog
    /// Own positions that were decided again, or folded.
    private var compared: UInt64
    private let recorded: UInt64

    /// Sessions that a start decides again.
    static let sessions = 21

    /// The tail of the latest sessions of a run; `sessions` 0 for none: all is folded.
    init(_ opened: OpenedRun, _ manifest: LiveManifest, sessions: Int) throws {
        (name, run) = (opened.name, opened.log)
        recorded = try opened.log.head().position
        let end = try opened.merged.end()
        let from = try DecidedTail.first(opened, sessions: sessions)
        switch (sessions, from) {
        case (0, _): start = end
        case (_, nil): start = manifest.parent.position
        case (_, let first?):
            let reference = Reference.timeline(first + manifest.parent.position.timeline)
            let after = try opened.merged.position(after: reference)
            let own = after?.own ?? end.own
            start = MergedPosition(own: own, timeline: reference.position - 1)
        }
        isWhole = start == manifest.parent.position
        compared = start.own - opened.merged.sharedOwn
    }

    /// The position in the live timeline of the first fact of the first of its latest sessions; nil
    /// where it has no more than those.
    private static func first(_ opened: OpenedRun, sessions: Int) throws -> UInt64? {
        var starts: [UInt64] = []
        var begun: UInt64 = 0
        try opened.timeline.read { record in
            guard try MessageHeader(record.message).templateID == InstantBegun.templateID else {
                return .proceed
            }
            switch try InstantBegunView(record.message).kind {
            case .session, .missed: starts.append(begun + 1)
            default: break
            }
            begun = record.position
            return .proceed
        }
        guard sessions > 0, starts.count > sessions else { return nil }
        return starts[starts.count - sessions]
    }

    /// Whether all that is recorded was decided again.
    var isOver: Bool { compared >= recorded }

    /// Takes what was decided; lends back what is not recorded yet.
    ///
    /// - Throws: `LiveRunError.decidedOtherwise` at the first event that differs.
    mutating func take(_ message: RawSpan, fresh: (RawSpan) -> Void) throws {
        guard !isOver else { return fresh(message) }
        compared += 1
        var isSame = false
        _ = try run.record(at: compared) { record in
            isSame = record.message.withUnsafeBytes { left in
                message.withUnsafeBytes { right in left.elementsEqual(right) }
            }
        }
        guard isSame else { throw LiveRunError.decidedOtherwise(name, compared) }
    }

    /// All was decided again.
    ///
    /// - Throws: `LiveRunError.decidedOtherwise` where more is recorded than was decided.
    func finish() throws {
        guard isOver else { throw LiveRunError.decidedOtherwise(name, compared + 1) }
    }
}
