public import Events

/// Members of Congress, each by a name or by an id in the Biographical Directory.
public struct FollowedMembers: Hashable, Sendable {
    /// The names and ids, ascending, each once.
    public let words: [String]
    private let names: [PersonName]

    /// Members by their names and ids.
    public init(_ words: [String] = []) {
        self.words = words.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        names = self.words.filter { !FollowedMembers.isID($0) }.map(PersonName.init)
    }

    /// Names and ids separated by semicolons; nil where one begins with neither a letter nor a
    /// digit, or holds what no name of an event does.
    public init?(text: String) {
        let parts = text.split(separator: ";").map { part in
            part.split(separator: " ").joined(separator: " ")
        }.filter { !$0.isEmpty }
        guard parts.allSatisfy(FollowedMembers.isName) else { return nil }
        self.init(parts)
    }

    /// The names and ids, separated by semicolons.
    public var text: String { words.joined(separator: "; ") }

    /// Whether there are none.
    public var isEmpty: Bool { words.isEmpty }

    /// Whether a filer is one of them: by the id, or by a name that is the same or leaves out what
    /// the other has.
    public func contains(names known: [PersonName], id: String?) -> Bool {
        if let id, words.contains(id) { return true }
        return known.contains { name in
            names.contains { other in
                switch other.relation(to: name) {
                case .same, .fits: true
                case .contradicts, .differs: false
                }
            }
        }
    }

    /// Whether a text is an id in the Biographical Directory: a letter and six digits.
    public static func isID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 7 && 0x41...0x5A ~= bytes[0]
            && bytes.dropFirst().allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// Letters, digits and what stands between them in names: nothing that YAML reads otherwise.
    private static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool {
            0x41...0x5A ~= byte || 0x61...0x7A ~= byte || 0x30...0x39 ~= byte
        }
        guard let first = bytes.first, isLetter(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || " .,'-()\"&".utf8.contains($0) }
    }
}
