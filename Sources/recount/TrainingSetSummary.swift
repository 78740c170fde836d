import EventLog
import Events
import Learning
import Pipeline

/// The counts of a training set, for people and for programs.
struct TrainingSetSummary {
    private let recomputed: TrainingReplay.Recomputed
    private let run: String

    init(_ recomputed: TrainingReplay.Recomputed, run: String) {
        (self.recomputed, self.run) = (recomputed, run)
    }

    private var set: TrainingSet { recomputed.set }

    private var parts: [(name: String, key: String, rows: TrainingSet.Part)] {
        [
            ("training", "training", set.training),
            ("early stopping", "earlyStopping", set.earlyStopping),
            ("holdout", "holdout", set.holdout),
        ]
    }

    private func count(_ rows: TrainingSet.Part, _ outcome: OutcomeClass) -> Int {
        rows.reduce(0) { $0 + ($1.outcome == outcome ? 1 : 0) }
    }

    private func count(_ rows: TrainingSet.Part, _ source: TrainingSet.Source) -> Int {
        rows.reduce(0) { $0 + ($1.source == source ? 1 : 0) }
    }

    var text: String {
        let session = recomputed.session.map { "session \($0)" } ?? "before the first session"
        let kind = recomputed.useOutcomes ? "feedback, outcome rows too" : "training, market rows"
        var lines = ["\(run) as of r\(recomputed.position.own), \(session); \(kind)"]
        for part in parts { lines.append(line(part.name, part.rows)) }
        for (reason, count) in set.unused {
            lines.append("  not used        \(padded(count))  \(reason)")
        }
        lines.append("  looked at       \(padded(set.rowsExamined))")
        if let failure = set.failure { lines.append("  no training set: \(failure)") }
        lines.append("  digest \(recomputed.digest)")
        if let comparison { lines.append("  \(comparison)") }
        return lines.joined(separator: "\n")
    }

    private func padded(_ count: Int) -> String {
        let digits = "\(count)"
        return String(repeating: " ", count: max(0, 6 - digits.count)) + digits
    }

    private func line(_ name: String, _ rows: TrainingSet.Part) -> String {
        let label = name.padding(14)
        guard let first = rows.first, let last = rows.last else {
            return "  \(label)  \(padded(0))"
        }
        return
            "  \(label)  \(padded(rows.count))  \(first.row.decidedOn) to \(last.row.decidedOn); "
            + "\(count(rows, .win)) wins, \(count(rows, .loss)) losses, "
            + "\(count(rows, .breakeven)) breakeven; \(count(rows, .outcome)) outcome rows"
    }

    /// The digest against the recorded one, where there is one.
    private var comparison: String? {
        guard let training = recomputed.training else { return nil }
        guard let model = training.model else {
            return "\(training.reference) asked for it and got no model"
        }
        return model.trainingSet == recomputed.digest
            ? "equal to the set of \(model.reference), asked for by \(training.reference)"
            : "DIFFERENT from the set of \(model.reference), asked for by \(training.reference)"
    }

    var json: String {
        var fields = [
            "\"run\":\(JSONText.quoted(run))", "\"position\":\"r\(recomputed.position.own)\"",
            "\"session\":\(recomputed.session.map { "\"\($0)\"" } ?? "null")",
            "\"useOutcomes\":\(recomputed.useOutcomes)",
        ]
        for part in parts {
            let rows = part.rows
            fields.append(
                "\"\(part.key)\":{\"rows\":\(rows.count),"
                    + "\"from\":\(rows.first.map { "\"\($0.row.decidedOn)\"" } ?? "null"),"
                    + "\"through\":\(rows.last.map { "\"\($0.row.decidedOn)\"" } ?? "null"),"
                    + "\"wins\":\(count(rows, .win)),\"losses\":\(count(rows, .loss)),"
                    + "\"breakevens\":\(count(rows, .breakeven)),"
                    + "\"outcomeRows\":\(count(rows, .outcome)),"
                    + "\"marketRows\":\(count(rows, .market))}")
        }
        let unused = set.unused.map { "\"\($0.reason)\":\($0.count)" }
        fields.append("\"notUsed\":{\(unused.joined(separator: ","))}")
        fields.append("\"examined\":\(set.rowsExamined)")
        fields.append("\"failure\":\(set.failure.map { "\"\($0)\"" } ?? "null")")
        fields.append("\"digest\":\"\(recomputed.digest)\"")
        let training = recomputed.training
        fields.append("\"request\":\(training.map { "\"\($0.reference)\"" } ?? "null")")
        fields.append("\"model\":\(training?.model.map { "\"\($0.reference)\"" } ?? "null")")
        fields.append(
            "\"recordedDigest\":\(training?.model?.trainingSet.map { "\"\($0)\"" } ?? "null")")
        return "{\(fields.joined(separator: ","))}"
    }
}

extension String {
    /// With blanks up to a width.
    fileprivate func padding(_ width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
