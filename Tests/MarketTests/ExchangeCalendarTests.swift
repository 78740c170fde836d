import Digests
import Events
import Market
import Testing

@Suite("The exchange's calendar")
struct ExchangeCalendarTests {
    private let xnys = ExchangeCalendar.xnys

    private func day(_ text: String) -> Day { Day(text)! }

    @Test(
        "a date is what the exchange made of it",
        arguments: [
            ("1990-01-01", .holiday), ("1990-01-02", .session(closingHour: 16)),
            ("1990-12-24", .session(closingHour: 14)), ("1992-11-27", .session(closingHour: 14)),
            // Martin Luther King's day is one since 1998, Juneteenth since 2022.
            ("1997-01-20", .session(closingHour: 16)), ("1998-01-19", .holiday),
            ("2021-06-18", .session(closingHour: 16)), ("2022-06-20", .holiday),
            // The first of January on a Saturday is not made up for on the Friday before.
            ("1999-12-31", .session(closingHour: 13)), ("2010-12-31", .session(closingHour: 16)),
            ("2023-01-02", .holiday), ("2024-03-29", .holiday),
            // The fourth of July on a Thursday, and on a Saturday.
            ("2013-07-03", .session(closingHour: 13)), ("2020-07-03", .holiday),
            ("2019-11-29", .session(closingHour: 13)), ("2018-12-24", .session(closingHour: 13)),
            ("2021-09-04", .weekend), ("2021-09-05", .weekend), ("2021-09-06", .holiday),
            ("2028-12-29", .session(closingHour: 16)), ("2028-12-31", .weekend),
        ] as [(String, ExchangeCalendar.DateKind)])
    func kinds(date: String, kind: ExchangeCalendar.DateKind) throws {
        #expect(try xnys.kind(of: day(date)) == kind)
        var isSession = false
        if case .session = kind { isSession = true }
        #expect(try xnys.isSession(day(date)) == isSession)
    }

    @Test("closures that nobody planned, each and no other")
    func unplanned() throws {
        var found: [String] = []
        var day = day("1990-01-01")
        while day <= self.day("2028-12-31") {
            if try xnys.kind(of: day) == .unplannedClosure { found.append("\(day)") }
            day = day + 1
        }
        #expect(
            found == [
                "1994-04-27",  // mourning for Richard Nixon
                "2001-09-11", "2001-09-12", "2001-09-13", "2001-09-14",  // the attacks
                "2004-06-11",  // mourning for Ronald Reagan
                "2007-01-02",  // mourning for Gerald Ford
                "2012-10-29", "2012-10-30",  // hurricane Sandy
                "2018-12-05",  // mourning for George Bush
                "2025-01-09",  // mourning for Jimmy Carter
            ])
    }

    @Test(
        "the sessions before and after a date, over weekends, holidays and closures",
        arguments: [
            ("1990-01-02", nil, "1990-01-03"), ("2001-09-10", "2001-09-07", "2001-09-17"),
            ("2001-09-13", "2001-09-10", "2001-09-17"), ("2012-10-28", "2012-10-26", "2012-10-31"),
            ("2021-12-24", "2021-12-23", "2021-12-27"), ("2020-07-03", "2020-07-02", "2020-07-06"),
            ("2021-02-15", "2021-02-12", "2021-02-16"), ("2028-12-29", "2028-12-28", nil),
            ("2028-12-31", "2028-12-29", nil), ("1990-01-01", nil, "1990-01-02"),
        ] as [(String, String?, String?)])
    func neighbours(date: String, before: String?, after: String?) throws {
        if let before {
            #expect(try xnys.session(before: day(date)) == day(before))
        } else {
            #expect(throws: CalendarError.self) { try xnys.session(before: day(date)) }
        }
        if let after {
            #expect(try xnys.session(after: day(date)) == day(after))
        } else {
            #expect(throws: CalendarError.self) { try xnys.session(after: day(date)) }
        }
    }

    @Test(
        "a session closes at 16:00 in New York, early on short days, by the clocks of its year",
        arguments: [
            ("1990-01-02", "1990-01-02T21:00:00Z"), ("1990-12-24", "1990-12-24T19:00:00Z"),
            // From the first Sunday of April to the last of October.
            ("1990-03-30", "1990-03-30T21:00:00Z"), ("1990-04-02", "1990-04-02T20:00:00Z"),
            ("1990-10-26", "1990-10-26T20:00:00Z"), ("1990-10-29", "1990-10-29T21:00:00Z"),
            ("2006-03-31", "2006-03-31T21:00:00Z"), ("2006-04-03", "2006-04-03T20:00:00Z"),
            ("2006-10-27", "2006-10-27T20:00:00Z"), ("2006-10-30", "2006-10-30T21:00:00Z"),
            // From the second Sunday of March to the first of November.
            ("2007-03-09", "2007-03-09T21:00:00Z"), ("2007-03-12", "2007-03-12T20:00:00Z"),
            ("2007-11-02", "2007-11-02T20:00:00Z"), ("2007-11-05", "2007-11-05T21:00:00Z"),
            ("2015-03-06", "2015-03-06T21:00:00Z"), ("2015-03-09", "2015-03-09T20:00:00Z"),
            ("2015-10-30", "2015-10-30T20:00:00Z"), ("2015-11-02", "2015-11-02T21:00:00Z"),
            // Short days on both sides.
            ("2013-07-03", "2013-07-03T17:00:00Z"), ("2019-11-29", "2019-11-29T18:00:00Z"),
            ("2028-07-03", "2028-07-03T17:00:00Z"), ("2028-12-29", "2028-12-29T21:00:00Z"),
        ])
    func closes(date: String, close: String) throws {
        #expect(try xnys.close(of: day(date)).description == close)
    }

    @Test(
        "what is no session has no close",
        arguments: ["2021-09-05", "2021-09-06", "2001-09-11"])
    func noClose(date: String) {
        #expect(throws: CalendarError.noSession(day(date), calendar: "XNYS")) {
            try xnys.close(of: day(date))
        }
        #expect(throws: CalendarError.noSession(day(date), calendar: "XNYS")) {
            try xnys.isKnown(at: .epoch, beforeCloseOf: day(date))
        }
    }

    @Test(
        "known before the real close is before it by a nanosecond, on short days and in summer too",
        arguments: [
            ("2021-01-04", "2021-01-04T21:00:00Z"), ("2021-07-06", "2021-07-06T20:00:00Z"),
            ("2021-11-26", "2021-11-26T18:00:00Z"),
        ])
    func known(date: String, close: String) throws {
        let close = Instant(close)!
        func isKnown(_ instant: Instant) throws -> Bool {
            try xnys.isKnown(at: instant, beforeCloseOf: day(date))
        }
        #expect(try isKnown(close.adding(nanoseconds: -1)) && isKnown(.epoch))
        #expect(try !isKnown(close) && !isKnown(close.adding(nanoseconds: 1)))
    }

    @Test(
        "a date outside of its years is an error that names the way out, whatever is asked",
        arguments: ["1989-12-31", "2029-01-01", "1970-01-01", "2262-04-11"])
    func outside(date: String) {
        let day = day(date)
        let expected = CalendarError.outside(day, calendar: "XNYS", years: 1990...2028)
        #expect(throws: expected) { try xnys.kind(of: day) }
        #expect(throws: expected) { try xnys.isSession(day) }
        #expect(throws: expected) { try xnys.session(after: day) }
        #expect(throws: expected) { try xnys.session(before: day) }
        #expect(throws: expected) { try xnys.close(of: day) }
        #expect(throws: expected) { try xnys.isKnown(at: .epoch, beforeCloseOf: day) }
        #expect("\(expected)".contains("--calendar none") && "\(expected)".contains(date))
        #expect("\(expected)".contains("1990 to 2028"))
    }

    /// Made by `Tools/exchange-calendars.py --digest` with exchange_calendars 4.13.2, and by no
    /// code of ours: the sessions of each year from 1990 to 2028, and the SHA-256 of the lines
    /// that `--closes` prints.
    private static let golden = (
        sessions: [
            253, 253, 254, 253, 252, 252, 254, 253, 252, 252, 252, 248, 252, 252, 252, 252, 251,
            251, 253, 252, 252, 252, 250, 252, 252, 252, 252, 251, 251, 252, 253, 252, 251, 250,
            252, 250, 251, 251, 251,
        ],
        closes: "9b90ca2cacaea6ed1d7023aa90aa11adcd96e8218c5aba63dadbedf68b4ac1ad"
    )

    /// A line for each session, its date and its close, found by going from one to the next.
    static func lines() throws -> [String] { try walk.get() }

    private static let walk = Result { try found() }

    private static func found() throws -> [String] {
        let xnys = ExchangeCalendar.xnys
        var lines: [String] = []
        var session = Day("1990-01-02")!
        let last = Day("2028-12-29")!
        while session <= last {
            lines.append("\(session) \(try xnys.close(of: session))\n")
            if session == last { break }
            session = try xnys.session(after: session)
        }
        return lines
    }

    @Test("all sessions and closes of 39 years are those of another implementation")
    func digest() throws {
        let lines = try Self.lines()
        let counts = (1990...2028).map { year in
            lines.reduce(0) { $0 + ($1.hasPrefix("\(year)-") ? 1 : 0) }
        }
        #expect(counts == Self.golden.sessions)
        #expect("\(SHA256.hash(lines.joined()))" == Self.golden.closes)
    }

    @Test("going back over all sessions meets the same ones, and each date asked alone agrees")
    func consistent() throws {
        let forth = try Self.lines().map { Day(String($0.prefix(10)))! }
        var back = [day("2028-12-29")]
        while let session = back.last, session > forth[0] {
            back.append(try xnys.session(before: session))
        }
        #expect(back.reversed() == forth)
        var alone: [Day] = []
        var day = day("1990-01-01")
        while day <= self.day("2028-12-31") {
            if try xnys.isSession(day) { alone.append(day) }
            day = day + 1
        }
        #expect(alone == forth)
    }

    /// Bars on each weekday of a year, but for those that are left out.
    private func weekdays(of year: Int, without closed: Int) -> [(day: Day, bars: Int)] {
        let first = Day(year: year, month: 1, day: 1)!
        var left = closed
        return (0..<365).compactMap { number -> (day: Day, bars: Int)? in
            let day = first + number
            guard day.isoWeekday < 6 else { return nil }
            if left > 0, (try? ExchangeCalendar.xnys.isSession(day)) == false {
                left -= 1
                return nil
            }
            return (day, 100)
        }
    }

    @Test("bars on most of its holidays are another market's; on a few of them they are strays")
    func contradicted() throws {
        let xnys = ExchangeCalendar.xnys
        // Nine holidays in 2019.
        #expect(try xnys.contradicts(weekdays(of: 2019, without: 0)))
        #expect(try xnys.contradicts(weekdays(of: 2019, without: 4)))
        #expect(try !xnys.contradicts(weekdays(of: 2019, without: 5)))
        #expect(try !xnys.contradicts([]))
        // A bar of one ticker of a hundred on each of them, and two holidays in all.
        let strays = weekdays(of: 2019, without: 0).map { date in
            (date.day, (try? xnys.isSession(date.day)) == false ? 1 : 100)
        }
        #expect(try !xnys.contradicts(strays))
        #expect(try !xnys.contradicts(Array(weekdays(of: 2019, without: 0).prefix(30))))
        #expect(throws: CalendarError.self) {
            try xnys.contradicts([(Day(year: 1989, month: 12, day: 29)!, 1)])
        }
    }
}
