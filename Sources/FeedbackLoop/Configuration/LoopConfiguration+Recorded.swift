extension LoopConfiguration {
    /// The settings of a loop as a run recorded them: the canonical text of its strategy, one
    /// `key: value` a line. Nil for a strategy that is no loop; a setting that is not there has
    /// what a text without it means, or its default.
    public static func recorded(_ text: String) throws(RecordedConfigurationError)
        -> LoopConfiguration?
    {
        var configuration = LoopConfiguration.feedback
        for line in text.split(separator: "\n") {
            guard let mark = line.firstIndex(of: ":") else {
                throw RecordedConfigurationError(line: String(line), problem: "is no key: value")
            }
            let key = String(line[..<mark])
            let value = String(line[mark...].dropFirst().drop { $0 == " " })
            switch (key, value) {
            case ("strategy", "feedback-loop"): configuration.takeUnwritten()
            case ("strategy", "oracle"):
                configuration = .oracle
                configuration.takeUnwritten()
            case ("strategy", _): return nil
            // Whom an oracle follows is no setting of the loop.
            case ("filers", _): continue
            default:
                guard let field = fields.first(where: { $0.key == key }) else {
                    throw RecordedConfigurationError(line: String(line), problem: "is no setting")
                }
                if let problem = field.set(&configuration, value) {
                    throw RecordedConfigurationError(
                        line: String(line), problem: "\(problem); it takes \(field.range)")
                }
            }
        }
        return configuration
    }

    /// Takes what a canonical text means where it has no line.
    public mutating func takeUnwritten() {
        for field in LoopConfiguration.fields {
            guard let value = field.unwritten, let problem = field.set(&self, value) else {
                continue
            }
            preconditionFailure("\(field.key): \(value) \(problem)")
        }
    }
}

/// Why a recorded configuration cannot be read.
public struct RecordedConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line.
    public let line: String
    /// What is wrong with it.
    public let problem: String

    /// Both, and what to do.
    public var description: String {
        "\(line): \(problem); read it with the program that recorded it, or update this one"
    }
}
