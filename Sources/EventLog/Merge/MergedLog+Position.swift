public import Events

extension MergedLog {
    /// How far the sequence goes: through the last durable event of the run.
    public func end() throws -> MergedPosition {
        let segment = segments[segments.count - 1]
        let count = try segment.log.head().position
        return count == 0 ? segment.start : try position(afterOwn: segment.ownOffset + count)
    }

    /// Where the sequence stood when a number of its events had been read; nil beyond its end.
    public func position(_ ordinal: UInt64) throws -> MergedPosition? {
        let end = try end()
        guard ordinal <= end.position else { return nil }
        let start = segments[segment(after: ordinal)].start
        // The last own event whose ordinal is not greater: ordinals ascend.
        let own = try last(in: start.own...end.own) {
            try position(afterOwn: $0).position <= ordinal
        }
        return MergedPosition(own: own, timeline: ordinal - own)
    }

    /// Where the sequence stood just after an event; nil for one that it does not have.
    public func position(after event: Reference) throws -> MergedPosition? {
        guard event != .none else { return nil }
        let end = try end()
        guard event.isTimeline else {
            guard event.position <= end.own else { return nil }
            return try position(afterOwn: event.position)
        }
        guard timeline != nil, event.position <= end.timeline else { return nil }
        // Whatever was recorded without having read it comes before it.
        let own = try last(in: 0...end.own) { try through($0) < event.position }
        return MergedPosition(own: own, timeline: event.position)
    }

    /// The event that a position stands after; none at the start.
    public func event(at position: MergedPosition) throws -> Reference {
        guard position.own > 0, try through(position.own) == position.timeline else {
            return position.timeline == 0 ? .none : .timeline(position.timeline)
        }
        return .own(position.own)
    }

    /// The last number of a range for which `isBefore` holds, which it does up to some number and
    /// not from there on; of the first it is not asked.
    func last(
        in range: ClosedRange<UInt64>, _ isBefore: (UInt64) throws -> Bool
    ) rethrows -> UInt64 {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low + 1) / 2
            if try isBefore(middle) { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// Where the sequence stood just after an own event, whichever segment has it.
    private func position(afterOwn own: UInt64) throws -> MergedPosition {
        guard own > 0 else { return .start }
        return MergedPosition(own: own, timeline: try through(own))
    }

    /// How far the timeline had been read when an own event was recorded; 0 in a log alone.
    func through(_ own: UInt64) throws -> UInt64 {
        timeline == nil || own == 0 ? 0 : try envelope(.own(own)).through
    }

    /// The envelope of an event that is there.
    func envelope(_ event: Reference) throws -> Envelope {
        var found: Envelope?
        guard let place = place(of: event),
            try place.log.record(at: place.position, { found = try Envelope(message: $0.message) }),
            let found
        else {
            throw LogError.gap(
                path: log.path, expected: event.position, found: try log.head().position)
        }
        return found
    }

    /// Seal of the commit that holds an event; zero before the first.
    public func seal(of event: Reference) throws -> Digest {
        guard event.position > 0, let place = place(of: event) else { return .zero }
        return try place.log.commit(holding: place.position)?.seal ?? .zero
    }

    /// Waits until the run is durable beyond a position or the seconds are over; returns the end.
    public func waitForEnd(beyond position: MergedPosition, seconds: Double) throws
        -> MergedPosition
    {
        let offset = segments[segments.count - 1].ownOffset
        let own = max(position.own, offset) - offset
        _ = try log.waitForHead(beyond: own, seconds: seconds)
        return try end()
    }

    /// The segment that has the events after a position.
    func segment(after ordinal: UInt64) -> Int {
        segments.lastIndex { $0.start.position <= ordinal } ?? 0
    }
}
