extension LoopConfiguration {
    /// The settings of a loop as a run recorded them: the canonical text of its strategy, one
    /// `key: value` a line. Nil for a strategy that is no loop; a setting that was not there yet
    /// has its default.
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
            case ("strategy", "feedback-loop"): continue
            case ("strategy", "oracle"): configuration = .oracle
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
