import Events
import Learning

/// Finds the session after which a label may be used, by another way than the simulator's.
///
/// It knows which sessions had a bar of a ticker, and which of those bars traded, but no price: the
/// moment of maturity depends on nothing else. It shares no code with the label book on purpose.
struct MaturityReader: Sendable {
    private let rules: LabelRules
    private let rangeSessions: Int
    private let sessions: SessionCalendar
    private var bars = Lookup<Ticker, [BarMark]>()

    /// A session in which a ticker had a bar, and whether it traded, in four bytes: a reader holds
    /// one of every bar.
    private struct BarMark: Sendable {
        private let word: UInt32

        var session: Int { Int(word >> 1) }
        var isTraded: Bool { word & 1 == 1 }

        init(session: Int, isTraded: Bool) {
            word = UInt32(session) << 1 | (isTraded ? 1 : 0)
        }
    }

    /// A reader without bars.
    init(_ sessions: SessionCalendar, _ rules: LabelRules, rangeSessions: Int) {
        (self.sessions, self.rules, self.rangeSessions) = (sessions, rules, rangeSessions)
    }

    /// Notes a session's bars.
    mutating func take(_ event: borrowing SessionClosedView) {
        guard let number = sessions.number(of: event.day) else { return }
        let rows = event.bars
        for index in 0..<rows.count {
            let row = rows[index]
            bars[row.ticker, default: []].append(
                BarMark(session: number, isTraded: row.volume > 0))
        }
    }

    /// Number of the session after whose close the label of a decision may be used, or is known not
    /// to come; nil when the timeline ends before.
    func maturity(_ ticker: Ticker, decidedOn day: Day) -> Int? {
        guard let decided = sessions.number(of: day) else { return nil }
        let entry = decided + 1
        guard entry < sessions.days.count else { return nil }
        let marks = bars[ticker] ?? []
        let known = MaturityReader.count(marks, through: decided)
        guard known < marks.count, marks[known].session == entry, marks[known].isTraded,
            rules.stopMultiple == 0 || known > rangeSessions
        else { return entry }
        return end(marks[(known + 1)...], entry)
    }

    /// How many marks are of a session or of one before it.
    private static func count(_ marks: [BarMark], through session: Int) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].session <= session { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the timeout fills, or the price is missed for too long.
    private func end(_ marks: ArraySlice<BarMark>, _ entry: Int) -> Int? {
        let due = firstDue(entry)
        var last = entry
        for mark in marks {
            let session = mark.session
            if let missed = missed(from: last, before: session) { return missed }
            if mark.isTraded, let due, session >= due { return session }
            last = session
        }
        return missed(from: last, before: sessions.days.count)
    }

    /// The session, before another, in which a price has been missed for too long.
    private func missed(from last: Int, before bound: Int) -> Int? {
        guard rules.noPriceSessions > 0 else { return nil }
        let session = last + rules.noPriceSessions
        return session < bound ? session : nil
    }

    /// The first session at whose open the timeout may fill; nil beyond the timeline.
    private func firstDue(_ entry: Int) -> Int? {
        if rules.kind == .horizon { return entry + LabelRules.horizonSessions }
        let first = sessions.days[entry] + rules.timeoutDays
        let over = sessions.days[entry...].firstIndex { $0 >= first }
        return over.map { $0 + 1 }
    }
}
