import EventLog
import Events
import Market

/// The market facts of a data log, sorted for a timeline; bars stay in the log, by position.
struct FactIndex {
    /// The SessionClosed events of one date.
    struct SessionDay {
        var day: Day
        var positions: [UInt64]
    }

    /// A fact other than bars: its place in the order of knowledge, and where its message is. The
    /// message itself stays in the log, so that an index of millions is small.
    struct Fact {
        var knownAt: Instant
        /// The kind's rank, then what the message is ordered by first: the bytes of its header that
        /// differ within a kind, its flags, and two bytes of its natural key.
        var order: UInt64
        /// The next eight bytes of the natural key.
        var prefix: UInt64
        /// A position in the log, or with the highest bit the number of a merged index close.
        var place: UInt64

        var rank: UInt64 { order >> 56 }
    }

    /// Dates with bars, ascending.
    private(set) var days: [SessionDay] = []
    /// All other facts in order of knowledge.
    private(set) var others: [Fact] = []
    /// Index closes outside their range, from before importers refused them.
    private(set) var indicesOutsideRange = 0
    /// Actions of which a source with a smaller digest says something else.
    private(set) var actionConflicts = 0
    /// Corporate actions.
    private(set) var actions = 0
    /// Those with a ratio or an amount, ascending by ex-date.
    private(set) var adjusting: [CorporateActionAnnounced] = []
    /// Whose sessions are the sessions; nil where bars alone decide.
    private(set) var calendar: ExchangeCalendar?
    private var chosen: DataSetting.Calendar?
    /// Sources of prices whose bars are taken before those of others, the first first.
    private(set) var preferred: [Digest] = []
    /// Changes of symbol, as a timeline has them.
    private(set) var symbolChanges: [CorporateActionAnnounced] = []
    /// Closes of index series and corporate actions, merged from those of several files.
    private var closes: [[UInt8]] = []
    /// The positions of the events that those were taken from.
    private var closePositions: [UInt64] = []
    /// The messages of models of other tools, by position: predictions name one.
    private var models: [UInt64: [UInt8]] = [:]
    private let log: EventLog
    /// Who reads them.
    private let reader: Reader
    /// Facts that are added to those of the log; their places have a bit of their own.
    private let added: MemoryLog?

    private static let isClose: UInt64 = 1 << 63
    private static let isAdded: UInt64 = 1 << 62

    /// Where an event that is merged with those of other files stands in the log.
    private struct Placed<Event> {
        var event: Event
        var place: UInt64
    }

    /// Reads a part of the log, without what an edit leaves out and with what it adds. `earlier`
    /// has read what comes before it.
    init(
        _ log: EventLog, from first: UInt64 = 1, through last: UInt64,
        _ edit: FactEdit = FactEdit(), behind earlier: FactIndex? = nil,
        for reader: Reader = .timeline
    ) throws {
        self.log = log
        self.reader = reader
        added = edit.added
        if let earlier {
            (chosen, calendar, preferred) = (earlier.chosen, earlier.calendar, earlier.preferred)
            models = earlier.models
        }
        var positions: [(day: Day, position: UInt64)] = []
        var indices: [Placed<IndexClosed>] = []
        var announced: [Placed<CorporateActionAnnounced>] = []
        guard last >= first || added != nil else { return }
        // Room that is not filled is not taken.
        others.reserveCapacity(Int(clamping: last - min(first - 1, last)))
        try log.read(from: first, through: last) { record in
            try take(record.message, at: record.position, edit, &positions, &indices, &announced)
            return .proceed
        }
        try added?.read { record in
            try take(
                record.message, at: record.position | FactIndex.isAdded, edit, &positions, &indices,
                &announced)
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
        for close in FactIndex.merged(indices) {
            try add(close.event, IndexClosed.templateID, from: close.place)
        }
        for action in merged(announced) {
            if action.event.kind == .symbolChange { symbolChanges.append(action.event) }
            try add(
                action.event.encoded(), CorporateActionAnnounced.templateID, from: action.place)
        }
        try sort()
    }

    /// Adds a fact that was made from those of several files.
    private mutating func add(
        _ message: [UInt8], _ template: UInt16, from position: UInt64
    ) throws {
        let rank = FactIndex.rank(template) ?? 0
        var fact = try FactIndex.fact(message.span.bytes, rank, template, at: 0)
        fact.place = FactIndex.isClose | UInt64(closes.count)
        closes.append(message)
        closePositions.append(position)
        others.append(fact)
    }

    /// The actions of each ticker, ex-date and kind from one source, the one with the smaller
    /// digest; what others say differently is counted.
    private mutating func merged(
        _ announced: [Placed<CorporateActionAnnounced>]
    ) -> [Placed<CorporateActionAnnounced>] {
        func key(_ event: CorporateActionAnnounced) -> (Day, Ticker, UInt8) {
            (event.exDay, event.ticker, event.kind.rawValue)
        }
        func content(_ event: CorporateActionAnnounced) -> (Double, Double, UInt64) {
            (event.ratio ?? 0, event.amount ?? 0, event.newTicker?.rawValue ?? 0)
        }
        let sorted = announced.sorted { left, right in
            let (one, other) = (left.event, right.event)
            if key(one) != key(other) { return key(one) < key(other) }
            return one.source != other.source
                ? one.source < other.source : content(one) < content(other)
        }
        var merged: [Placed<CorporateActionAnnounced>] = []
        var source: Digest?
        for placed in sorted {
            let event = placed.event
            let isSame = merged.last.map { key($0.event) == key(event) } ?? false
            if isSame, event.source != source {
                // Rounded by one and not by the other is no difference.
                let isKnown = merged.reversed().prefix { key($0.event) == key(event) }.contains {
                    FactIndex.agrees($0.event.ratio, event.ratio)
                        && FactIndex.agrees($0.event.amount, event.amount)
                        && $0.event.newTicker == event.newTicker
                }
                if !isKnown { actionConflicts += 1 }
                continue
            }
            if !isSame { source = event.source }
            var taken = event
            taken.source = .zero
            taken.envelope = Envelope(
                knownAt: event.envelope.knownAt, recordedAt: event.envelope.knownAt,
                actor: .timeline, flags: event.envelope.flags)
            merged.append(Placed(event: taken, place: placed.place))
        }
        actions = merged.count
        adjusting = merged.map(\.event).filter { $0.ratio != nil || $0.amount != nil }
        return merged
    }

    /// The actions whose ex-date a session is, or a day after the session before it.
    func due(_ day: Day, after last: Day) -> ArraySlice<CorporateActionAnnounced> {
        let start = adjusting.firstIndex { $0.exDay > last } ?? adjusting.endIndex
        return adjusting[start...].prefix { $0.exDay <= day }
    }

    private static func agrees(_ one: Double?, _ other: Double?) -> Bool {
        guard let one, let other else { return one == other }
        return (one - other).magnitude <= 1e-3 * max(one.magnitude, other.magnitude)
    }

    /// Takes an event of the log, or one that is added.
    private mutating func take(
        _ message: RawSpan, at place: UInt64, _ edit: FactEdit,
        _ positions: inout [(day: Day, position: UInt64)],
        _ indices: inout [Placed<IndexClosed>],
        _ announced: inout [Placed<CorporateActionAnnounced>]
    ) throws {
        if !edit.positions.isEmpty, edit.positions.contains(place) { return }
        let template = try MessageHeader(message).templateID
        switch template {
        case SessionClosed.templateID:
            positions.append((try SessionClosedView(message).day, place))
        case IndexClosed.templateID:
            let close = IndexClosed(try IndexClosedView(message))
            let range = InputRange.indexLevel
            if range.contains(close.close), range.contains(close.adjustedClose ?? close.close) {
                indices.append(Placed(event: close, place: place))
            } else {
                indicesOutsideRange += 1
            }
        case CorporateActionAnnounced.templateID:
            announced.append(
                Placed(event: try CorporateActionAnnounced(message: message), place: place))
        case ConfigurationChanged.templateID:
            let setting = try ConfigurationChanged(message: message)
            if let sources = DataSetting.preferred(setting) { preferred = sources }
            if let chosen = try DataSetting.calendar(setting) {
                guard self.chosen == nil || self.chosen == chosen else {
                    throw DataSettingError.twoCalendars
                }
                (self.chosen, calendar) = (chosen, chosen.table)
            }
        default:
            guard let rank = FactIndex.rank(template), try FactIndex.isFact(message, template),
                reader.reads(template),
                try !edit.leavesOut(message, { try FactIndex.message(message, template) })
            else { return }
            if template == ModelImported.templateID {
                models[place] = try FactIndex.message(message, template)
            }
            if template == PredictionsImported.templateID {
                let named = try PredictionsImportedView(message).model
                guard models[named.position] != nil else { return }
            }
            others.append(try FactIndex.fact(message, rank, template, at: place))
        }
    }

    /// The position in the log of a fact; of one that was merged from several files that of the
    /// event that was taken.
    func position(of fact: Fact) -> UInt64 {
        fact.place & FactIndex.isClose == 0
            ? fact.place : closePositions[Int(fact.place & ~FactIndex.isClose)]
    }

    /// Leaves out what a live run was moved already, or cannot be.
    mutating func drop(
        _ isDropped: (Fact) throws -> Bool, days isDroppedDay: (Day) -> Bool
    ) rethrows {
        try others.removeAll(where: isDropped)
        days.removeAll { isDroppedDay($0.day) }
    }

    /// The first position that has not been moved; nil where all are.
    var firstPosition: UInt64? {
        let first = others.map { position(of: $0) }.min()
        let bars = days.flatMap(\.positions).min()
        return [first, bars].compactMap { $0 }.min()
    }

    /// Puts a fact that became known to a live run later than to the world at its instant there.
    mutating func postpone(to instant: Instant) throws {
        var isLater = false
        for index in others.indices where others[index].knownAt < instant {
            others[index].knownAt = instant
            isLater = true
        }
        if isLater { try sort() }
    }

    /// Lends the event at a place.
    func event(at place: UInt64, _ body: (borrowing Record) throws -> Void) throws {
        guard place & FactIndex.isAdded != 0 else {
            _ = try log.record(at: place, body)
            return
        }
        let position = place & ~FactIndex.isAdded
        try added?.read(from: position, through: position) { record in
            try body(record)
            return .stop
        }
    }

    /// Puts the facts in order of knowledge: by what is kept of each, and by the messages where
    /// that is equal.
    private mutating func sort() throws {
        var sorted: [Fact] = []
        swap(&sorted, &others)
        try sorted.sort { left, right in
            if left.knownAt != right.knownAt { return left.knownAt < right.knownAt }
            if left.rank != right.rank { return left.rank < right.rank }
            if left.rank != FactIndex.rankOfPredictions {
                if left.order != right.order { return left.order < right.order }
                if left.prefix != right.prefix { return left.prefix < right.prefix }
            }
            return try precedes(left, right)
        }
        others = sorted
    }

    private static let rankOfPredictions = UInt64(rank(PredictionsImported.templateID) ?? 0)

    /// The message of a fact as a timeline has it, and of predictions that of their model.
    func message(of fact: Fact) throws -> (message: [UInt8], model: [UInt8]) {
        if fact.place & FactIndex.isClose != 0 {
            return (closes[Int(fact.place & ~FactIndex.isClose)], [])
        }
        var found: (message: [UInt8], model: [UInt8]) = ([], [])
        try event(at: fact.place) { record in
            let template = try MessageHeader(record.message).templateID
            found.message = try FactIndex.message(record.message, template)
            if template == PredictionsImported.templateID {
                let named = try PredictionsImportedView(record.message).model
                found.model = models[named.position] ?? []
            }
        }
        return found
    }

    /// The model of predictions, then the message's own bytes: its natural key comes first in it.
    private func precedes(_ left: Fact, _ right: Fact) throws -> Bool {
        let (one, other) = (try message(of: left), try message(of: right))
        if one.model != other.model { return one.model.lexicographicallyPrecedes(other.model) }
        return one.message.lexicographicallyPrecedes(other.message)
    }

    /// What is kept of a fact.
    private static func fact(
        _ message: RawSpan, _ rank: Int, _ template: UInt16, at position: UInt64
    ) throws -> Fact {
        let knownAt = try Envelope(message: message).knownAt
        guard !isOfLiveRun(template) else {
            return Fact(
                knownAt: knownAt, order: UInt64(rank) << 56, prefix: position, place: position)
        }
        let isAsItIs = ![
            ModelPromoted.templateID, ModelRolledBack.templateID, PredictionsImported.templateID,
        ].contains(template)
        let (order, prefix) =
            isAsItIs
            ? place(message, rank)
            : try FactIndex.message(message, template).withUnsafeBytes {
                place(RawSpan(_unsafeBytes: $0), rank)
            }
        return Fact(knownAt: knownAt, order: order, prefix: prefix, place: position)
    }

    /// What orders a message within its instant and kind before all else, most significant first:
    /// block length and version as their bytes stand, flags, ten bytes of the natural key. All
    /// bytes before and between are equal in a timeline.
    private static func place(_ message: RawSpan, _ rank: Int) -> (order: UInt64, prefix: UInt64) {
        func byte(_ offset: Int) -> UInt64 {
            offset < message.byteCount
                ? UInt64(message.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) : 0
        }
        var order = UInt64(rank)
        for offset in [0, 1, 6, 7, 51, 56, 57] { order = order << 8 | byte(offset) }
        var prefix: UInt64 = 0
        for offset in 58..<66 { prefix = prefix << 8 | byte(offset) }
        return (order, prefix)
    }

    /// One close a series and day: of differing ones that of the smaller source digest.
    private static func merged(_ indices: [Placed<IndexClosed>]) -> [Placed<[UInt8]>] {
        let sorted = indices.sorted { left, right in
            let (one, other) = (left.event, right.event)
            return (one.series.rawValue, one.day, one.source)
                < (other.series.rawValue, other.day, other.source)
        }
        var merged: [Placed<IndexClosed>] = []
        for var placed in sorted {
            placed.event.source = .zero
            let event = placed.event
            if let kept = merged.last?.event, kept.series == event.series, kept.day == event.day {
                if kept.close != event.close || kept.adjustedClose != event.adjustedClose {
                    merged[merged.count - 1].event.conflicts += 1
                }
                continue
            }
            merged.append(placed)
        }
        return merged.map { placed in
            var event = placed.event
            event.envelope = Envelope(
                knownAt: event.envelope.knownAt, recordedAt: event.envelope.knownAt,
                actor: .timeline, flags: event.envelope.flags)
            var buffer = EventBuffer()
            event.encode(into: &buffer)
            return Placed<[UInt8]>(event: buffer.copyBytes(), place: placed.place)
        }
    }
}
