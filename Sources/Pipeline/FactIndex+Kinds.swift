import EventLog
import Events

/// What kinds of events are facts of a timeline, in which order, and how it has their messages.
extension FactIndex {
    /// The rank of index closes.
    static let rankOfIndices = UInt64(rank(IndexClosed.templateID) ?? 0)

    /// Whether facts of a rank are acts of people, which are answered at their own instant.
    static func isAct(_ rank: UInt64) -> Bool {
        [
            ModelPromoted.templateID, ModelRolledBack.templateID, JobStarted.templateID,
            TradeRecorded.templateID, EntriesHalted.templateID,
        ].contains { FactIndex.rank($0).map(UInt64.init) == rank }
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
        // Last, so that the facts of earlier versions keep their places.
        case CommitteeAssigned.templateID: 13
        // Of a live run's timeline alone, behind all others, in the order of the data log.
        case _ where isOfLiveRun(template): 14
        default: nil
        }
    }

    /// Who reads facts: which of those of live runs are among them.
    enum Reader {
        /// A derived timeline: none.
        case timeline
        /// A live run at the simulated market: halts and custody.
        case simulated
        /// One with a broker of the world: all.
        case broker

        /// The reader of a live run.
        init(_ live: RunManifest.Live) {
            self = live.broker == RunManifest.Live.simulated ? .simulated : .broker
        }

        /// Whether facts of a kind are among them.
        func reads(_ template: UInt16) -> Bool {
            switch self {
            case .timeline: !FactIndex.isOfLiveRun(template)
            case .simulated:
                !FactIndex.isOfLiveRun(template)
                    || [
                        EntriesHalted.templateID, EntriesResumed.templateID,
                        CustodyBegan.templateID, CustodyEnded.templateID,
                    ].contains(template)
            case .broker: true
            }
        }
    }

    /// Whether facts of a kind are a live run's alone: a derived timeline has none of them.
    static func isOfLiveRun(_ template: UInt16) -> Bool {
        switch template {
        case EntriesHalted.templateID, EntriesResumed.templateID, OrderAccepted.templateID,
            OrderFilled.templateID, OrderRejected.templateID, OrderCancelled.templateID,
            OrderExpired.templateID, CashMoved.templateID, TimeReached.templateID,
            CustodyBegan.templateID, CustodyEnded.templateID, TradingModeChanged.templateID,
            TakenOver.templateID, PositionAdopted.templateID, ReconciliationDiffered.templateID:
            true
        default: false
        }
    }

    /// Whether an event is a market fact or a person's act; of jobs and models there are decisions
    /// too, which are no part of a timeline.
    static func isFact(_ message: RawSpan, _ template: UInt16) throws -> Bool {
        switch template {
        case ModelPromoted.templateID, ModelRolledBack.templateID, JobStarted.templateID:
            try Envelope(message: message).actor == .person
        default: true
        }
    }

    /// A message as a timeline has it: without positions of the data log, which depend on the order
    /// of ingest, and with a timeline's envelope.
    static func message(_ message: RawSpan, _ template: UInt16) throws -> [UInt8] {
        var bytes = message.withUnsafeBytes { Array($0) }
        let envelope = try Envelope(message: message)
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
        return bytes
    }

    /// A timeline's envelope: recorded when known, caused by nothing; in a live run's it names the
    /// position of the data log that it was moved from.
    static func replaceEnvelope(
        _ bytes: inout [UInt8], _ envelope: Envelope, from position: UInt64 = 0
    ) {
        var buffer = EventBuffer()
        RunFinished(
            envelope: Envelope(
                knownAt: envelope.knownAt, recordedAt: envelope.knownAt, through: position,
                actor: .timeline, flags: envelope.flags),
            timeline: nil, lastDay: nil, sessions: 0, timelineEvents: 0, hindsightFacts: 0
        ).encode(into: &buffer)
        let stamped = buffer.copyBytes()
        bytes.replaceSubrange(8..<56, with: stamped[8..<56])
    }
}
