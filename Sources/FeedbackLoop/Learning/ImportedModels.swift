import Events
import Learning

/// Models that another tool trained: what they say stands in tables, by ticker and session.
///
/// Several may be candidates at once, beside the loop's own. Each meets the gate when enough of its
/// rows are mature; a later one of the same name takes the place of one that still waits.
struct ImportedModels: Sendable {
    /// A model that may yet be promoted.
    struct Entry: Sendable {
        var model: ModelBook.Model
        let name: String
        /// Whether it was said that it waits for rows.
        var isWaiting = false
        /// Whether the gate has judged it.
        var isCompared = false
    }

    private struct Key: Hashable, Sendable {
        let model: Reference
        let ticker: Ticker
        let day: Day
    }

    /// Those that are candidates, in order of import.
    private(set) var candidates: [Entry] = []
    private var predicted = Lookup<Key, TreeEnsemble.Probabilities>()

    /// A model became known; `sessions` are the days of all sessions so far.
    mutating func learn(
        _ event: ModelImported, at fact: Reference, sessions: [Day]
    ) -> ModelBook.Model {
        let seen = sessions.partitioningIndex { $0 > event.trainedThrough } - 1
        let model = ModelBook.Model(
            reference: fact, isImported: true, artefact: event.source,
            labelsThrough: event.trainedThrough, labelsThroughSession: max(seen, 0),
            majority: .loss,
            map: QuantileMap(
                points: event.quantileMap.map {
                    QuantileMap.Point(probability: $0.probability, confidence: $0.confidence)
                }), trainedSession: sessions.count - 1)
        candidates.append(Entry(model: model, name: event.modelName))
        return model
    }

    /// Predictions became known; the first word on a ticker and session stands. What is no
    /// probability was not told.
    mutating func learn(_ event: PredictionsImported) {
        // An evaluation of a session is decided at 05:30 of the day after it.
        let day = event.decidedAt.day - 1
        for prediction in event.predictions {
            let key = Key(model: event.model, ticker: prediction.ticker, day: day)
            guard predicted[key] == nil,
                [prediction.win, prediction.loss, prediction.breakeven].allSatisfy({
                    // With room for what is left of 1 in Float32.
                    -0.01...1.01 ~= $0
                })
            else { continue }
            predicted[key] = TreeEnsemble.Probabilities(
                loss: prediction.loss, breakeven: prediction.breakeven, win: prediction.win)
        }
    }

    /// What a model says of a ticker in a session; nil where it was not told.
    func predictions(_ model: Reference, _ ticker: Ticker, _ day: Day) -> TreeEnsemble
        .Probabilities?
    {
        predicted[Key(model: model, ticker: ticker, day: day)]
    }

    /// The first candidate that another of its name has followed, and that one.
    var superseded: (old: Reference, new: Reference)? {
        for (index, entry) in candidates.enumerated() {
            if let next = candidates[(index + 1)...].first(where: { $0.name == entry.name }) {
                return (entry.model.reference, next.model.reference)
            }
        }
        return nil
    }

    /// A candidate is one no more: promoted, or superseded.
    mutating func remove(_ model: Reference) {
        candidates.removeAll { $0.model.reference == model }
    }

    /// Changes a candidate, if the model is one.
    mutating func update(_ model: Reference, _ change: (inout Entry) -> Void) {
        guard let index = candidates.firstIndex(where: { $0.model.reference == model }) else {
            return
        }
        change(&candidates[index])
    }
}

extension [Day] {
    /// The first place of an ascending array where `isBehind` holds, its count where none does.
    func partitioningIndex(_ isBehind: (Day) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
