import EventLog
import Events
import Foundation
import Ingest
import TestKit
import Testing

@Suite("Predictions of other tools")
struct PredictionTests {
    private let folder = TemporaryFolder()
    private let log = MemoryLog(
        identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
    private let now = Instant(Day("2021-06-10")!, hour: 12)
    private let header = "ticker,decided_at,p_win,p_loss,p_breakeven,trained_through\n"

    private func importing(
        _ rows: String, model: String = "mine", backfill: Bool = false, name: String = "file.csv",
        at instant: Instant? = nil
    ) throws -> PredictionReport {
        let path = "\(folder.path)/\(name)"
        try Data((header + rows).utf8).write(to: URL(fileURLWithPath: path))
        return try PredictionImporter(
            log, model: model, isBackfill: backfill, now: instant ?? now
        ).run(path)
    }

    private func events() throws -> (models: [ModelImported], predictions: [PredictionsImported]) {
        var (models, predictions): ([ModelImported], [PredictionsImported]) = ([], [])
        try log.read { record in
            if let event = try? ModelImported(message: record.message) { models.append(event) }
            if let event = try? PredictionsImported(message: record.message) {
                predictions.append(event)
            }
            return .proceed
        }
        return (models, predictions)
    }

    @Test("every row that is refused has its line, its reason and its field")
    func refusals() throws {
        let report = try importing(
            """
            AAPL,2021-06-10,0.5,0.3,0.2,2021-05-01
            AAPL,2021-06-10,0.5,0.3
            ?!,2021-06-10,0.5,0.3,0.2,2021-05-01
            AAPL,soon,0.5,0.3,0.2,2021-05-01
            AAPL,2021-06-10,0.5,0.3,0.2,
            AAPL,2021-06-10,1.5,0.3,0.2,2021-05-01
            AAPL,2021-06-10,0.5,0.3,0.5,2021-05-01
            AAPL,2021-06-10,nan,0.3,0.5,2021-05-01
            MSFT,2021-06-11,0.5,0.3,0.2,2021-05-02
            MSFT,2021-05-01,0.5,0.3,0.2,2021-05-01
            MSFT,2021-06-09,0.5,0.3,0.2,2021-05-01
            AAPL,2021-06-10,0.4,0.4,0.2,2021-05-01
            AAPL,2021-06-10,0.5,0.3,0.2,2021-05-01

            """)
        let expected: [(Int, PredictionRefusal, String)] = [
            (3, .malformedRow, ""), (4, .badTicker, "ticker"), (5, .badDate, "decided_at"),
            (6, .badDate, "trained_through"), (7, .badProbability, "p_win"),
            (8, .badProbability, "p_win"), (9, .badProbability, "p_win"), (10, .anotherModel, ""),
            (11, .insideTraining, ""), (12, .tooLate, ""), (13, .contradiction, ""),
        ]
        #expect(report.refused.map(\.line) == expected.map(\.0))
        #expect(report.refused.map(\.reason) == expected.map(\.1))
        #expect(report.refused.map(\.field) == expected.map(\.2))
        #expect(report.rows == 13 && report.added == 1 && report.repeats == 1)
    }

    @Test("in live use a row is known when it is recorded, before its decision and unmarked")
    func live() throws {
        // The session of the 9th is decided on the 10th at 05:30.
        let early = Instant(Day("2021-06-10")!, hour: 5, minute: 29)
        let rows = "AAPL,2021-06-09,0.5,0.3,0.2,2021-05-01\n"
        #expect(try importing(rows, at: early.adding(seconds: 60)).refused.count == 1)
        #expect(try importing(rows, at: early).added == 1)
        let (models, predictions) = try events()
        let (model, prediction) = (try #require(models.first), try #require(predictions.first))
        #expect(model.envelope.knownAt == early && prediction.envelope.knownAt == early)
        #expect(!prediction.envelope.flags.contains(.hindsight))
        #expect(prediction.decidedAt == Instant(Day("2021-06-10")!, hour: 5, minute: 30))
        #expect(prediction.model == .own(1) && prediction.predictions.first?.win == 0.5)
    }

    @Test("a backfill takes the past, known at its session's close and marked hindsight")
    func backfill() throws {
        let report = try importing(
            """
            MSFT,2021-05-20,0.2,0.5,0.3,2021-05-01
            AAPL,2021-05-20,0.5,0.3,0.2,2021-05-01
            AAPL,2021-06-10,0.5,0.3,0.2,2021-05-01

            """, backfill: true)
        #expect(report.added == 3 && report.backfilled == 2)
        let (models, predictions) = try events()
        #expect(models.map(\.envelope.knownAt) == [Instant(Day("2021-05-20")!, hour: 21)])
        #expect(models.allSatisfy { $0.envelope.flags.contains(.hindsight) })
        #expect(predictions.map { $0.envelope.flags.contains(.hindsight) } == [true, false])
        #expect(predictions.map { $0.predictions.count } == [2, 1])
        #expect(predictions[0].predictions.map { "\($0.ticker)" } == ["AAPL", "MSFT"])
        let before = try importing("AAPL,2021-05-19,0.5,0.3,0.2,2021-05-01\n", backfill: true)
        #expect(before.refused.map(\.reason) == [.beforeModel])
    }

    @Test("the same file twice adds nothing, another of the name and date adds rows to the model")
    func repeats() throws {
        let rows = "AAPL,2021-06-10,0.5,0.3,0.2,2021-05-01\n"
        _ = try importing(rows)
        let again = try importing(rows, name: "copy.csv")
        #expect(again.added == 0 && again.repeats == 1 && again.model == 1)
        #expect(log.head().position == 2)
        let more = try importing(
            rows + "MSFT,2021-06-10,0.5,0.3,0.2,2021-05-01\n", name: "more.csv")
        #expect(more.added == 1 && more.repeats == 1 && more.source == again.source)
        let (models, predictions) = try events()
        #expect(models.count == 1 && predictions.map(\.part) == [0, 1])
        _ = try importing("AAPL,2021-06-10,0.5,0.3,0.2,2021-05-02\n")
        _ = try importing(rows, model: "other")
        #expect(try events().models.map(\.modelName) == ["mine", "mine", "other"])
    }

    @Test("many rows of a session are several parts, and a column that is missing is named")
    func parts() throws {
        var rows = ""
        for number in 0..<2_500 {
            let digits = String(10_000 + number).dropFirst()
            rows += "T\(digits),2021-06-10,0.5,0.3,0.2,2021-05-01\n"
        }
        #expect(try importing(rows).added == 2_500)
        let (_, predictions) = try events()
        #expect(predictions.map { $0.predictions.count } == [1_000, 1_000, 500])
        #expect(predictions.map(\.part) == [0, 1, 2])
        let path = "\(folder.path)/bad.csv"
        try Data("ticker,decided_at,p_win,p_loss,p_breakeven\n".utf8).write(
            to: URL(fileURLWithPath: path))
        let error = #expect(throws: IngestError.self) {
            try PredictionImporter(log, model: "mine", isBackfill: false, now: now).run(path)
        }
        #expect(error?.description.contains("trained_through is missing") == true)
    }
}
