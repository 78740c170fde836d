import EventLog
import Events

/// The market facts of a data log, sorted for a timeline; bars stay in the log, by position.
struct FactIndex {
    /// The SessionClosed events of one date.
    struct SessionDay {
        var day: Day
        var positions: [UInt64]
    }

    /// A fact other than bars, its envelope made that of a timeline.
    struct Fact {
        var knownAt: Instant
        var rank: Int
        var message: [UInt8]
        /// Of predictions: the message of their model, whose position here is not known yet.
        var model: [UInt8] = []
    }

    /// Dates with bars, ascending.
    private(set) var days: [SessionDay] = []
    /// All other facts in order of knowledge.
    private(set) var others: [Fact] = []
    /// Index closes outside their range, from before importers refused them.
    private(set) var indicesOutsideRange = 0

    /// Reads the log up to a position.
    init(_ log: EventLog, through last: UInt64) throws {
        var positions: [(day: Day, position: UInt64)] = []
        var indices: [IndexClosed] = []
        var models: [UInt64: [UInt8]] = [:]
        guard last > 0 else { return }
        try log.read(through: last) { record in
            let template = try MessageHeader(record.message).templateID
            switch template {
            case SessionClosed.templateID:
                let view = try SessionClosedView(record.message)
                positions.append((view.day, record.position))
            case IndexClosed.templateID:
                let close = IndexClosed(try IndexClosedView(record.message))
                let range = InputRange.indexLevel
                if range.contains(close.close), range.contains(close.adjustedClose ?? close.close) {
                    indices.append(close)
                } else {
                    indicesOutsideRange += 1
                }
            default:
                guard let rank = FactIndex.rank(template),
                    try FactIndex.isFact(record.message, template)
                else { return .proceed }
                var fact = try FactIndex.fact(record.message, rank, template)
                if template == ModelImported.templateID { models[record.position] = fact.message }
                if template == PredictionsImported.templateID {
                    let named = try PredictionsImportedView(record.message).model
                    guard let model = models[named.position] else { return .proceed }
                    fact.model = model
                }
                others.append(fact)
            }
            return .proceed
        }
        positions.sort { ($0.day, $0.position) < ($1.day, $1.position) }
        for (day, position) in positions {
            if days.last?.day == day {
                days[days.count - 1].positions.append(position)
            } else {
                days.append(SessionDay(day: day, positions: [position]))
            }
        }
        others += FactIndex.merged(indices)
        others.sort(by: FactIndex.precedes)
    }

    /// The place of a kind among facts that became known at one instant; nil for what is no
    /// market fact.
    static func rank(_ template: UInt16) -> Int? {
        switch template {
        case PoliticianDescribed.templateID: 0
        case InstrumentClassified.templateID: 1
        case CorporateActionAnnounced.templateID: 2
        case DisclosureFiled.templateID: 3
        case DisclosureAmended.templateID: 4
        case DisclosureWithdrawn.templateID: 5
        case IndexClosed.templateID: 6
        case ModelPromoted.templateID: 7
        case ModelRolledBack.templateID: 8
        case JobStarted.templateID: 9
        case TradeRecorded.templateID: 10
        case ModelImported.templateID: 11
        case PredictionsImported.templateID: 12
        default: nil
        }
    }

    /// Whether an event is a market fact or a person's act; of jobs and models there are decisions
    /// too, which are no part of a timeline.
    private static func isFact(_ message: RawSpan, _ template: UInt16) throws -> Bool {
        switch template {
        case ModelPromoted.templateID, ModelRolledBack.templateID, JobStarted.templateID:
            try Envelope(message: message).actor == .person
        default: true
        }
    }

    private static func fact(_ message: RawSpan, _ rank: Int, _ template: UInt16) throws -> Fact {
        var bytes = message.withUnsafeBytes { Array($0) }
        let envelope = try Envelope(message: message)
        // Positions of the data log depend on the order of ingest: they name nothing here.
        if template == ModelPromoted.templateID {
            var act = try ModelPromoted(message: message)
            act.follows = .none
            bytes = act.encoded()
        } else if template == ModelRolledBack.templateID {
            var act = try ModelRolledBack(message: message)
            act.follows = .none
            bytes = act.encoded()
        } else if template == PredictionsImported.templateID {
            var predictions = try PredictionsImported(message: message)
            predictions.model = .none
            bytes = predictions.encoded()
        }
        replaceEnvelope(&bytes, envelope)
        return Fact(knownAt: envelope.knownAt, rank: rank, message: bytes)
    }

    /// A timeline's envelope: recorded when known, caused by nothing.
    private static func replaceEnvelope(_ bytes: inout [UInt8], _ envelope: Envelope) {
        var buffer = EventBuffer()
        RunFinished(
            envelope: Envelope(
                knownAt: envelope.knownAt, recordedAt: envelope.knownAt, actor: .timeline,
                flags: envelope.flags),
            timeline: nil, lastDay: nil, sessions: 0, timelineEvents: 0, hindsightFacts: 0
        ).encode(into: &buffer)
        let stamped = buffer.copyBytes()
        bytes.replaceSubrange(8..<56, with: stamped[8..<56])
    }

    /// One close a series and day: of differing ones that of the smaller source digest.
    private static func merged(_ indices: [IndexClosed]) -> [Fact] {
        let sorted = indices.sorted {
            ($0.series.rawValue, $0.day, $0.source) < ($1.series.rawValue, $1.day, $1.source)
        }
        var merged: [IndexClosed] = []
        for var event in sorted {
            event.source = .zero
            if let kept = merged.last, kept.series == event.series, kept.day == event.day {
                if kept.close != event.close || kept.adjustedClose != event.adjustedClose {
                    merged[merged.count - 1].conflicts += 1
                }
                continue
            }
            merged.append(event)
        }
        return merged.map { event in
            var event = event
            event.envelope = Envelope(
                knownAt: event.envelope.knownAt, recordedAt: event.envelope.knownAt,
                actor: .timeline, flags: event.envelope.flags)
            var buffer = EventBuffer()
            event.encode(into: &buffer)
            return Fact(
                knownAt: event.envelope.knownAt, rank: rank(IndexClosed.templateID) ?? 0,
                message: buffer.copyBytes())
        }
    }

    /// knownAt, kind, the model of predictions, then the message's own bytes: its natural key comes
    /// first in it.
    private static func precedes(_ left: Fact, _ right: Fact) -> Bool {
        if left.knownAt != right.knownAt { return left.knownAt < right.knownAt }
        if left.rank != right.rank { return left.rank < right.rank }
        if left.model != right.model {
            return left.model.lexicographicallyPrecedes(right.model)
        }
        return left.message.lexicographicallyPrecedes(right.message)
    }
}
