import Events
public import Learning

/// A simulated comparison with everything that goes into it.
public struct Sample: Sendable {
    private let rows: [HoldoutRow]
    private let training: [Float]
    private let sessions: Int
    private let settings: GateSettings

    /// Draws a holdout and the challenger's predictions of twice as many training rows.
    ///
    /// - Parameters:
    ///   - count: rows of the holdout, spread over the sessions.
    ///   - labelSessions: sessions that a label looks ahead, and of a block when 21 or more.
    ///   - gain: what the challenger's true accuracy has above the champion's.
    public init(
        rows count: Int, sessions: Int, labelSessions: Int, draws: Int, gain: Double, seed: UInt64
    ) {
        let design = Design(rows: count, sessions: sessions, labelSessions: labelSessions)
        var noise = SplitMix64(seed: seed &+ 1)
        rows = SimulatedHoldout(design, seed: seed).rows(gain: gain).map { row in
            var row = row
            row.champion = row.champion.map { Sample.blurred($0, &noise) }
            row.challenger = Sample.blurred(row.challenger, &noise)
            return row
        }
        training = (0..<2 * count).map { _ in Float((noise.unit() + noise.unit()) / 2) }
        settings = GateSettings(mode: .both, labelSessions: labelSessions, draws: draws, seed: seed)
        self.sessions = sessions
    }

    /// All of the gate's statistics of one comparison.
    public func compare() -> GateStatistics {
        let matured = MaturedDifference(
            rows: rows, firstSession: 0, maturedThrough: sessions - 1,
            blockSessions: settings.blockSessions)
        return GateStatistics(
            rows: rows, majority: .loss, trainingWins: training, settings: settings,
            matured: matured)
    }

    /// Rows, training predictions, where the drawn blocks begin, and the event, as JSON for a check
    /// by other software.
    public func json() throws -> String {
        let statistics = compare()
        var starts = BlockDraws(
            units: statistics.sessions, length: settings.blockSessions, seed: settings.seed)
        let drawn = (0..<settings.draws).map { _ in
            Sample.list(starts.next().map(String.init))
        }
        return """
            {"rows":\(Sample.list(rows.map(Sample.text))),
            "training_wins":\(Sample.list(training.map { "\(Double($0))" })),
            "block_starts":\(Sample.list(drawn)),
            "event":\(try Sample.event(statistics))}

            """
    }

    /// Moves probabilities by chance, keeping their sum.
    private static func blurred(
        _ probabilities: TreeEnsemble.Probabilities, _ noise: inout SplitMix64
    ) -> TreeEnsemble.Probabilities {
        let weights = [probabilities.loss, probabilities.breakeven, probabilities.win].map {
            $0 * Float(0.5 + noise.unit())
        }
        let sum = weights[0] + weights[1] + weights[2]
        return TreeEnsemble.Probabilities(
            loss: weights[0] / sum, breakeven: weights[1] / sum, win: weights[2] / sum)
    }

    private static func text(_ row: HoldoutRow) -> String {
        let models = [row.champion, row.challenger].map { model in
            model.map { list([$0.loss, $0.breakeven, $0.win].map { "\(Double($0))" }) } ?? "null"
        }
        return """
            {"session":\(row.session),"label":\(row.label.rawValue),"return":\(row.netReturn),\
            "champion":\(models[0]),"challenger":\(models[1])}
            """
    }

    /// The event that would store the comparison, as `recount events --json` shows it.
    private static func event(_ statistics: GateStatistics) throws -> String {
        let envelope = Envelope(
            knownAt: Instant(rawValue: 0), recordedAt: Instant(rawValue: 0), actor: .loop)
        let message = statistics.message(
            envelope: envelope, challenger: .own(1), champion: .own(2), holdout: .zero, reused: 0)
        var buffer = EventBuffer()
        message.encode(into: &buffer)
        return try EventJSON.string(message: buffer.bytes)
    }

    private static func list(_ values: [String]) -> String {
        "[\(values.joined(separator: ","))]"
    }
}
