import Learning
import Testing

@Suite("Tree ensembles")
struct TreeEnsembleTests {
    /// One stump for the class win: below 2 goes left, unknown goes right.
    private let stump = TreeEnsemble(
        nodes: [
            .init(feature: 0, threshold: 2, left: 1, right: 2, isUnknownLeft: false, value: 0),
            .init(feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: false, value: 1),
            .init(feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: false, value: -1),
        ],
        roots: [0], classOf: [2], baseScore: 0.5, columns: 1)

    @Test(
        "a row goes left below the threshold, right at it, and where it is told when unknown",
        arguments: [(Float(1.999), true), (2, false), (.nan, false)])
    func directions(value: Float, left: Bool) {
        let expected = left ? 0.57611688 : 0.15536240
        let probabilities = stump.probabilities([value])
        #expect(abs(Double(probabilities.win) - expected) < 1e-6)
        #expect(abs(probabilities.win + probabilities.loss + probabilities.breakeven - 1) < 1e-6)
        #expect(probabilities.loss == probabilities.breakeven)
    }
}
