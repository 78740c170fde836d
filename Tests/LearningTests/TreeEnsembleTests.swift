import Events
import Learning
import TestKit
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

    /// Trees of up to `depth` levels over features that share few thresholds.
    private func forest(
        depth: Int, trees: Int, columns: Int, _ generator: inout SeededGenerator
    ) -> TreeEnsemble {
        var nodes: [TreeEnsemble.Node] = []
        func grow(_ level: Int) -> Int32 {
            let place = nodes.count
            let leaf = Float.random(in: -1...1, using: &generator)
            nodes.append(
                .init(
                    feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: false,
                    value: leaf))
            guard level < depth, Int.random(in: 0..<5, using: &generator) > 0 else {
                return Int32(place)
            }
            let feature = Int32.random(in: 0..<Int32(columns), using: &generator)
            let threshold = Float(Int.random(in: -20...20, using: &generator)) / 4
            let isUnknownLeft = Bool.random(using: &generator)
            let (left, right) = (grow(level + 1), grow(level + 1))
            nodes[place] = .init(
                feature: feature, threshold: threshold, left: left, right: right,
                isUnknownLeft: isUnknownLeft, value: 0)
            return Int32(place)
        }
        let roots = (0..<trees).map { _ in grow(0) }
        return TreeEnsemble(
            nodes: nodes, roots: roots, classOf: (0..<trees).map { UInt8($0 % 3) },
            baseScore: 0.5, columns: columns)
    }

    @Test(
        "many rows together get the bits that each alone gets, unknown values and thresholds hit",
        arguments: [0, 1, 4, 7], [1, 15, 16, 17, 100])
    func together(depth: Int, rows: Int) {
        var generator = SeededGenerator(seed: UInt64(100 * depth + rows))
        let ensemble = forest(depth: depth, trees: 40, columns: 5, &generator)
        var matrix = TrainingMatrix(columns: 5)
        var alone: [TreeEnsemble.Probabilities] = []
        for _ in 0..<rows {
            let row = (0..<5).map { _ -> Float in
                let value = Int.random(in: -24...26, using: &generator)
                return value == 26 ? .nan : value == 25 ? .infinity : Float(value) / 4
            }
            matrix.append(row, .win, weight: 1)
            alone.append(ensemble.probabilities(row))
        }
        #expect(ensemble.probabilities(matrix) == alone)
        #expect(depth == 0 || rows < 15 || Set(alone).count > 1, "the rows differ")
    }

    @Test("more thresholds than there are bins are walked instead, to the same bits")
    func manyThresholds() {
        var nodes: [TreeEnsemble.Node] = []
        for tree in 0..<300 {
            let place = Int32(3 * tree)
            nodes.append(
                .init(
                    feature: 0, threshold: Float(tree), left: place + 1, right: place + 2,
                    isUnknownLeft: true, value: 0))
            for value in [Float(tree) / 1000, -1] {
                nodes.append(
                    .init(
                        feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: false,
                        value: value))
            }
        }
        let ensemble = TreeEnsemble(
            nodes: nodes, roots: (0..<300).map { 3 * $0 },
            classOf: (0..<300).map { UInt8($0 % 3) }, baseScore: 0, columns: 1)
        var matrix = TrainingMatrix(columns: 1)
        let values: [Float] = [-1, 0, 0.5, 149, 253.5, 254, 299, 300, .nan]
        for value in values { matrix.append([value], .win, weight: 1) }
        #expect(ensemble.probabilities(matrix) == values.map { ensemble.probabilities([$0]) })
    }
}
