/// Metrics in the text exposition format of Prometheus, version 0.0.4.
public struct PrometheusText: Sendable {
    /// The text so far.
    public private(set) var text = ""

    /// No metric yet.
    public init() {}

    /// Begins a metric: its name, its type (`counter`, `gauge`, `histogram`), and what it means.
    public mutating func metric(_ name: String, _ type: String, _ help: String) {
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    /// A value of it, with labels in the order in which they are given.
    public mutating func sample(
        _ name: String, _ labels: [(name: String, value: String)], _ value: String
    ) {
        let labels = labels.map { "\($0.name)=\"\(PrometheusText.escaped($0.value))\"" }
        text += name
        if !labels.isEmpty { text += "{\(labels.joined(separator: ","))}" }
        text += " \(value)\n"
    }

    /// A value of a metric without labels.
    public mutating func sample(_ name: String, _ value: String) { sample(name, [], value) }

    /// A number as the format writes it: whole ones without a point.
    public static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
    }
}
