import Events

/// A tree of causes as a graph: each answer once, and edges from causes to what they led to.
struct WhyGraph {
    /// An edge, from a cause to what it led to.
    struct Edge {
        let cause: Int
        let effect: Int
        let role: String
    }

    /// The answers, in the order in which they are told.
    private(set) var nodes: [WhyNode] = []
    /// The edges, in the order in which they are told.
    private(set) var edges: [Edge] = []
    private var numbers: [Reference: Int] = [:]

    init(_ root: WhyNode) {
        _ = add(root)
    }

    private mutating func add(_ node: WhyNode) -> Int {
        let number: Int
        if let known = numbers[node.event], node.event != .none {
            number = known
            // Named before it was told.
            if nodes[known].causes.isEmpty { nodes[known] = node }
        } else {
            number = nodes.count
            nodes.append(node)
            if node.event != .none { numbers[node.event] = number }
        }
        for cause in node.causes {
            let behind = add(cause.node)
            guard behind != number else { continue }
            edges.append(Edge(cause: behind, effect: number, role: cause.role))
        }
        return number
    }
}

extension WhyNode {
    /// The tree as a graph in the language of Graphviz.
    public var dot: String {
        let graph = WhyGraph(self)
        var lines = [
            "digraph why {", "  rankdir=RL;",
            "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];",
            "  edge [fontname=\"sans-serif\", fontsize=9];",
        ]
        for (number, node) in graph.nodes.enumerated() {
            let name = node.event == .none ? "" : "\(node.event) \(node.type)\\n"
            lines.append(
                "  n\(number) [label=\"\(name)\(WhyNode.dotText(WhyNode.wrapped(node.title)))\"];")
        }
        for edge in graph.edges {
            lines.append(
                "  n\(edge.effect) -> n\(edge.cause) [label=\"\(WhyNode.dotText(edge.role))\"];")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// Lines of about 40 characters.
    private static func wrapped(_ text: String) -> String {
        var (lines, line) = ([String](), "")
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > 40 {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [line]).joined(separator: "\n")
    }

    /// Text within quotes: quotes, backslashes and line ends escaped, other controls left out.
    private static func dotText(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": safe += "\\\""
            case "\\": safe += "\\\\"
            case "\n": safe += "\\n"
            case "\u{0}"..<" ", "\u{7F}": safe += " "
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
