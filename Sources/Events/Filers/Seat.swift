/// Whose seat a filer holds: chamber, state and district, as far as they are said.
public struct Seat: Hashable, Sendable {
    /// House or Senate.
    public let chamber: Chamber?
    /// The state's two letters, nil where the office does not begin with them.
    public let state: String?
    /// The district's digits without leading zeros, nil where the office has none.
    public let district: String?

    /// A seat by chamber and office: `MI03`, `MI-3`, `ORS2` (a senator's first or second seat) or
    /// `WA`; of any other office nothing is known.
    public init(chamber: Chamber?, office: String?) {
        let bytes = office.map { Array($0.utf8) } ?? []
        let digits = bytes.dropFirst(2).filter { $0 != 0x2D && $0 != 0x20 }
        let isOfSenate = digits.count == 2 && digits[0] == 0x53 && 0x30...0x39 ~= digits[1]
        let isOfHouse =
            !digits.isEmpty && digits.count <= 2 && digits.allSatisfy { 0x30...0x39 ~= $0 }
        let text = String(decoding: bytes.prefix(2), as: UTF8.self)
        guard isOfSenate || isOfHouse || digits.isEmpty, Seat.states.contains(text) else {
            (self.chamber, state, district) = (chamber, nil, nil)
            return
        }
        self.chamber = chamber ?? (isOfSenate ? .senate : isOfHouse ? .house : nil)
        state = text
        district =
            isOfHouse && self.chamber != .senate
            ? String(decoding: digits.drop { $0 == 0x30 }, as: UTF8.self) : nil
    }

    /// Whether nothing is said.
    public var isUnsaid: Bool { chamber == nil && state == nil }

    /// Whether no part that both say differs, of chamber and state.
    public func agrees(_ other: Seat) -> Bool {
        Seat.agree(chamber, other.chamber) && Seat.agree(state, other.state)
    }

    /// Whether no part that both say differs.
    public func isSame(_ other: Seat) -> Bool {
        agrees(other) && Seat.agree(district, other.district)
    }

    /// How many parts both say, and say alike.
    func shared(_ other: Seat) -> Int {
        func one<Part: Equatable>(_ left: Part?, _ right: Part?) -> Int {
            left != nil && left == right ? 1 : 0
        }
        return one(chamber, other.chamber) + one(state, other.state)
            + one(district, other.district)
    }

    private static func agree<Part: Equatable>(_ left: Part?, _ right: Part?) -> Bool {
        left == nil || right == nil || left == right
    }

    private static let states: [String] = [
        "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA",
        "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT",
        "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI", "SC",
        "SD", "TN", "TX", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
    ]
}
