import Events

/// Why a row of predictions is refused, in the order of the checks.
public enum PredictionRefusal: String, CaseIterable, Sendable {
    /// It does not have the header's number of fields.
    case malformedRow = "malformed row"
    /// Its ticker cannot be a symbol.
    case badTicker = "bad ticker"
    /// `decided_at` or `trained_through` is no date.
    case badDate = "bad date"
    /// Probabilities are not three of 0 to 1 that sum to 1, to a hundredth.
    case badProbability = "bad probability"
    /// It was trained through another date than the rows before: another file, another model.
    case anotherModel = "trained through another date than the rows before"
    /// It predicts what its tool had seen.
    case insideTraining = "decided at or before trained_through"
    /// The session that it is for was decided before it was recorded.
    case tooLate = "recorded after the decision"
    /// The model was not known then: a backfill begins with its earliest rows.
    case beforeModel = "decided before its model was recorded"
    /// The model was recorded to say something else of it.
    case contradiction = "predicted otherwise before"
}

/// A prediction of a file.
struct PredictionRow {
    let line: Int
    let ticker: Ticker
    /// The session that it is for; an evaluation of it is decided at 05:30 of the next day.
    let day: Day
    let trainedThrough: Day
    let win: Float
    let loss: Float
    let breakeven: Float

    /// Whether another row says the same.
    func equals(_ other: PredictionRow) -> Bool {
        win == other.win && loss == other.loss && breakeven == other.breakeven
    }

    /// When the evaluation that it is for is decided.
    var decidedAt: Instant { Instant(day + 1, hour: 5, minute: 30) }
}

/// Reads a CSV of ticker, decided_at, p_win, p_loss, p_breakeven, trained_through.
enum PredictionFile {
    static let columns = [
        "ticker", "decided_at", "p_win", "p_loss", "p_breakeven", "trained_through",
    ]

    /// Reads a file; `take` is given each row or why it is refused, with its line.
    static func read(
        _ name: String, _ take: (Int, Result<PredictionRow, Refused>) -> Void
    ) throws {
        var table = try TableReader(name)
        for column in columns where !table.has(column) {
            throw IngestError(
                .unknownHeader, file: name,
                "line 1: column \(column) is missing; needed are \(columns.joined(separator: ", ")), "
                    + "found \(table.columns)")
        }
        while try table.advance() {
            take(table.line, row(table))
        }
    }

    /// Why a row is refused, and its field.
    struct Refused: Error {
        let reason: PredictionRefusal
        let field: String

        init(_ reason: PredictionRefusal, field: String = "") {
            (self.reason, self.field) = (reason, field)
        }
    }

    private static func row(_ table: borrowing TableReader) -> Result<PredictionRow, Refused> {
        guard table.isWhole else { return .failure(Refused(.malformedRow)) }
        guard let ticker = TickerText.ticker(table.text("ticker")) else {
            return .failure(Refused(.badTicker, field: "ticker"))
        }
        guard let day = session(table.text("decided_at")) else {
            return .failure(Refused(.badDate, field: "decided_at"))
        }
        guard let trained = DateText.day(table.text("trained_through")) else {
            return .failure(Refused(.badDate, field: "trained_through"))
        }
        var values: [Float] = []
        for field in ["p_win", "p_loss", "p_breakeven"] {
            guard let value = DecimalText.double(table.text(field)), value >= 0, value <= 1 else {
                return .failure(Refused(.badProbability, field: field))
            }
            values.append(Float(value))
        }
        guard abs(values[0] + values[1] + values[2] - 1) <= 0.01 else {
            return .failure(Refused(.badProbability, field: "p_win"))
        }
        return .success(
            PredictionRow(
                line: table.line, ticker: ticker, day: day, trainedThrough: trained,
                win: values[0], loss: values[1], breakeven: values[2]))
    }

    /// The session of a decision: its date, or the instant at which evaluations of it are decided.
    private static func session(_ text: String) -> Day? {
        if let day = DateText.day(text) { return day }
        guard let instant = Instant(text), instant == Instant(instant.day, hour: 5, minute: 30)
        else { return nil }
        return instant.day - 1
    }
}
