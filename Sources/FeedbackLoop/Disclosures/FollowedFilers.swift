import Events

/// The filers that an oracle follows: it reads their purchases and nothing else of anyone.
///
/// In a simulated world they are the skilled ones, which no strategy could know; what the oracle
/// earns is what there is to be learnt.
public struct FollowedFilers: Hashable, Sendable {
    /// Their names as filings write them, ascending.
    public let names: [String]
    /// The same as they are compared.
    private let spellings: [PersonName]

    /// A set of names.
    public init(_ names: [String]) {
        self.names = names.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        spellings = self.names.map(PersonName.init)
    }

    /// Names separated by semicolons.
    public init(text: String) {
        let parts = text.split(separator: ";").map { part in
            part.split(separator: " ").joined(separator: " ")
        }
        self.init(parts.filter { !$0.isEmpty })
    }

    /// The names, separated by semicolons.
    public var text: String { names.joined(separator: "; ") }

    /// The names as a quoted scalar of YAML.
    public var yaml: String {
        var quoted = "'"
        for character in text { quoted += character == "'" ? "''" : "\(character)" }
        return quoted + "'"
    }

    /// Whether a fact is none of a filing, or one of a purchase by one of them.
    func reads(_ message: RawSpan, templateID: UInt16) throws(DecodingError) -> Bool {
        switch templateID {
        case DisclosureFiled.templateID:
            let event = try DisclosureFiledView(message)
            return event.side == .buy && follows(event.filer)
        case DisclosureAmended.templateID:
            let event = try DisclosureAmendedView(message)
            return event.side == .buy && follows(event.filer)
        default:
            return true
        }
    }

    private func follows(_ name: String) -> Bool {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        if low < names.count && names[low] == name { return true }
        // Another spelling of the whole name: what it leaves out, a list of names cannot tell.
        let other = PersonName(name)
        return spellings.contains {
            if case .same = $0.relation(to: other) { true } else { false }
        }
    }
}
