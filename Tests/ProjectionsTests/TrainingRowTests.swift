import EventLog
import Events
import FeedbackLoop
import Learning
import Pipeline
import TestWorlds
import Testing

@testable import Projections

@Suite("Read model of training rows")
struct TrainingRowTests {
    private let run: RunFixture
    private let log: EventLog
    private let timeline: EventLog

    init() throws {
        run = try RunFixture()
        _ = try run.project(["training-set"])
        log = try EventLog.open(at: try run.data.run("feedback"))
        timeline = try #require(try run.view().timeline)
    }

    private func history(_ position: UInt64) throws -> TrainingHistory {
        try TrainingReplay.history(
            of: log, timeline: timeline, try SmallWorld.strategy().configuration,
            asOf: .position(position))
    }

    /// How the read model prints a row that may be used.
    private func text(
        _ row: TrainingRow, _ source: String, _ outcome: OutcomeClass, _ net: Double
    ) -> String {
        "\(row.signal) \(row.ticker) \(row.session) \(source) \(outcome) \(net * 100)"
    }

    @Test("rows eligible at a position are those that a replay as of that position has mature")
    func asOf() throws {
        let head = try log.head().position
        let rules = try SmallWorld.strategy().configuration.labelRules
        var compared = (market: 0, outcome: 0)
        for position in [1, head / 5, head / 3, head / 2, head * 3 / 4, head - 1, head] {
            var through: UInt64 = 0
            try log.record(at: position) {
                through = try Envelope(message: $0.message).through
            }
            let history = try history(position)
            var expected: [String] = []
            for row in history.ripe {
                guard let label = row.label, !row.features.isEmpty else { continue }
                expected.append(text(row, "market", label.outcome, label.netReturn))
                compared.market += 1
                guard let traded = history.traded(row.signal) else { continue }
                let net = traded.longReturn
                expected.append(text(row, "outcome", rules.outcome(net), net))
                compared.outcome += 1
            }
            let rows = try run.rows(
                """
                SELECT printf('%s %s %d %s %s', signal, ticker, session, source, label), return_pct
                FROM training_rows WHERE from_position <= \(position + through)
                """)
            let found = rows.map { row in
                guard case .text(let text) = row[0], case .real(let value) = row[1] else {
                    return "?"
                }
                return "\(text) \(value)"
            }
            #expect(found.sorted() == expected.sorted(), "r\(position)")
        }
        #expect(compared.market > 500 && compared.outcome > 20, "\(compared)")
    }

    @Test("every evaluation and every outcome is a row, eligible or with the reason why not")
    func nothingDropped() throws {
        var (evaluations, outcomes) = (Int64(0), Int64(0))
        try log.read { record in
            switch try MessageHeader(record.message).templateID {
            case SignalGenerated.templateID, SignalSuppressed.templateID: evaluations += 1
            case OutcomeRecorded.templateID: outcomes += 1
            default: break
            }
            return .proceed
        }
        let count = "SELECT count(*) FROM training_rows WHERE "
        #expect(try run.number(count + "source = 'market'") == evaluations)
        #expect(try run.number(count + "source = 'outcome'") == outcomes)
        #expect(try run.number(count + "eligible = (reason IS NOT NULL)") == 0)
        #expect(try run.number(count + "eligible = (from_position IS NULL)") == 0)
        #expect(try run.number(count + "eligible = (label IS NULL)") == 0)
        #expect(try run.number(count + "reason = 'immature'") > 0)
        #expect(try run.number(count + "reason = 'no_price'") > 0)
        #expect(try run.number(count + "from_position <= position AND source = 'market'") == 0)
        #expect(
            try run.number(count + "source = 'market' AND outcome IS NOT NULL") == outcomes,
            "each outcome joins one evaluation")
    }

    @Test("a winner that is closed is no row before the label of a loser of its day is")
    func immatureWinners() throws {
        // A closed trade's row waits for the session of its timeout, however early it ended.
        let early = try run.number(
            """
            SELECT count(*) FROM training_rows AS taken
            WHERE source = 'outcome' AND from_position > position
            """)
        #expect(early > 10, "outcomes that waited")
        let unequal = try run.rows(
            """
            SELECT market.signal FROM training_rows AS market
            JOIN training_rows AS taken ON taken.signal = market.signal
            WHERE market.source = 'market' AND taken.source = 'outcome'
                AND market.eligible <> taken.eligible
            """)
        #expect(unequal.isEmpty)
    }

    @Test("the read model is asked under its name, which SQL must have quoted")
    func quoted() throws {
        #expect(try run.number("SELECT count(*) FROM \"training-set\".training_rows") > 500)
    }
}
