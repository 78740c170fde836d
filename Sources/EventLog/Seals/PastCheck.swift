import Events

/// Holds a log's past against lines that were kept elsewhere.
///
/// The log's own seals must have been verified: this compares, and computes nothing again.
public struct PastCheck: Sendable {
    /// A line that was kept.
    public struct Line: Sendable {
        /// Where the log ended, and its seal there.
        public let anchor: Anchor
        /// The signed line, where it is one.
        public let signed: SignedSeal?

        /// Reads `POSITION:SEAL`, with the word `seal` before it or not, or a signed line.
        public init(_ text: String) throws(SealError) {
            if SignedSeal.isMeant(by: text) {
                let line = try SignedSeal(text)
                (anchor, signed) = (line.anchor, line)
                return
            }
            let bare = text.hasPrefix("seal ") ? String(text.dropFirst(5)) : text
            guard let anchor = Anchor(bare) else { throw .unreadable(text) }
            (self.anchor, signed) = (anchor, nil)
        }
    }

    /// Lines that hold, the latest position among them; 0 when none does.
    public private(set) var held: (count: Int, through: UInt64) = (0, 0)
    /// The first line that says nothing of this log, and why: forged, of another signer or log.
    public private(set) var refused: (anchor: Anchor, text: String)?
    /// The first line that says how the past was changed; nil when none does.
    public private(set) var broken: (anchor: Anchor, text: String)?
    /// Keys that signed lines, none twice.
    public private(set) var keys: [String] = []
    /// Lines that nobody signed.
    public private(set) var unsigned = 0

    /// Compares a log with lines in order of their positions.
    ///
    /// - Parameter key: whose signatures are taken, hexadecimal; nil for anybody's.
    public init(_ log: EventLog, _ lines: [Line], signedBy key: String?) throws {
        for line in lines.sorted(by: { $0.anchor.position < $1.anchor.position }) {
            if let text = try fault(line, of: log, key) {
                if refused == nil { refused = (line.anchor, text) }
            } else if let text = try line.anchor.difference(from: log) {
                if broken == nil { broken = (line.anchor, text) }
            } else if broken == nil {
                held = (held.count + 1, line.anchor.position)
            }
        }
    }

    /// What is wrong with a line itself, or with its being this log's.
    private mutating func fault(_ line: Line, of log: EventLog, _ key: String?) throws -> String? {
        guard let signed = line.signed else {
            unsigned += 1
            return key == nil
                ? nil : "the line of position \(line.anchor.position) is not signed"
        }
        guard try signed.isGenuine() else {
            return "the line of position \(line.anchor.position) was changed, or never signed by "
                + "\(signed.publicKey)"
        }
        if let key, key != signed.publicKey {
            return "the line of position \(line.anchor.position) is signed by "
                + "\(signed.publicKey), not by \(key)"
        }
        guard signed.logID == log.identity.logID else {
            return "the line of position \(line.anchor.position) is of the log \(signed.logID), "
                + "this is \(log.identity.logID)"
        }
        if !keys.contains(signed.publicKey) { keys.append(signed.publicKey) }
        return nil
    }

    /// Whether every line is this log's and holds.
    public var holds: Bool { refused == nil && broken == nil }

    /// What lines that hold prove of a log of so many events, and what they do not.
    public func proof(events: UInt64) -> String {
        var lines = [
            "proven: the log up to position \(held.through) is the one of which the line was taken"
        ]
        if events > held.through {
            lines.append(
                "not proven: positions \(held.through + 1) to \(events), which came after the line")
        }
        lines += keys.map {
            "not proven: whose key \($0) is (recount seal --check --key, with the key you know)"
        }
        if unsigned > 0 {
            lines.append("not proven: that the line is the one that was taken: it is not signed")
        }
        return lines.joined(separator: "\n")
    }

    /// A sentence of what was found.
    public var sentence: String {
        guard let broken else {
            if let refused { return "\(refused.text); it proves nothing of this log" }
            return "\(held.count) \(held.count == 1 ? "line holds" : "lines hold"): the past up to "
                + "position \(held.through) is what it was"
        }
        let place =
            held.count == 0
            ? "no earlier line holds, so the change lies anywhere from position 1 to "
                + "\(broken.anchor.position)"
            : "up to position \(held.through) it is what it was, so the change lies from position "
                + "\(held.through + 1) to \(broken.anchor.position)"
        return "the past was changed: \(broken.text); \(place)"
    }
}
