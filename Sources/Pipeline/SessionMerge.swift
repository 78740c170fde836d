import EventLog
import Events

/// Merges the bars of one date from all files, and decides whether the date is a session.
///
/// A session is a date on which at least half of the tickers active in the previous 20 sessions
/// have a bar; the first date counts. It reads nothing later than the date itself.
public struct SessionMerge {
    /// What was merged and left out.
    public struct Counts: Hashable, Sendable {
        /// Sessions.
        public var sessions = 0
        /// Bars in them.
        public var bars = 0
        /// Dates with too few bars to be a session.
        public var datesLeftOut = 0
        /// Bars of those dates.
        public var barsLeftOut = 0
        /// Bars of which a differing one was taken.
        public var conflicts = 0
        /// Bars equal to the one that was taken.
        public var repeats = 0
        /// Bars and index closes with a number outside its range, from before importers refused
        /// them.
        public var outsideRange = 0
        /// Bars of more tickers than one session holds, the last by symbol.
        public var beyondLargest = 0
    }

    /// Counts so far.
    public private(set) var counts = Counts()

    private static let activeSessions = 20
    private var lastSession = Lookup<Ticker, Int>()
    /// How many tickers have their latest bar in each of the latest sessions, the newest last.
    private var latestCounts: [Int] = []

    /// Before the first date.
    public init() {}

    private struct SourcedBar {
        var bar: SessionClosed.Bar
        var source: Digest
        var part: UInt32
        var isUnadjusted: Bool
    }

    /// The session of a date, nil when too few tickers have a bar.
    mutating func merge(_ date: FactIndex.SessionDay, _ facts: FactIndex) throws -> SessionClosed? {
        var bars: [SourcedBar] = []
        var knownAt = Instant.epoch
        var flags: EventFlags = []
        var adjustments: [Adjustment] = []
        for position in date.positions {
            try facts.event(at: position) { record in
                let view = try SessionClosedView(record.message)
                let envelope = view.envelope
                knownAt = max(knownAt, envelope.knownAt)
                flags.formUnion(envelope.flags)
                if !adjustments.contains(view.adjustment) { adjustments.append(view.adjustment) }
                let event = SessionClosed(view)
                let isUnadjusted = event.adjustment != .splitsAndDividends
                for bar in event.bars {
                    guard InputRange.holds(bar) else {
                        counts.outsideRange += 1
                        continue
                    }
                    bars.append(
                        SourcedBar(
                            bar: bar, source: event.source, part: event.part,
                            isUnadjusted: isUnadjusted))
                }
            }
        }
        var (taken, conflicts, repeats) = SessionMerge.resolve(&bars)
        if taken.count > EventSchema.largestGroup {
            counts.beyondLargest += taken.count - EventSchema.largestGroup
            taken.removeLast(taken.count - EventSchema.largestGroup)
        }
        counts.conflicts += conflicts
        counts.repeats += repeats
        guard isSession(taken.count) else {
            counts.datesLeftOut += 1
            counts.barsLeftOut += taken.count
            return nil
        }
        close(taken)
        return SessionClosed(
            envelope: Envelope(
                knownAt: knownAt, recordedAt: knownAt, actor: .timeline, flags: flags),
            source: .zero, day: date.day, part: 0, conflicts: UInt32(conflicts),
            unadjusted: UInt32(taken.reduce(0) { $0 + ($1.isUnadjusted ? 1 : 0) }),
            adjustment: adjustments.count == 1 ? adjustments[0] : .mixed,
            bars: taken.map(\.bar))
    }

    /// One bar a ticker, ascending: of differing ones that of the smaller source digest.
    private static func resolve(_ bars: inout [SourcedBar]) -> ([SourcedBar], Int, Int) {
        bars.sort {
            if $0.bar.ticker != $1.bar.ticker { return $0.bar.ticker < $1.bar.ticker }
            if $0.source != $1.source { return $0.source < $1.source }
            return $0.part < $1.part
        }
        var taken: [SourcedBar] = []
        var (conflicts, repeats) = (0, 0)
        for bar in bars {
            if let kept = taken.last, kept.bar.ticker == bar.bar.ticker {
                if kept.bar == bar.bar { repeats += 1 } else { conflicts += 1 }
                continue
            }
            taken.append(bar)
        }
        return (taken, conflicts, repeats)
    }

    private func isSession(_ count: Int) -> Bool {
        guard counts.sessions > 0 else { return count > 0 }
        return 2 * count >= latestCounts.reduce(0, +)
    }

    private mutating func close(_ bars: [SourcedBar]) {
        let number = counts.sessions
        latestCounts.append(0)
        if latestCounts.count > SessionMerge.activeSessions { latestCounts.removeFirst() }
        let oldest = number - latestCounts.count + 1
        for bar in bars {
            if let last = lastSession[bar.bar.ticker], last >= oldest {
                latestCounts[last - oldest] -= 1
            }
            lastSession[bar.bar.ticker] = number
        }
        latestCounts[latestCounts.count - 1] = bars.count
        counts.sessions += 1
        counts.bars += bars.count
    }
}
