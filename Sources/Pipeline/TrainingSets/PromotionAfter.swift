public import Events
public import FeedbackLoop
public import Learning

/// What a promotion came to: both models on rows that were decided after it and are mature by now.
///
/// Nothing is decided by it. Labels of neighbouring rows overlap, so a small difference is none.
public struct PromotionAfter: Hashable, Sendable {
    /// A promotion, and whom it replaced.
    public struct Promoted: Hashable, Sendable {
        /// When it was promoted.
        public var at: Instant
        /// The model that was promoted.
        public var model: Reference
        /// The champion before; none without one.
        public var previous: Reference
        /// The commonest class of the model's training, which stands in for no champion.
        public var majority: OutcomeClass

        /// A promotion from its parts.
        public init(
            at: Instant, model: Reference, previous: Reference, majority: OutcomeClass
        ) {
            (self.at, self.model, self.previous) = (at, model, previous)
            self.majority = majority
        }
    }

    /// The promotion.
    public let promoted: Promoted
    /// Rows decided after it whose labels are mature.
    public internal(set) var rows = 0
    /// Of those, called right by the promoted model.
    public internal(set) var correctNew = 0
    /// Of those, called right by the champion before, or the commonest class without one.
    public internal(set) var correctOld = 0
    /// Why a model could not be asked; nil when both were.
    public internal(set) var problem: String?

    /// Whether there are rows enough to say anything: the gate's own least.
    public var isJudged: Bool { problem == nil && rows >= GateRule.enoughRows }
    /// Whether the promoted model had fewer right than the one before.
    public var isRegression: Bool { isJudged && correctNew < correctOld }

    /// What came of promotions, by mature rows; `predictor` gives a model that can be asked.
    static func all(
        _ promotions: [Promoted], _ rows: [TrainingRow],
        predictor: (Reference) throws -> ModelPredictor
    ) -> [PromotionAfter] {
        let block = PredictedRows(rows.filter { $0.label != nil })
        var asked: [Question] = []
        let sides = promotions.map { promoted in
            Result {
                let first = block.first(after: promoted.at)
                return Sides(
                    first: first, new: try ask(promoted.model, first, &asked, predictor),
                    old: promoted.previous == .none
                        ? nil : try ask(promoted.previous, first, &asked, predictor))
            }
        }
        // Each model predicts once, on the rows from where it is asked first.
        let answers = Lanes.map(asked) { block.classes($1.model, from: $1.first) }
        return zip(promotions, sides).map { promoted, sides in
            var after = PromotionAfter(promoted: promoted)
            switch sides {
            case .failure(let error): after.problem = "\(error)"
            case .success(let sides):
                let new = answers[sides.new].dropFirst(sides.first - asked[sides.new].first)
                let old = sides.old.map { answers[$0].dropFirst(sides.first - asked[$0].first) }
                for place in 0..<new.count {
                    guard let label = block.rows[sides.first + place].label?.outcome,
                        let named = new[new.startIndex + place],
                        let before = old.map({ $0[$0.startIndex + place] })
                            ?? promoted.stand(hasPrevious: old != nil)
                    else { continue }
                    after.rows += 1
                    after.correctNew += named == label ? 1 : 0
                    after.correctOld += before == label ? 1 : 0
                }
            }
            return after
        }
    }

    /// A model that is asked of the rows from one on.
    private struct Question: Sendable {
        let reference: Reference
        let model: ModelPredictor
        let first: Int
    }

    /// Where the answers of both models of a promotion stand, and its first row.
    private struct Sides {
        let first: Int
        let new: Int
        let old: Int?
    }

    /// The place of a question: one that was put before of as many rows or more serves again.
    private static func ask(
        _ reference: Reference, _ first: Int, _ asked: inout [Question],
        _ predictor: (Reference) throws -> ModelPredictor
    ) throws -> Int {
        if let place = asked.lastIndex(where: { $0.reference == reference && $0.first <= first }) {
            return place
        }
        asked.append(Question(reference: reference, model: try predictor(reference), first: first))
        return asked.count - 1
    }

    /// A promotion from its parts.
    public init(promoted: Promoted, rows: Int = 0, correctNew: Int = 0, correctOld: Int = 0) {
        self.promoted = promoted
        (self.rows, self.correctNew, self.correctOld) = (rows, correctNew, correctOld)
    }
}

extension PromotionAfter.Promoted {
    /// What stands in for the champion before: the commonest class, where there was none.
    fileprivate func stand(hasPrevious: Bool) -> OutcomeClass? { hasPrevious ? nil : majority }
}

extension PromotionAfter {
    /// What came of the promotions of a replay that was not recorded, by its mature rows.
    ///
    /// `load` gives a trained model's trees; a model of another tool cannot be asked here.
    public static func all(
        _ promotions: [Promoted], _ history: TrainingHistory,
        trainedAt: [(model: Reference, at: Instant)], load: (Reference) throws -> TreeEnsemble
    ) -> [PromotionAfter] {
        all(promotions, history.mature) { model in
            let known = trainedAt.first { $0.model == model }?.at
            return ModelPredictor(try load(model), knownAt: known ?? Instant(rawValue: 0))
        }
    }
}
