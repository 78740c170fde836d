import Events
import Learning

/// Makes a `TreeEnsemble` of XGBoost's model file, trusting nothing in it.
///
/// Only what our trainer makes is read: boosted trees for three classes with numeric splits. Each
/// tree is walked from its root, so a node that is nobody's child is left out and a node that is
/// somebody's child twice (a cycle among them) is refused.
enum ModelReader {
    /// Loss, breakeven, win.
    static let classes = 3

    static func read(_ artefact: [UInt8]) throws(TrainerError) -> TreeEnsemble {
        let file = try BinaryJSON(artefact)
        guard let learner = file["learner"], let parameters = learner["learner_model_param"],
            let objective = learner["objective"]?["name"]?.text,
            let booster = learner["gradient_booster"], let model = booster["model"]
        else { throw error("it has no learner") }
        guard objective == "multi:softprob", booster["name"]?.text == "gbtree" else {
            throw error("it is \(booster["name"]?.text ?? "?") for \(objective)")
        }
        guard let columns = parameters["num_feature"]?.number, (1...65_535).contains(columns),
            parameters["num_class"]?.number == classes
        else { throw error("it is not for \(classes) classes, or has no features") }
        guard let baseScore = parameters["base_score"]?.text.flatMap(Float.init),
            baseScore.isFinite
        else { throw error("its base score is not a number") }
        guard case .array(let trees)? = model["trees"], !trees.isEmpty,
            let owners = model["tree_info"]?.integers, owners.count == trees.count,
            trees.count % classes == 0
        else { throw error("it has not one tree for each class in each round") }
        var nodes: [TreeEnsemble.Node] = []
        var roots: [Int32] = []
        for (number, tree) in trees.enumerated() {
            guard owners[number] == Int64(number % classes) else {
                throw error("tree \(number) is for class \(owners[number])")
            }
            roots.append(Int32(nodes.count))
            var reader = try TreeReader(tree, number: number, columns: columns)
            try reader.append(to: &nodes)
        }
        return TreeEnsemble(
            nodes: nodes, roots: roots, classOf: owners.map { UInt8($0) }, baseScore: baseScore,
            columns: columns)
    }

    static func error(_ text: String) -> TrainerError {
        TrainerError(.library, "not a model of Recount: \(text)")
    }
}

extension BinaryJSON {
    /// A text.
    fileprivate var text: String? {
        guard case .text(let value) = self else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    /// XGBoost writes the numbers of its parameters as texts.
    fileprivate var number: Int? { text.flatMap { Int($0) } }

    /// Whole numbers, whether their type is written once or with each.
    fileprivate var integers: [Int64]? {
        switch self {
        case .numbers(let values): return values.integers
        case .array(let values):
            var integers: [Int64] = []
            for value in values {
                guard case .integer(let integer) = value else { return nil }
                integers.append(integer)
            }
            return integers
        default: return nil
        }
    }

    fileprivate var reals: [Float]? {
        guard case .numbers(let values) = self else { return nil }
        return values.reals
    }
}

/// One tree of the file: parallel arrays, a place for each node, the root at 0.
private struct TreeReader {
    private let number: Int
    private let columns: Int
    private let left: [Int64]
    private let right: [Int64]
    private let features: [Int64]
    private let conditions: [Float]
    private let unknownLeft: [Int64]

    init(_ tree: BinaryJSON, number: Int, columns: Int) throws(TrainerError) {
        guard let left = tree["left_children"]?.integers,
            let right = tree["right_children"]?.integers,
            let features = tree["split_indices"]?.integers,
            let conditions = tree["split_conditions"]?.reals,
            let unknownLeft = tree["default_left"]?.integers,
            let types = tree["split_type"]?.integers, !left.isEmpty,
            [right.count, features.count, conditions.count, unknownLeft.count, types.count]
                .allSatisfy({ $0 == left.count }),
            tree["tree_param"]?["num_nodes"]?.number == left.count
        else { throw ModelReader.error("the nodes of tree \(number) are not complete") }
        guard types.allSatisfy({ $0 == 0 }) else {
            throw ModelReader.error("tree \(number) splits by category")
        }
        (self.number, self.columns) = (number, columns)
        (self.left, self.right, self.features) = (left, right, features)
        (self.conditions, self.unknownLeft) = (conditions, unknownLeft)
    }

    /// Adds the nodes that the root leads to, level by level.
    mutating func append(to nodes: inout [TreeEnsemble.Node]) throws(TrainerError) {
        let start = nodes.count
        var order = [0]
        var isQueued = [Bool](repeating: false, count: left.count)
        isQueued[0] = true
        var next = 0
        while next < order.count {
            let place = order[next]
            next += 1
            if left[place] == -1, right[place] == -1 {
                nodes.append(try leaf(place))
                continue
            }
            for child in [left[place], right[place]] {
                guard let child = Int(exactly: child), isQueued.indices.contains(child),
                    !isQueued[child]
                else { throw error(place, "its child \(child) is none, or another's too") }
                isQueued[child] = true
                order.append(child)
            }
            nodes.append(try split(place, firstChild: start + order.count - 2))
        }
    }

    private func leaf(_ place: Int) throws(TrainerError) -> TreeEnsemble.Node {
        guard conditions[place].isFinite else {
            throw error(place, "its value is \(conditions[place])")
        }
        return TreeEnsemble.Node(
            feature: 0, threshold: 0, left: -1, right: -1, isUnknownLeft: false,
            value: conditions[place])
    }

    private func split(_ place: Int, firstChild: Int) throws(TrainerError) -> TreeEnsemble.Node {
        guard let feature = Int32(exactly: features[place]), feature >= 0, feature < columns else {
            throw error(place, "it splits by feature \(features[place]) of \(columns)")
        }
        guard !conditions[place].isNaN, (0...1).contains(unknownLeft[place]) else {
            throw error(place, "its threshold or its side for the unknown is not one")
        }
        return TreeEnsemble.Node(
            feature: feature, threshold: conditions[place], left: Int32(firstChild),
            right: Int32(firstChild + 1), isUnknownLeft: unknownLeft[place] == 1, value: 0)
    }

    private func error(_ place: Int, _ text: String) -> TrainerError {
        ModelReader.error("tree \(number), node \(place): \(text)")
    }
}
