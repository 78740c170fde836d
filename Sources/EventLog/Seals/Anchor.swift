public import Events

/// Where a log ended, and its seal there: kept outside of its folder it shows that nothing before
/// it was changed since.
public struct Anchor: Hashable, Sendable, CustomStringConvertible {
    /// Position of the last event then.
    public let position: UInt64
    /// The seal's hexadecimal digits, 16 of them or more.
    public let seal: String

    /// Reads `POSITION:SEAL`; the seal is its 64 hexadecimal digits, or 16 of them and more.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let position = UInt64(parts[0]), position > 0,
            16...64 ~= parts[1].utf8.count, parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        (self.position, seal) = (position, parts[1].lowercased())
    }

    /// The anchor of a log that ends so.
    public init(_ head: LogHead) {
        (position, seal) = (head.position, "\(head.seal)")
    }

    /// `POSITION:SEAL`.
    public var description: String { "\(position):\(seal)" }

    /// Whether it is of a log that ended there with this seal.
    public func isOf(_ position: UInt64, _ seal: Digest) -> Bool {
        position == self.position && "\(seal)".hasPrefix(self.seal)
    }

    /// How the log differs from what it was; nil when it does not.
    public func difference(from log: some SealedPast) throws -> String? {
        guard let commit = try log.commit(holding: position) else {
            return "the log ends before position \(position), where its seal was \(seal)"
        }
        guard commit.head.position == position else {
            return "no commit ends at position \(position), where its seal was \(seal)"
        }
        return "\(commit.seal)".hasPrefix(seal)
            ? nil : "at position \(position) its seal is \(commit.seal), and was \(seal)"
    }
}

/// What has commits with seals: a log, or its copy in a backup.
public protocol SealedPast {
    /// The commit that holds a position; nil when the log does not reach it.
    func commit(holding position: UInt64) throws -> Commit?
}

extension EventLog: SealedPast {}
