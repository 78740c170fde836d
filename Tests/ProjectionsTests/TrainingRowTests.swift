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
        timeline = try #require(try run.view().merged.timeline)
    }

    /// The rows that a replay as of a moment has mature, as the read model would print them.
    private func replayed(_ log: EventLog, _ moment: AsOf.Moment) throws -> [String] {
        let configuration = try SmallWorld.strategy().configuration
        let rules = configuration.labelRules
        let history = try TrainingReplay.history(
            of: MergedLog(log, over: timeline), configuration,
            asOf: AsOf(moment))
        var rows: [String] = []
        for row in history.mature {
            guard let label = row.label, !row.features.isEmpty else { continue }
            let start = "\(row.signal) \(row.ticker) \(row.session)"
            rows.append("\(start) market \(label.outcome) \(label.netReturn * 100)")
            guard let net = history.traded(row.signal)?.longReturn else { continue }
            rows.append("\(start) outcome \(rules.outcome(net)) \(net * 100)")
        }
        return rows.sorted()
    }

    /// The rows that the read model of a run says may be used from some position on.
    private func projected(_ name: String, through position: UInt64) throws -> [String] {
        let answer = try ReadModelQuery.run(
            """
            SELECT printf('%s %s %d %s %s', signal, ticker, session, source, label), return_pct
            FROM training_rows WHERE from_position <= \(position)
            """, data: run.data, run: name)
        return answer.rows.map { row in
            guard case .text(let text) = row[0], case .real(let value) = row[1] else { return "?" }
            return "\(text) \(value)"
        }
        .sorted()
    }

    @Test("rows eligible at a position are those that a replay as of that position has mature")
    func asOf() throws {
        let head = try log.head().position
        var compared = 0
        for position in [1, head / 5, head / 3, head / 2, head * 3 / 4, head - 1, head] {
            var through: UInt64 = 0
            try log.record(at: position) {
                through = try Envelope(message: $0.message).through
            }
            let expected = try replayed(log, .event(.own(position)))
            #expect(
                try projected("feedback", through: position + through) == expected,
                "r\(position)")
            compared += expected.count
        }
        #expect(compared > 500, "\(compared)")
    }

    @Test("shorts, repeats and outcomes that join nothing are taught, or not, as in a training")
    func shorts() throws {
        var messages: [[UInt8]] = []
        var outcomes: [OutcomeRecorded] = []
        try log.read { record in
            if var outcome = try? OutcomeRecorded(message: record.message) {
                outcome.direction = .short
                // An index that went the other way makes the long side's excess the opposite too.
                outcome.indexReturn = outcome.indexReturn.map { -$0 }
                outcomes.append(outcome)
                messages.append(outcome.encoded())
            } else {
                messages.append(record.message.withUnsafeBytes { Array($0) })
            }
            return .proceed
        }
        let last = messages.popLast()
        let end = try #require(last)
        var repeated = try #require(outcomes.first)
        repeated.envelope = try Envelope(message: end.span.bytes)
        var lost = repeated
        lost.signal = .none
        var strange = repeated
        strange.signal = .own(1)
        messages += [repeated.encoded(), lost.encoded(), strange.encoded(), end]
        let shorts = try SmallWorld.log(messages, kind: .run, at: try run.data.run("shorts"))
        _ = try ProjectorGroup(["training-set"], data: run.data, run: "shorts") { _ in }
            .project(rebuild: true)
        #expect(try projected("shorts", through: .max >> 1) == replayed(shorts, .end))
        let reasons = try ReadModelQuery.run(
            """
            SELECT reason, count(*) FROM training_rows
            WHERE source = 'outcome' AND reason IN ('duplicate', 'no_features') GROUP BY 1
            """, data: run.data, run: "shorts")
        #expect(
            reasons.rows == [
                [.text("duplicate"), .integer(1)], [.text("no_features"), .integer(2)],
            ])
        let query = """
            SELECT signal, label, return_pct FROM training_rows
            WHERE source = 'outcome' AND eligible AND abs(return_pct) > 0.5 ORDER BY signal
            """
        let short = try ReadModelQuery.run(query, data: run.data, run: "shorts").rows
        let long = try run.rows(query)
        #expect(short.count == long.count && short.count > 20)
        for (short, long) in zip(short, long) {
            guard case .real(let taught) = short[2], case .real(let made) = long[2] else {
                throw CancellationError()
            }
            #expect(taught == -made && short[0] == long[0] && short[1] != long[1])
        }
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

    @Test("the rows of each training are those that its model names, and no others pass")
    func sets() throws {
        let run = try RunFixture.learning()
        let reports = try run.project(["training-set-rows"])
        #expect(reports.allSatisfy { $0.failure == nil })
        let trained = try run.number("SELECT count(*) FROM training_sets WHERE model_id <> ''")
        let failed = try run.number("SELECT count(*) FROM training_sets WHERE failure <> ''")
        #expect(trained > 3 && failed >= 3)
        let differing = """
            SELECT count(*) FROM training_sets s WHERE s.training + s.early_stopping + s.holdout <>
            (SELECT count(*) FROM training_set_rows r WHERE r.request = s.request)
            """
        #expect(try run.number(differing) == 0)
        #expect(try run.number("SELECT count(*) FROM training_set_rows WHERE weight <> 1") > 100)

        // The same events, but for one bit of the digest that the second model names.
        var (projection, changes) = (
            TrainingSetRowsProjection(), RowChanges(tables: TrainingSetRowsProjection.tables)
        )
        var models = 0
        var refusal: String?
        try run.view().merged.read { record in
            var message = record.message.withUnsafeBytes { Array($0) }
            if try MessageHeader(record.message).templateID == ModelTrained.templateID {
                models += 1
                if models == 2 {
                    var model = try ModelTrained(message: record.message)
                    model.trainingSet.w0 ^= 1
                    message = model.encoded()
                }
            }
            do {
                try projection.evolve(
                    ProjectedEvent(
                        position: record.position, reference: record.reference,
                        message: message.span.bytes), &changes)
            } catch {
                refusal = "\(error)"
                return .stop
            }
            changes.removeAll()
            return .proceed
        }
        #expect(models == 2 && refusal?.contains("names the training set") == true)
    }

    @Test("all leaves out the rows of trainings, which are asked for by name")
    func ofAll() {
        #expect(!ProjectionCatalogue.namesOfAll.contains("training-set-rows"))
        #expect(ProjectionCatalogue.names.contains("training-set-rows"))
    }
}
