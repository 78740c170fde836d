public import EventLog
import Events
import Market

/// Merges the bars of one date from all files, and decides whether the date is a session.
///
/// Where the data folder follows an exchange's calendar, a session is one of its dates. Without, it
/// is a date on which at least half of the tickers active in the previous 20 sessions
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
        /// Corporate actions.
        public var actions = 0
        /// Actions left out because the prices of their instrument are adjusted for them.
        public var actionsInPrices = 0
        /// Actions of which a source with a smaller digest says something else.
        public var actionConflicts = 0
        /// Changes of symbol that were followed.
        public var symbolChanges = 0
        /// Changes of symbol that bars do not bear out: the new symbol was traded before, or the
        /// old one was not.
        public var symbolChangesLeftOut = 0
    }

    /// Counts so far.
    public private(set) var counts = Counts()

    /// What is strange about the bars so far.
    private(set) var quality = PriceQuality()
    private var jumps = JumpFinder()
    private var lastDay: Day?

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
        var adjustment: Adjustment
    }

    /// The session of a date, nil when too few tickers have a bar.
    mutating func merge(
        _ date: FactIndex.SessionDay, _ facts: FactIndex, _ instruments: inout Instruments
    ) throws -> SessionClosed? {
        instruments.begin(date.day)
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
                for var bar in event.bars {
                    guard InputRange.holds(bar),
                        let ticker = instruments.instrument(ofBar: bar.ticker, on: date.day)
                    else {
                        counts.outsideRange += 1
                        continue
                    }
                    bar.ticker = ticker
                    bars.append(
                        SourcedBar(
                            bar: bar, source: event.source, part: event.part,
                            adjustment: event.adjustment))
                }
            }
        }
        var (taken, conflicts, repeats) = resolve(&bars, on: date.day, facts.preferred)
        if taken.count > EventSchema.largestGroup {
            counts.beyondLargest += taken.count - EventSchema.largestGroup
            taken.removeLast(taken.count - EventSchema.largestGroup)
        }
        counts.conflicts += conflicts
        counts.repeats += repeats
        guard try isSession(date.day, taken.count, facts.calendar) else {
            counts.datesLeftOut += 1
            counts.barsLeftOut += taken.count
            return nil
        }
        close(taken)
        let actions = facts.due(date.day, after: lastDay ?? date.day - 1)
        lastDay = date.day
        for bar in taken {
            instruments.note(bar.bar.ticker, bar.adjustment)
            find(bar, date.day, actions, instruments)
        }
        quality.note(jumps.end())
        instruments.endSession()
        let adjustment = adjustments.count == 1 ? adjustments[0] : Adjustment.mixed
        let unadjusted = taken.count { $0.adjustment != .splitsAndDividends }
        quality.bars += taken.count
        if adjustment != .splits { quality.unadjustedBars += unadjusted }
        return SessionClosed(
            envelope: Envelope(
                knownAt: knownAt, recordedAt: knownAt, actor: .timeline, flags: flags),
            source: .zero, day: date.day, part: 0, conflicts: UInt32(conflicts),
            unadjusted: UInt32(unadjusted), adjustment: adjustment,
            bars: taken.map(\.bar))
    }

    /// Compares a bar with the one before, with the actions of its day taken out as far as its
    /// prices are not adjusted for them.
    private mutating func find(
        _ bar: SourcedBar, _ day: Day, _ actions: ArraySlice<CorporateActionAnnounced>,
        _ instruments: borrowing Instruments
    ) {
        var change = ShareChange(slot: 0, ticker: bar.bar.ticker, previousClose: 1)
        if bar.adjustment != .splitsAndDividends {
            for action in actions
            where instruments.instrument(action.ticker, at: Instant(action.exDay, hour: 5))
                == bar.bar.ticker
            {
                if action.kind == .split, bar.adjustment == .splits { continue }
                AnnouncedAction(action).add(to: &change)
            }
        }
        jumps.take(
            bar.bar.ticker, day, open: bar.bar.open, close: bar.bar.close, split: change.split,
            dividend: change.dividend)
    }

    /// One bar a ticker, ascending: of differing ones that of a preferred source, else that of the
    /// smaller source digest.
    private mutating func resolve(
        _ bars: inout [SourcedBar], on day: Day, _ preferred: [Digest]
    ) -> ([SourcedBar], Int, Int) {
        func rank(_ source: Digest) -> Int {
            preferred.isEmpty ? 0 : preferred.firstIndex(of: source) ?? preferred.count
        }
        bars.sort {
            if $0.bar.ticker != $1.bar.ticker { return $0.bar.ticker < $1.bar.ticker }
            if rank($0.source) != rank($1.source) { return rank($0.source) < rank($1.source) }
            if $0.source != $1.source { return $0.source < $1.source }
            return $0.part < $1.part
        }
        var taken: [SourcedBar] = []
        var (conflicts, repeats) = (0, 0)
        for bar in bars {
            if let kept = taken.last, kept.bar.ticker == bar.bar.ticker {
                if kept.bar == bar.bar {
                    repeats += 1
                } else {
                    conflicts += 1
                    quality.conflicts.note(
                        kept.bar.ticker, day, kept: kept.bar.close, other: bar.bar.close)
                }
                continue
            }
            taken.append(bar)
        }
        return (taken, conflicts, repeats)
    }

    /// The bars of a data log that differ between its sources.
    public static func conflicts(in log: EventLog) throws -> SourceConflicts {
        var positions: [(day: Day, position: UInt64)] = []
        var preferred: [Digest] = []
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case SessionClosed.templateID:
                positions.append((try SessionClosedView(record.message).day, record.position))
            case ConfigurationChanged.templateID:
                let setting = try ConfigurationChanged(message: record.message)
                if let sources = DataSetting.preferred(setting) { preferred = sources }
            default: break
            }
            return .proceed
        }
        positions.sort { ($0.day, $0.position) < ($1.day, $1.position) }
        var merge = SessionMerge()
        var start = 0
        while start < positions.count {
            let day = positions[start].day
            var end = start + 1
            while end < positions.count, positions[end].day == day { end += 1 }
            if end - start > 1 {
                var bars: [SourcedBar] = []
                for index in start..<end {
                    _ = try log.record(at: positions[index].position) { record in
                        let event = try SessionClosed(message: record.message)
                        bars += event.bars.map {
                            SourcedBar(
                                bar: $0, source: event.source, part: event.part,
                                adjustment: event.adjustment)
                        }
                    }
                }
                _ = merge.resolve(&bars, on: day, preferred)
            }
            start = end
        }
        return merge.quality.conflicts
    }

    /// All facts are in order: what is counted of others than bars.
    mutating func end(_ facts: FactIndex, _ instruments: borrowing Instruments, dropped: Int) {
        counts.outsideRange += facts.indicesOutsideRange
        (counts.actions, counts.actionsInPrices) = (facts.actions - dropped, dropped)
        counts.actionConflicts = facts.actionConflicts
        (counts.symbolChanges, counts.symbolChangesLeftOut) = (
            instruments.changed, instruments.unchanged
        )
        quality.actions = counts.actions
        quality.calendar = facts.calendar?.name ?? ""
        (quality.datesLeftOut, quality.barsLeftOut) = (counts.datesLeftOut, counts.barsLeftOut)
    }

    /// Whether a date is a session: by the calendar, or without one by its number of bars.
    private func isSession(
        _ day: Day, _ count: Int, _ calendar: ExchangeCalendar?
    ) throws(CalendarError) -> Bool {
        if let calendar { return try calendar.isSession(day) && count > 0 }
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
