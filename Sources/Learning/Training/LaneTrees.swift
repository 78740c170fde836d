/// Trees laid out for many rows at once: sixteen rows stand in the lanes of a vector, their values
/// as the numbers of the bins that the trees' own thresholds bound.
///
/// Each tree is filled up to four levels. All its tests are made for all sixteen rows, and then the
/// answers are folded from the deepest level up, so that nothing depends on where a row goes. A
/// leaf's value is the same Float32 that walking the tree comes to.
struct LaneTrees: Sendable {
    /// Rows that are looked at together.
    static let lanes = 16
    /// Most levels of tests of a tree.
    static let levels = 4
    private static let tests = (1 << levels) - 1
    private static let leaves = 1 << levels
    /// A bin's number from which on it is no bin: the greatest is one less.
    private static let never: UInt8 = 255

    typealias Bins = SIMD16<UInt8>

    /// A row goes right where its bin in a column is this one or a later one.
    ///
    /// A feature has two columns, 2f for tests that send an unknown value left, where it is in bin
    /// 0, and 2f + 1 for those that send it right, where it is in bin 255.
    ///
    /// The bin stands in every lane: to spread it at each use costs more than to read it.
    private struct Test: Sendable {
        var bin: Bins
        var column: Int
    }

    /// Fifteen a tree, breadth first.
    private var nodes: [Test] = []
    /// Sixteen a tree, from left to right.
    private var values: [Float] = []
    /// Thresholds of the features that are tested, ascending, feature by feature.
    private var cuts: [Float] = []
    /// The features that are tested, and where their thresholds end.
    private var tested: [(feature: Int, end: Int)] = []
    private let columns: Int

    /// Nil when a tree is deeper, or a feature has more thresholds, than this layout holds.
    init?(_ source: [TreeEnsemble.Node], roots: [Int32], columns: Int) {
        self.columns = columns
        var thresholds = [[Float]](repeating: [], count: columns)
        for node in source where node.left >= 0 {
            thresholds[Int(node.feature)].append(node.threshold)
        }
        for feature in 0..<columns where !thresholds[feature].isEmpty {
            var ascending: [Float] = []
            for cut in thresholds[feature].sorted() where ascending.last != cut {
                ascending.append(cut)
            }
            guard ascending.count < Int(LaneTrees.never) else { return nil }
            thresholds[feature] = ascending
            cuts += ascending
            tested.append((feature, cuts.count))
        }
        for (tree, root) in roots.enumerated() {
            let never = Test(bin: Bins(repeating: LaneTrees.never), column: 0)
            nodes += Array(repeating: never, count: LaneTrees.tests)
            values += Array(repeating: 0, count: LaneTrees.leaves)
            guard fill(tree, 0, 0, source, Int(root), thresholds) else { return nil }
        }
    }

    /// Puts a node and what is below it at a place of a tree; false when there is no level left.
    private mutating func fill(
        _ tree: Int, _ place: Int, _ level: Int, _ source: [TreeEnsemble.Node], _ node: Int,
        _ thresholds: [[Float]]
    ) -> Bool {
        let from = source[node]
        if from.left < 0 {
            // The leftmost leaf below: a place without a test sends every row left.
            let first = ((place + 1) << (LaneTrees.levels - level)) - LaneTrees.leaves
            values[tree * LaneTrees.leaves + first] = from.value
            return true
        }
        let cuts = thresholds[Int(from.feature)]
        guard level < LaneTrees.levels, let cut = cuts.firstIndex(of: from.threshold)
        else { return false }
        nodes[tree * LaneTrees.tests + place] = Test(
            bin: Bins(repeating: UInt8(cut + 1)),
            column: 2 * Int(from.feature) + (from.isUnknownLeft ? 0 : 1))
        return fill(tree, 2 * place + 1, level + 1, source, Int(from.left), thresholds)
            && fill(tree, 2 * place + 2, level + 1, source, Int(from.right), thresholds)
    }

    /// Adds the value of each tree's leaf to the scores of its class, tree by tree, for sixteen
    /// rows; the last row stands in the lanes that have none.
    func add(
        _ features: Span<Float>, rows: Range<Int>, classes: Span<UInt8>, _ bins: inout [Bins],
        to scores: inout [SIMD16<Float>]
    ) {
        sort(features, rows, into: &bins)
        let nodes = nodes.span
        let values = values.span
        let bins = bins.span
        for tree in 0..<classes.count {
            let leaf = LaneTrees.leaf(nodes, tree * LaneTrees.tests, bins)
            let first = tree * LaneTrees.leaves
            let halves = unsafeBitCast(leaf, to: SIMD2<UInt64>.self)
            let (low, high) = (halves.x, halves.y)
            scores[Int(min(classes[tree], 2))] += LaneTrees.vector { lane in
                let half = lane < 8 ? low : high
                return values[unchecked: first + Int(half >> UInt64(8 * (lane & 7)) & 15)]
            }
        }
    }

    /// Which leaf each of sixteen rows comes to.
    @inline(__always)
    private static func leaf(_ nodes: Span<Test>, _ first: Int, _ bins: Span<Bins>) -> Bins {
        /// All bits where a row goes right, none where it goes left.
        @inline(__always)
        func right(_ place: Int) -> Bins {
            let test = nodes[unchecked: first + place]
            let answer = bins[unchecked: test.column] .>= test.bin
            return unsafeBitCast(answer, to: Bins.self)
        }
        @inline(__always)
        func deepest(_ place: Int) -> Bins {
            Bins(repeating: UInt8(2 * (place - 7))) &- right(place)
        }
        @inline(__always)
        func chosen(_ left: Bins, _ right: Bins, _ isRight: Bins) -> Bins {
            left ^ ((left ^ right) & isRight)
        }
        @inline(__always)
        func third(_ place: Int) -> Bins {
            chosen(deepest(2 * place + 1), deepest(2 * place + 2), right(place))
        }
        return chosen(
            chosen(third(3), third(4), right(1)), chosen(third(5), third(6), right(2)), right(0))
    }

    /// A vector of what stands in each lane, written out: a loop over lanes goes through memory.
    @inline(__always)
    private static func vector(_ of: (Int) -> Float) -> SIMD16<Float> {
        SIMD16(
            of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7), of(8), of(9), of(10), of(11),
            of(12), of(13), of(14), of(15))
    }

    /// −1 where an answer is yes, 0 where it is no.
    @inline(__always)
    private static func bits(_ mask: SIMDMask<SIMD16<Int32>>) -> SIMD16<Int32> {
        unsafeBitCast(mask, to: SIMD16<Int32>.self)
    }

    /// Sorts the values of sixteen rows into bins.
    private func sort(_ features: Span<Float>, _ rows: Range<Int>, into bins: inout [Bins]) {
        precondition(
            !rows.isEmpty && rows.lowerBound >= 0 && features.count >= rows.upperBound * columns,
            "the rows are there")
        let cuts = cuts.span
        let last = rows.count - 1
        var start = 0
        for (feature, end) in tested {
            let value = LaneTrees.vector { lane in
                features[unchecked: (rows.lowerBound + min(lane, last)) * columns + feature]
            }
            var bin = SIMD16<Int32>()
            for cut in start..<end {
                bin &-= LaneTrees.bits(value .>= SIMD16(repeating: cuts[unchecked: cut]))
            }
            bins[2 * feature] = Bins(truncatingIfNeeded: bin)
            bin |= LaneTrees.bits(value .!= value)
            bins[2 * feature + 1] = Bins(truncatingIfNeeded: bin)
            start = end
        }
    }

    /// Room for the bins of sixteen rows.
    var room: [Bins] { Array(repeating: Bins(), count: 2 * columns) }
}
