import Events
import Learning

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// When training ends: after `patience` rounds without a smaller loss on rows it did not learn.
///
/// The loss is summed here, row by row: the library's own sum depends on its number of threads in
/// the last bit, and so could the best round.
struct EarlyStopping {
    private let classes: [UInt8]
    private let weights: [Float]
    private let patience: Int
    private var best = Double.infinity
    /// The round with the least loss, from 1; the earliest of equals.
    private(set) var bestRound = 0

    init(_ rows: TrainingMatrix, patience: Int) {
        classes = rows.classes.map(\.rawValue)
        weights = rows.weights
        self.patience = patience
    }

    /// Takes note of a round's scores; whether training goes on.
    mutating func goesOn(after round: Int, _ margins: [Float]) throws(TrainerError) -> Bool {
        let loss = logLoss(margins)
        guard loss.isFinite else {
            throw TrainerError(
                .library, "the early-stopping loss of round \(round) is \(loss); lower the eta")
        }
        if loss < best {
            best = loss
            bestRound = round
        }
        return round - bestRound < patience
    }

    /// Weighted mean of −log P(class of the row).
    private func logLoss(_ margins: [Float]) -> Double {
        var (sum, total) = (0.0, 0.0)
        for row in classes.indices {
            let first = row * ModelReader.classes
            let scores = margins[first..<first + ModelReader.classes]
            let top = Double(scores.max() ?? 0)
            let parts = scores.reduce(0) { $0 + exp(Double($1) - top) }
            let own = Double(margins[first + Int(classes[row])])
            sum += Double(weights[row]) * (log(parts) + top - own)
            total += Double(weights[row])
        }
        return sum / total
    }
}
