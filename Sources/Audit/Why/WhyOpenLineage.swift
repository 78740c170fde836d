import Digests
import Events

extension WhyNode {
    /// The tree as OpenLineage events (spec 2-0-2), one JSON object a line: each answer is a run of
    /// the job that its type names, with its causes as inputs and itself as the output.
    ///
    /// - Parameter namespace: names the log, for instance `recount:first`.
    public func openLineage(namespace: String) -> String {
        let graph = WhyGraph(self)
        return graph.nodes.indices.map { number in
            let node = graph.nodes[number]
            var run = JSONObject()
            run.text("runId", WhyNode.uuid("\(namespace) \(node.datasetName)"))
            var job = JSONObject()
            job.text("namespace", namespace)
            job.text("name", node.type.isEmpty ? "Why" : node.type)
            let causes = graph.edges.filter { $0.effect == number }.map { graph.nodes[$0.cause] }
            var event = JSONObject()
            event.text("eventType", "COMPLETE")
            event.text("eventTime", "\(node.knownAt ?? .epoch)")
            event.json("run", run.text)
            event.json("job", job.text)
            event.json(
                "inputs", JSONObject.list(causes.map { $0.dataset(namespace) }))
            event.json("outputs", JSONObject.list([node.dataset(namespace)]))
            event.text("producer", WhyNode.producer)
            event.text(
                "schemaURL",
                "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent")
            return event.text
        }.joined(separator: "\n")
    }

    private static let producer = "urn:recount:why"

    private var datasetName: String { event == .none ? title : "\(event)" }

    private func dataset(_ namespace: String) -> String {
        var documentation = JSONObject()
        documentation.text("_producer", WhyNode.producer)
        documentation.text(
            "_schemaURL",
            "https://openlineage.io/spec/facets/1-0-1/DocumentationDatasetFacet.json"
                + "#/$defs/DocumentationDatasetFacet")
        documentation.text("description", title)
        var facets = JSONObject()
        facets.json("documentation", documentation.text)
        var dataset = JSONObject()
        dataset.text("namespace", namespace)
        dataset.text("name", datasetName)
        dataset.json("facets", facets.text)
        return dataset.text
    }

    /// A UUID (version 8, of one's own making) from the digest of a text: the same text, the same.
    private static func uuid(_ text: String) -> String {
        var digits = Array("\(SHA256.hash(text))".prefix(32))
        digits[12] = "8"
        digits[16] = "8"
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return parts.joined(separator: "-")
    }
}
