import Events
import Market

/// A model as boosted trees, evaluated here so that a prediction costs microseconds and its last
/// bit depends on nothing but the artefact.
///
/// A class's score starts at `baseScore` and its trees' leaf values are added one by one in order
/// of round, in Float32. XGBoost 1.7 does the same, so the scores are equal to the last bit. Its
/// softmax rounds e^x to Float32 where this one stays in Double: probabilities differ by some 1e-7.
public struct TreeEnsemble: Hashable, Sendable {
    /// A node of a tree; a leaf has no children.
    public struct Node: Hashable, Sendable {
        /// Catalogue number of the feature that splits.
        public var feature: Int32
        /// Below it a row goes left.
        public var threshold: Float
        /// Place of the left child in the nodes, −1 in a leaf.
        public var left: Int32
        /// Place of the right child.
        public var right: Int32
        /// Where a row with an unknown value goes.
        public var isUnknownLeft: Bool
        /// Value of a leaf.
        public var value: Float

        /// A node from its parts.
        public init(
            feature: Int32, threshold: Float, left: Int32, right: Int32, isUnknownLeft: Bool,
            value: Float
        ) {
            self.feature = feature
            self.threshold = threshold
            self.left = left
            self.right = right
            self.isUnknownLeft = isUnknownLeft
            self.value = value
        }
    }

    /// All trees' nodes.
    public let nodes: [Node]
    /// Place of each tree's root, round by round, the classes of a round in order.
    public let roots: [Int32]
    /// Class of each tree.
    public let classOf: [UInt8]
    /// Score of every class before the first tree.
    public let baseScore: Float
    /// Number of features a row.
    public let columns: Int

    /// The nodes as they are walked.
    private let packed: PackedTrees
    /// The trees after the leading ones for many rows at once; nil for trees that it does not hold.
    private let lanes: LaneTrees?
    /// Trees at the start, up to the last that is deeper than lanes hold: those of a prior.
    private let leading: Int

    /// An ensemble from its parts.
    ///
    /// - Precondition: every tree is a tree, of nodes and features that are there, and has a class.
    public init(
        nodes: [Node], roots: [Int32], classOf: [UInt8], baseScore: Float, columns: Int
    ) {
        precondition(classOf.count == roots.count, "each tree has its class")
        self.nodes = nodes
        self.roots = roots
        self.classOf = classOf
        self.baseScore = baseScore
        self.columns = columns
        packed = PackedTrees(nodes, roots: roots, columns: columns)
        leading = (packed.steps.lastIndex { $0 > LaneTrees.levels } ?? -1) + 1
        lanes =
            leading > TreeEnsemble.mostLeading
            ? nil : LaneTrees(nodes, roots: Array(roots[leading...]), columns: columns)
    }

    /// Most leading trees that are walked row by row while the others stand in lanes.
    private static let mostLeading = 6

    /// Whether two ensembles have the same nodes in the same places.
    public static func == (left: TreeEnsemble, right: TreeEnsemble) -> Bool {
        left.nodes == right.nodes && left.roots == right.roots && left.classOf == right.classOf
            && left.baseScore == right.baseScore && left.columns == right.columns
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(nodes)
        hasher.combine(roots)
        hasher.combine(classOf)
        hasher.combine(baseScore)
        hasher.combine(columns)
    }

    /// The probabilities of one row's classes.
    public struct Probabilities: Hashable, Sendable {
        /// P(loss).
        public var loss: Float
        /// P(breakeven).
        public var breakeven: Float
        /// P(win).
        public var win: Float

        /// Probabilities from their parts.
        public init(loss: Float, breakeven: Float, win: Float) {
            self.loss = loss
            self.breakeven = breakeven
            self.win = win
        }
    }

    /// Predicts one row, features in catalogue order, NaN where unknown.
    ///
    /// - Precondition: the row has `columns` features.
    public func probabilities(_ row: [Float]) -> Probabilities {
        TreeEnsemble.softmax(scores(row))
    }

    /// Predicts many rows, one after another as a trainer's matrix has them: the bits that
    /// predicting each alone gives, in a fraction of the time.
    ///
    /// - Precondition: the rows have `columns` features each.
    public func probabilities(_ rows: TrainingMatrix) -> [Probabilities] {
        precondition(rows.rows == 0 || rows.columns == columns, "a row has the model's features")
        return probabilities(rows.features.span)
    }

    /// Predicts rows whose features stand one after another, `columns` each.
    public func probabilities(_ features: Span<Float>) -> [Probabilities] {
        let rows = features.count / columns
        guard let lanes else {
            return (0..<rows).map { row in
                probabilities((row * columns..<(row + 1) * columns).map { features[$0] })
            }
        }
        var predicted: [Probabilities] = []
        predicted.reserveCapacity(rows)
        var bins = lanes.room
        for start in stride(from: 0, to: rows, by: LaneTrees.lanes) {
            let block = start..<min(start + LaneTrees.lanes, rows)
            var scores = [SIMD16<Float>](repeating: SIMD16(repeating: baseScore), count: 3)
            for tree in 0..<leading {
                for (lane, row) in block.enumerated() {
                    scores[Int(min(classOf[tree], 2))][lane] += packed.value(
                        tree, features, from: row * columns)
                }
            }
            lanes.add(
                features, rows: block, classes: classOf.span.extracting(leading...), &bins,
                to: &scores)
            for lane in 0..<block.count {
                predicted.append(
                    TreeEnsemble.softmax((scores[0][lane], scores[1][lane], scores[2][lane])))
            }
        }
        return predicted
    }

    /// Predicts as many rows as are counted, each lent by its number.
    ///
    /// - Precondition: the rows have `columns` features each.
    public func probabilities(_ rows: Int, _ row: (Int) -> [Float]) -> [Probabilities] {
        var features: [Float] = []
        features.reserveCapacity(rows * columns)
        for number in 0..<rows {
            let row = row(number)
            precondition(row.count == columns, "a row has as many features as the model")
            features.append(contentsOf: row)
        }
        return probabilities(features.span)
    }

    /// The scores of one row's classes before softmax: loss, breakeven, win.
    ///
    /// - Precondition: the row has `columns` features.
    public func scores(_ row: [Float]) -> (Float, Float, Float) {
        precondition(row.count == columns, "a row has as many features as the model")
        var scores: (Float, Float, Float) = (baseScore, baseScore, baseScore)
        let classes = classOf.span
        packed.forEachLeaf(row) { tree, value in
            switch classes[tree] {
            case 0: scores.0 += value
            case 1: scores.1 += value
            default: scores.2 += value
            }
        }
        return scores
    }

    /// exp(score − max) over its sum.
    private static func softmax(_ scores: (Float, Float, Float)) -> Probabilities {
        let top = max(scores.0, scores.1, scores.2)
        let loss = Elementary.exp(Double(scores.0 - top))
        let breakeven = Elementary.exp(Double(scores.1 - top))
        let win = Elementary.exp(Double(scores.2 - top))
        let sum = loss + breakeven + win
        return Probabilities(
            loss: Float(loss / sum), breakeven: Float(breakeven / sum), win: Float(win / sum))
    }
}
