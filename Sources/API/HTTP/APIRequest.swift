/// A request, without the server that took it.
public struct APIRequest: Sendable {
    /// The method, in capitals.
    public var method: String
    /// Path and query as they came.
    public var target: String
    /// The header's fields, names in small letters, in their order.
    public var fields: [(name: String, value: String)]
    /// The body, whole.
    public var body: [UInt8]
    /// Who asks.
    public var peer: Peer

    /// Who asks, as the connection tells.
    public struct Peer: Hashable, Sendable {
        /// Its address, without a port.
        public var address: String

        /// A peer at an address.
        public init(address: String) { self.address = address }

        /// Whether it is on this machine.
        public var isLoopback: Bool {
            address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
        }
    }

    /// A request of its parts.
    public init(
        method: String, target: String, fields: [(name: String, value: String)] = [],
        body: [UInt8] = [], peer: Peer
    ) {
        (self.method, self.target, self.fields) = (method, target, fields)
        (self.body, self.peer) = (body, peer)
    }

    /// The value of a field; nil where it is missing or stands there more than once.
    public func field(_ name: String) -> String? {
        let found = fields.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    /// The parts of the path, each decoded; nil for a path that is none: a broken escape, a NUL, a
    /// step up, bytes that are no UTF-8.
    public var segments: [String]? {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.first == "/" else { return nil }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let text = PercentText.decoded(part, plusIsSpace: false), text != "..",
                text != ".", !text.utf8.contains(0)
            else { return nil }
            segments.append(text)
        }
        return segments == [""] ? [] : segments
    }

    /// Names and values of the query, decoded; nil for one that is none.
    public var query: [(name: String, value: String)]? {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return PercentText.pairs(target[target.index(after: mark)...])
    }
}

/// Text with `%XX` for bytes.
enum PercentText {
    /// Names and values of a query or a form; nil for one that is none.
    static func pairs(_ text: Substring) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let sides = part.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(sides[0], plusIsSpace: true),
                let value = decoded(sides.count > 1 ? sides[1] : "", plusIsSpace: true),
                !name.utf8.contains(0), !value.utf8.contains(0)
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }

    /// The text; nil for a broken escape or bytes that are no UTF-8.
    static func decoded(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x25:
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            case 0x2B where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
