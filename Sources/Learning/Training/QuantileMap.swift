/// Brings a model's side probabilities on to the scale of the heuristic's confidences: the same
/// quantile of both, over the model's training rows, so that a mixture of both changes the ranking
/// and not the number of trades. Monotone; linear between points, flat beyond them.
public struct QuantileMap: Hashable, Sendable {
    /// A point of the map.
    public struct Point: Hashable, Sendable {
        /// Side probability.
        public var probability: Float
        /// Confidence on the heuristic's scale.
        public var confidence: Float

        /// A point from its parts.
        public init(probability: Float, confidence: Float) {
            self.probability = probability
            self.confidence = confidence
        }
    }

    /// The points, ascending in both.
    public let points: [Point]

    /// Steps between the lowest and the highest quantile.
    public static let steps = 20

    /// A map read back.
    public init(points: [Point]) {
        self.points = points
    }

    /// The map between two samples of equal meaning; empty when either is.
    public init(probabilities: [Float], confidences: [Float]) {
        let (left, right) = (probabilities.sorted(), confidences.sorted())
        guard !left.isEmpty, !right.isEmpty else {
            points = []
            return
        }
        points = (0...QuantileMap.steps).map { step in
            Point(
                probability: QuantileMap.quantile(left, step),
                confidence: QuantileMap.quantile(right, step))
        }
    }

    /// The nearest of the sorted values at or below a quantile.
    private static func quantile(_ sorted: [Float], _ step: Int) -> Float {
        sorted[(sorted.count - 1) * step / steps]
    }

    /// The confidence that a side probability stands for; nil for an empty map, and where
    /// probability or point is no number.
    public func callAsFunction(_ probability: Float) -> Float? {
        guard let first = points.first, let last = points.last, !probability.isNaN else {
            return nil
        }
        if probability <= first.probability {
            return first.confidence.isNaN ? nil : first.confidence
        }
        if probability >= last.probability {
            return last.confidence.isNaN ? nil : last.confidence
        }
        guard points.count > 1 else { return nil }
        var low = 0
        while low + 2 < points.count, points[low + 1].probability <= probability { low += 1 }
        let (left, right) = (points[low], points[low + 1])
        let share = (probability - left.probability) / (right.probability - left.probability)
        let confidence = left.confidence + share * (right.confidence - left.confidence)
        return confidence.isNaN ? nil : confidence
    }
}
