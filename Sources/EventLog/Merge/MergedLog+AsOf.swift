import Events

extension MergedLog {
    /// Where the sequence stood at a moment.
    ///
    /// A position or an event must be there. A time is where the sequence stood before the first
    /// event that is later, so that nothing later is ever seen: the start when all are, the end
    /// when none is. Both times ascend in a run over its timeline, and recorded time in every log;
    /// in a data log facts may be recorded long after they became known, so that by knowledge the
    /// moment may lie far before what was known then: recorded time is what it is ordered by.
    public func position(_ asOf: AsOf) throws -> MergedPosition {
        switch asOf.moment {
        case .end: return try end()
        case .position(let ordinal):
            guard let position = try position(ordinal) else {
                throw AsOfError.beyond(asOf, end: try end())
            }
            return position
        case .event(let reference):
            guard let position = try position(after: reference) else {
                if reference.isTimeline, timeline == nil { throw AsOfError.noTimeline(asOf) }
                throw AsOfError.beyond(asOf, end: try end())
            }
            return position
        case .day(let day): return try position(AsOf.cycle(of: day), by: asOf.clock)
        case .instant(let instant): return try position(instant, by: asOf.clock)
        }
    }

    private func position(_ instant: Instant, by clock: AsOf.Clock) throws -> MergedPosition {
        let end = try end()
        if clock == .knowledge, timeline == nil, log.identity.kind.role != .timeline {
            return MergedPosition(own: try ownKnown(by: instant), timeline: 0)
        }
        let own = try last(in: 0...end.own) {
            try envelope(.own($0)).time(clock) <= instant
        }
        // No further than the first own event that is later had read.
        let bound = own < end.own ? try through(own + 1) : end.timeline
        let read = try through(own)
        let timeline = try last(in: read...max(read, bound)) {
            try envelope(.timeline($0)).time(clock) <= instant
        }
        return MergedPosition(own: own, timeline: timeline)
    }

    /// Own events before the first that became known later, looked at one by one.
    private func ownKnown(by instant: Instant) throws -> UInt64 {
        var own: UInt64 = 0
        try read { record in
            guard try Envelope(message: record.message).knownAt <= instant else { return .stop }
            own = record.reference.position
            return .proceed
        }
        return own
    }
}

extension Envelope {
    fileprivate func time(_ clock: AsOf.Clock) -> Instant {
        clock == .knowledge ? knownAt : recordedAt
    }
}
