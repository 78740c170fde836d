/// Why a question has no answer.
public enum WhyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The question itself is wrong.
    case usage(String)
    /// What is asked about is not in the log.
    case missing(String)

    /// What happened and what to ask instead.
    public var description: String {
        switch self {
        case .usage(let text), .missing(let text): text
        }
    }
}
