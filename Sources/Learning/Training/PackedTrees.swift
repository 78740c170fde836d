/// Trees laid out for walking: siblings stand side by side, a leaf leads to itself, so that a walk
/// takes a fixed number of steps without a branch that could be mispredicted.
struct PackedTrees: Sendable {
    /// A node; its right child stands after its left one.
    private struct Node: Sendable {
        /// From it on a row goes right; NaN in a leaf, from which nothing goes on.
        var threshold: Float
        var feature: Int32
        /// Place of the left child; its own in a leaf.
        var left: Int32
        /// 1 when a row with an unknown value goes right.
        var unknownRight: Int32
    }

    private var nodes: [Node] = []
    /// Value of the leaf at a place.
    private var values: [Float] = []
    private var roots: [Int32] = []
    /// Steps to the deepest leaf of each tree.
    private(set) var steps: [Int] = []

    /// - Precondition: every child and every feature is there, and no node is its own ancestor.
    init(_ source: [TreeEnsemble.Node], roots sourceRoots: [Int32], columns: Int) {
        precondition(columns > 0, "a row has features")
        for root in sourceRoots {
            roots.append(Int32(nodes.count))
            append(source[Int(root)], columns)
            var level = [(from: Int(root), to: nodes.count - 1)]
            var steps = 0
            while !level.isEmpty {
                var next: [(from: Int, to: Int)] = []
                for (from, to) in level where source[from].left >= 0 {
                    nodes[to].left = Int32(nodes.count)
                    for child in [source[from].left, source[from].right] {
                        next.append((Int(child), nodes.count))
                        append(source[Int(child)], columns)
                    }
                }
                level = next
                if !level.isEmpty { steps += 1 }
                precondition(steps <= source.count, "a tree has no circle")
            }
            self.steps.append(steps)
        }
    }

    private mutating func append(_ node: TreeEnsemble.Node, _ columns: Int) {
        let isLeaf = node.left < 0
        precondition(isLeaf || (0..<columns).contains(Int(node.feature)), "a feature is there")
        nodes.append(
            Node(
                threshold: isLeaf ? .nan : node.threshold,
                feature: isLeaf ? 0 : node.feature, left: Int32(nodes.count),
                unknownRight: isLeaf || node.isUnknownLeft ? 0 : 1))
        values.append(node.value)
    }

    /// Lends the value of each tree's leaf that a row comes to, in order of tree.
    ///
    /// Places are not checked again: `init` made each lead to a node that is there.
    @inline(__always)
    func forEachLeaf(_ row: [Float], _ body: (_ tree: Int, _ value: Float) -> Void) {
        let nodes = nodes.span
        let values = values.span
        let row = row.span
        for tree in 0..<roots.count {
            body(tree, values[leaf(tree, nodes, row, from: 0)])
        }
    }

    /// The value of the leaf of a tree that the row whose features begin at a place comes to.
    func value(_ tree: Int, _ features: Span<Float>, from first: Int) -> Float {
        values[leaf(tree, nodes.span, features, from: first)]
    }

    @inline(__always)
    private func leaf(
        _ tree: Int, _ nodes: Span<Node>, _ features: Span<Float>, from first: Int
    ) -> Int {
        var place = Int(roots[tree])
        for _ in 0..<steps[tree] {
            let node = nodes[unchecked: place]
            let value = features[unchecked: first + Int(node.feature)]
            let right: Int32 = value >= node.threshold ? 1 : 0
            let unknown: Int32 = value != value ? node.unknownRight : 0
            place = Int(node.left &+ (right | unknown))
        }
        return place
    }
}
