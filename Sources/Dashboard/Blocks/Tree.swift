import Audit
import Events

extension Block {
    /// The causes of something, as a tree.
    static func tree(_ title: String?, _ answer: WhyNode, _ viewing: Viewing) -> Block {
        Block(
            "tree",
            ["title": title ?? false, "root": [node(answer, part: nil, depth: 0, viewing)]])
    }

    /// Causes of this depth are unfolded.
    private static let openDepth = 2

    private static func node(
        _ node: WhyNode, part: String?, depth: Int, _ viewing: Viewing
    ) -> [String: Any] {
        [
            "part": part ?? false, "hasEvent": node.event != .none, "event": "\(node.event)",
            "href": viewing.link("/why/event/\(node.event)"), "sentence": node.title,
            "when": node.knownAt.map { Format.time($0) } ?? false, "sentences": node.sentences,
            "hasFigures": !node.figures.isEmpty,
            "figures": node.figures.map { figure -> [String: Any] in
                [
                    "name": figure.name, "value": figure.text, "rule": figure.rule ?? "",
                    "margin": figure.margin ?? "",
                    "isRecomputed": figure.origin == .recomputed,
                    "tone": figure.isMet.map { $0 ? "met" : "missed" } ?? false,
                ]
            },
            "source": node.source.map { ["format": $0.format, "row": $0.text] } ?? false,
            "later": node.later, "isOpen": depth < openDepth,
            "causes": node.causes.map { cause -> [String: Any] in
                var behind = cause.node
                if cause.isNamedOnly { (behind.causes, behind.figures) = ([], []) }
                return Block.node(behind, part: cause.role, depth: depth + 1, viewing)
            },
        ]
    }
}
