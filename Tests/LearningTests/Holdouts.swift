import Events
import Learning
import TestKit

/// Holdouts for tests.
enum Holdouts {
    /// Probabilities that name one class.
    static func naming(_ outcome: OutcomeClass) -> TreeEnsemble.Probabilities {
        TreeEnsemble.Probabilities(
            loss: outcome == .loss ? 0.6 : 0.2, breakeven: outcome == .breakeven ? 0.6 : 0.2,
            win: outcome == .win ? 0.6 : 0.2)
    }

    /// Rows in canonical order, `perSession` of each decision session, every session a day.
    static func rows(
        _ labels: [OutcomeClass], new: [OutcomeClass], old: [OutcomeClass]?, perSession: Int = 10
    ) -> [HoldoutRow] {
        labels.indices.map { index in
            let session = index / perSession
            return HoldoutRow(
                day: Day(rawValue: 18_000 + Int32(session)), session: session,
                ticker: ticker(index % perSession), label: labels[index],
                netReturn: Double(Int(labels[index].rawValue) - 1) * 0.05,
                champion: old.map { naming($0[index]) }, challenger: naming(new[index]))
        }
    }

    /// T000 to T999, ascending with the number.
    static func ticker(_ number: Int) -> Ticker {
        let digits = String(1000 + number).dropFirst()
        return Ticker("T\(digits)")!
    }

    /// `right` rows right and the rest wrong, the class wins throughout: accuracy is exact.
    static func tally(rows: Int, right: Int) -> ClassTally {
        var tally = ClassTally()
        tally.add(actual: .win, predicted: .win, rows: right)
        tally.add(actual: .win, predicted: .loss, rows: rows - right)
        return tally
    }

    /// Rows with classes, predictions and probabilities drawn by a seed, and two skills.
    static func random(
        seed: UInt64, sessions: Int, perSession: Int, skillNew: Int = 40, skillOld: Int = 40
    ) -> [HoldoutRow] {
        var generator = SeededGenerator(seed: seed)
        func draw(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
        func predicted(_ label: OutcomeClass, _ skill: Int) -> TreeEnsemble.Probabilities {
            var weights = (0..<3).map { _ in Float(draw(1000) + 1) }
            if draw(100) < skill { weights[Int(label.rawValue)] += 1000 }
            let sum = weights.reduce(0, +)
            return TreeEnsemble.Probabilities(
                loss: weights[0] / sum, breakeven: weights[1] / sum, win: weights[2] / sum)
        }
        return (0..<sessions * perSession).map { index in
            let session = index / perSession
            let label = ClassTally.classes[[0, 0, 0, 0, 0, 1, 2, 2, 2, 2][draw(10)]]
            let size = Double(draw(1000)) / 10_000
            return HoldoutRow(
                day: Day(rawValue: 18_000 + Int32(session)), session: session,
                ticker: ticker(index % perSession), label: label,
                netReturn: label == .win ? size : -size, champion: predicted(label, skillOld),
                challenger: predicted(label, skillNew))
        }
    }
}
