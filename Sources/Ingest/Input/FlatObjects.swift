/// Reads the wanted members of objects without objects in them, one object after another, and
/// builds none of what is not wanted: most files of filings are nothing else.
struct FlatObjects {
    /// Names of members in UTF-8.
    private let wanted: [[UInt8]]
    /// The members of the last object, in order, and the place of each in `wanted`, −1 for none:
    /// most objects of a file have the same.
    private var members: [(name: [UInt8], place: Int)] = []

    /// Reads the members of these names.
    init(wanted names: [String]) {
        wanted = names.map { Array($0.utf8) }
    }

    /// Gives each wanted member of an object by its place in the names, nil for `null`; false where
    /// the bytes are no object, or hold another value than texts and literals, and must be read as
    /// a whole.
    mutating func read(
        _ bytes: [UInt8], _ take: (Int, String?) -> Void
    ) throws(JSONParser.Failure) -> Bool {
        var parser = JSONParser(bytes)
        guard parser.take(0x7B) else { return false }
        var index = 0
        if !parser.take(0x7D) {
            repeat {
                guard let name = parser.plainString() else { return false }
                let place = place(of: bytes[name], at: index)
                index += 1
                try parser.expect(0x3A)
                parser.skipBlanks()
                switch parser.next {
                case 0x22:
                    if place >= 0 { take(place, try parser.string()) } else { try parser.skip() }
                case 0x5B, 0x7B: return false
                default:
                    let text = try parser.literal()
                    if place >= 0 { take(place, text == "null" ? nil : text) }
                }
            } while parser.take(0x2C)
            try parser.expect(0x7D)
        }
        try parser.expectEnd()
        return true
    }

    private mutating func place(of name: ArraySlice<UInt8>, at index: Int) -> Int {
        if index < members.count, members[index].name.elementsEqual(name) {
            return members[index].place
        }
        let place = wanted.firstIndex { $0.elementsEqual(name) } ?? -1
        guard index < 1_000 else { return place }
        if index < members.count {
            members[index] = (Array(name), place)
        } else {
            members.append((Array(name), place))
        }
        return place
    }
}
