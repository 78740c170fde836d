import EventLog
import Events
import TestKit
import Testing

@Suite("As of")
struct AsOfTests {
    private let folder = TemporaryFolder()

    @Test("reads what people write")
    func text() throws {
        let written: [(String, AsOf.Moment)] = [
            ("1234", .position(1_234)), ("0", .position(0)), ("t123", .event(.timeline(123))),
            ("r45", .event(.own(45))), ("2018-06-30", .day(Day("2018-06-30")!)),
            ("2018-07-01T03:00:00Z", .instant(Instant("2018-07-01T03:00:00Z")!)),
            ("end", .end), ("9223372036854775807", .position((1 << 63) - 1)),
        ]
        for (text, moment) in written {
            let asOf = try AsOf(text)
            #expect(asOf == AsOf(moment, by: .knowledge), "\(text)")
            #expect("\(asOf)" == text)
            #expect(try AsOf(text, by: .recorded) == AsOf(moment, by: .recorded))
        }
    }

    @Test(
        "refuses what is no moment, and says what to write",
        arguments: [
            "", " ", "r", "t0", "r0", "r-1", "-1", "+1", "1.5", "r1x", "x1", "2018-02-30",
            "2018-6-30", "30.06.2018", "2018-07-01T03:00", "yesterday", "R45", "r 45",
            "9223372036854775808", "r9223372036854775808", "99999999999999999999",
        ])
    func refusals(text: String) throws {
        let error = #expect(throws: AsOfError.unreadable(text)) { try AsOf(text) }
        #expect("\(try #require(error))".contains("2018-06-30"))
    }

    @Test("every position and every event of drawn interleavings", arguments: 31...36)
    func everyEvent(seed: UInt64) throws {
        let drawn = Interleaving(seed: seed)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        var walk = merged.cursor()
        #expect(try merged.position(AsOf(.position(0))) == .start)
        #expect(try merged.event(at: .start) == .none)
        for (index, reference) in drawn.order.enumerated() {
            _ = try walk.next()
            let position = walk.position
            #expect(try merged.position(AsOf(.position(UInt64(index + 1)))) == position)
            #expect(try merged.position(AsOf(.event(reference))) == position)
            #expect(try merged.event(at: position) == reference)
        }
        #expect(try merged.position(.end) == walk.position)
    }

    @Test("what is not there is refused, with where the log ends")
    func beyond() throws {
        let drawn = Interleaving(seed: 37)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        let end = try merged.end()
        let moments: [AsOf.Moment] = [
            .position(end.position + 1), .event(.own(61)), .event(.timeline(end.timeline + 1)),
        ]
        for moment in moments {
            let error = #expect(throws: AsOfError.beyond(AsOf(moment), end: end)) {
                try merged.position(AsOf(moment))
            }
            #expect("\(try #require(error))".contains("the run ends with r60"))
        }
        let alone = MergedLog(run)
        #expect(throws: AsOfError.noTimeline(AsOf(.event(.timeline(1))))) {
            try alone.position(AsOf(.event(.timeline(1))))
        }
        let error = #expect(throws: AsOfError.self) {
            try alone.position(AsOf(.event(.own(61))))
        }
        #expect("\(try #require(error))".contains("the log ends with r60"))
    }

    @Test("an instant is before the first event that is later", arguments: 41...46)
    func instants(seed: UInt64) throws {
        let drawn = Interleaving(seed: seed)
        let (run, timeline) = try drawn.logs(folder)
        let merged = MergedLog(run, over: timeline)
        let last = drawn.time(drawn.order.last!)
        for instant in -1...last + 2 {
            let count = drawn.order.firstIndex { drawn.time($0) > instant } ?? drawn.order.count
            for clock in [AsOf.Clock.knowledge, .recorded] {
                let asOf = AsOf(.instant(Instant(rawValue: instant)), by: clock)
                let position = try merged.position(asOf)
                #expect(position.position == UInt64(count), "\(drawn), \(instant)")
                #expect(position == (try merged.position(UInt64(count))))
            }
        }
        #expect(try merged.position(AsOf(.instant(Instant(rawValue: .min)))) == .start)
        #expect(try merged.position(AsOf(.instant(Instant(rawValue: .max)))) == merged.end())
    }

    /// A run over two sessions: Friday 2021-01-08 and Monday 2021-01-11, as a loop decides on them.
    private func weekend() throws -> MergedLog {
        let (friday, monday) = (Day("2021-01-08")!, Day("2021-01-11")!)
        func fact(_ number: UInt64, _ instant: Instant) -> [UInt8] {
            Interleaving.message(.timeline(number), at: instant.rawValue)
        }
        func event(_ number: UInt64, _ instant: Instant, _ through: UInt64) -> [UInt8] {
            Interleaving.message(.own(number), at: instant.rawValue, through: through)
        }
        let timeline = try Interleaving.log(
            "\(folder.path)/timeline", .timeline,
            [
                fact(1, Instant(friday, hour: 21)), fact(2, Instant(friday + 1, hour: 5)),
                fact(3, Instant(friday + 2, hour: 5)), fact(4, Instant(monday, hour: 21)),
            ])
        let run = try Interleaving.log(
            "\(folder.path)/run", .run,
            [
                event(1, Instant(friday, hour: 21), 1),
                event(2, Instant(friday + 1, hour: 5, minute: 30), 2),
                event(3, Instant(friday + 2, hour: 2), 2),
                event(4, Instant(monday, hour: 21), 4),
                event(5, Instant(monday + 1, hour: 5, minute: 30), 4),
            ])
        return MergedLog(run, over: timeline)
    }

    @Test("a date is after the cycle of its session, a day of the weekend after 05:30 of the next")
    func dates() throws {
        let merged = try weekend()
        let expected: [(String, own: UInt64, timeline: UInt64)] = [
            ("2021-01-07", 0, 0),  // Before the first.
            ("2021-01-08", 2, 2),  // Friday: its close and Saturday's 05:30.
            ("2021-01-09", 3, 3),  // Saturday: Sunday's job and filing.
            ("2021-01-10", 3, 3),  // Sunday: Monday has brought nothing by 05:30.
            ("2021-01-11", 5, 4),  // Monday.
            ("2022-01-01", 5, 4),  // After the last.
        ]
        for (text, own, timeline) in expected {
            let position = try merged.position(AsOf(text))
            #expect(position == MergedPosition(own: own, timeline: timeline), "\(text)")
        }
    }

    @Test("an instant includes its own events and none a nanosecond later")
    func exactInstants() throws {
        let merged = try weekend()
        let cycle = Instant("2021-01-09T05:30:00Z")!
        #expect(AsOf.cycle(of: Day("2021-01-08")!) == cycle)
        let before = Instant(rawValue: cycle.rawValue - 1)
        #expect(
            try merged.position(AsOf(.instant(cycle))) == MergedPosition(own: 2, timeline: 2))
        #expect(
            try merged.position(AsOf(.instant(before))) == MergedPosition(own: 1, timeline: 2))
        // Known between two events of the run: the fact alone.
        #expect(
            try merged.position(AsOf("2021-01-09T05:00:00Z"))
                == MergedPosition(own: 1, timeline: 2))
    }

    @Test("a data log by knowledge stops before the first later fact, by recording at its time")
    func dataLog() throws {
        let identity = LogIdentity(kind: .data, logID: .zero, schemaVersion: 0)
        let log = try EventLog.create(at: "\(folder.path)/data", identity: identity)
        // Prices of all days come first, filings later: each pair is (known, recorded).
        let facts: [(Int64, Int64)] = [(10, 100), (20, 100), (30, 100), (15, 200), (25, 200)]
        for recorded in [100, 200] as [Int64] {
            try log.append(now: Instant(rawValue: recorded)) { batch in
                for (index, fact) in facts.enumerated() where fact.1 == recorded {
                    batch.append(
                        encoded: Interleaving.message(
                            .own(UInt64(index + 1)), at: fact.0, recordedAt: recorded
                        ).span.bytes)
                }
            }
        }
        let merged = MergedLog(log)
        func own(_ instant: Int64, _ clock: AsOf.Clock) throws -> UInt64 {
            try merged.position(AsOf(.instant(Instant(rawValue: instant)), by: clock)).own
        }
        #expect(try own(9, .knowledge) == 0)
        #expect(try own(20, .knowledge) == 2)
        #expect(try own(29, .knowledge) == 2)
        #expect(try own(30, .knowledge) == 5)
        #expect(try own(99, .recorded) == 0)
        #expect(try own(100, .recorded) == 3)
        #expect(try own(199, .recorded) == 3)
        #expect(try own(200, .recorded) == 5)
    }
}
