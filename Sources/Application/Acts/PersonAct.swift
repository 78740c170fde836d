import Events

/// Who does something by hand, and why.
public struct PersonAct: Hashable, Sendable {
    /// Who.
    public let who: String
    /// Why; it stays in the log.
    public let reason: String

    /// A person and a reason.
    ///
    /// - Throws: `ApplicationError.invalid` for what an event cannot hold.
    public init(who: String, reason: String) throws(ApplicationError) {
        try PersonAct.check(who: who)
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw .invalid("reason", "is empty; say why, for example \"drift\"")
        }
        guard reason.utf8.count <= PersonAct.longestReason else {
            throw .invalid("reason", "takes at most 2,000 bytes, not \(reason.utf8.count)")
        }
        (self.who, self.reason) = (who, reason)
    }

    /// Bytes of the longest reason.
    public static let longestReason = 2_000
    /// Characters of the longest name.
    public static let longestName = 48

    /// Refuses a name that an event cannot hold.
    public static func check(who: String) throws(ApplicationError) {
        guard !who.isEmpty, WireText.fits(who, length: longestName) else {
            throw .invalid(fields: ["who"], "{who} \(who): takes 1 to 48 ASCII characters")
        }
    }
}
