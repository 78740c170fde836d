import Testing

@testable import Events

/// One number a person: the table of what joins, what does not, and in which order.
@Suite("Identities of filers")
struct FilerIdentityTests {
    /// A spelling: name, then chamber and office (`H TX02`), then an id; `-` where it is not said.
    struct Row: Sendable, ExpressibleByStringLiteral {
        let spelling: FilerIdentities.Spelling

        init(stringLiteral text: String) {
            let parts = text.split(separator: "|").map { $0.split(separator: " ") }
            let seat = parts.count > 1 ? parts[1].map(String.init) : []
            let office = seat.count > 1 ? seat[1] : nil
            spelling = FilerIdentities.Spelling(
                bioguide: parts.count > 2 ? parts[2].joined() : nil,
                name: parts[0].joined(separator: " "),
                chamber: seat.first == "H" ? .house : seat.first == "S" ? .senate : nil,
                office: office)
        }
    }

    private func numbers(_ rows: [Row]) -> [Int] {
        var identities = FilerIdentities()
        return rows.map { identities.number($0.spelling) }
    }

    @Test(
        "spellings of one person are two",
        arguments: [
            ["Ana Ruiz|H TX02", "ANA RUIZ|H TX02", "Ruiz, Ana|H TX-2", "Hon. Ana Ruiz|H"],
            ["Ana Ruiz|H TX02", "Ana Ruiz|H TX35", "Ana Ruiz|H"],
            ["Ron Wells|S ORS2", "Ron L. Wells|S OR", "Ron Lee Wells|S"],
            ["Joe Marsh|H MA04", "Joe Marsh, III|H MA04", "JOE MARSH III|H"],
            ["Ana Ruiz|H TX02|R000001", "Ana Ruiz|H TX02", "Ana B Ruiz|H"],
            ["Ana Ruiz|H TX02", "Ana Ruiz|H TX02|R000001", "Ann Ruiz|S TX|R000001"],
            ["Ana Ruiz|H TX02|R000001", "Ana Ruiz|S TX|R000001", "Ana Ruiz|S TXS1"],
            ["Ana Ruiz", "Ana Ruiz|H TX02"], ["Ron Wells", "Ron L Wells"],
        ] as [[Row]])
    func one(_ rows: [Row]) {
        #expect(numbers(rows) == rows.map { _ in 0 })
    }

    @Test(
        "two persons are one",
        arguments: [
            ["Ana Ruiz|H TX02", "Ana Ruiz|S TX"], ["Ana Ruiz|H TX02", "Ana Ruiz|H CA02"],
            ["Joe Marsh Jr|H MA04", "Joe Marsh Sr|H MA04"],
            ["Joe Marsh III|H MA04", "Joe Marsh Jr|H MA04"],
            ["Ron L Wells|S OR", "Ron K Wells|S OR"], ["Ron Wells|H OR01", "Ron L Wells|H OR02"],
            ["Ron Wells|S OR", "Ronald Wells|S OR"], ["Ron Wells|S OR", "Ron L Wells"],
            ["Ana Ruiz|H TX02|R000001", "Ana Ruiz|H TX02|R000002"],
            ["Jackson Lee|H TX18", "Sheila Jackson Lee|H TX18"],
        ] as [[Row]])
    func two(_ rows: [Row]) {
        #expect(numbers(rows) == [0, 1])
    }

    @Test("a spelling that fits two is joined to one of them")
    func several() {
        let wells: [Row] = ["Ron L Wells|S OR", "Ron K Wells|S OR", "Ron Wells|S OR"]
        #expect(numbers(wells) == [0, 1, 2])
        // The same person in another spelling is that third one, not a fourth.
        #expect(numbers(wells + ["WELLS, RON|S OR", "Ron Wells|S OR"]) == [0, 1, 2, 2, 2])
        // A name without a seat is neither of two namesakes.
        #expect(numbers(["Mel Rook|H AL03", "Mel Rook|H MI08", "Mel Rook"]) == [0, 1, 2])
        // The one with more in common wins.
        #expect(
            numbers(["Mel Rook|H AL03|R000001", "Mel Rook|H|R000002", "MEL ROOK|H AL02"])
                == [0, 1, 0])
    }

    @Test("a name fits a person whom another of the person's spellings contradicts")
    func contradicted() {
        #expect(
            numbers(["Ron Wells|S OR", "Ron L Wells|S OR", "Ron K Wells|S OR"]) == [0, 0, 1])
    }

    @Test("a later fact changes the number of an earlier spelling")
    func stable() {
        let rows: [Row] = ["Ron Wells|S OR", "Ron L Wells|S OR", "Ron K Wells|S OR"]
        #expect(numbers(rows + [rows[0], rows[1]]) == [0, 0, 1, 0, 0])
        for length in 1...rows.count {
            #expect(numbers(Array(rows.prefix(length))) == Array([0, 0, 1].prefix(length)))
        }
    }

    @Test("a reference fact that gives two filers one id leaves them two")
    func joined() {
        var identities = FilerIdentities()
        func number(_ row: Row) -> Int { identities.number(row.spelling) }
        #expect(number("Bo Marsh|H VA03") == 0)
        #expect(number("Robert Marsh|H VA03|M000001") == 1)
        #expect(identities.joins.isEmpty)
        #expect(identities.describe(Row("Bo Marsh|H VA03|M000001").spelling, isDated: true) == 1)
        #expect(identities.joins.map { [$0.number, $0.other] } == [[0, 1]])
        #expect(identities.current(0) == 1 && number("Bo Marsh|H VA03") == 1)
        #expect(number("BO MARSH|H") == 1)
    }

    @Test("an id takes a filer of whom nothing says which of two namesakes it is")
    func notTaken() {
        #expect(
            numbers(["Mel Rook|H AL03|R000001", "Mel Rook|H MI08|R000002", "Mel Rook", "Mel Rook"])
                == [0, 1, 2, 2])
        #expect(
            numbers(["Mel Rook|H AL03|R000001", "Mel Rook|S", "Mel Rook|H MI08|R000002"])
                == [0, 1, 2])
    }

    @Test("a senator of today is not the representative of then, or a dated fact says so too")
    func promoted() {
        let now = Row("Ana Ruiz|S TX|R000001")
        for isDated in [false, true] {
            var identities = FilerIdentities()
            #expect(identities.describe(now.spelling, isDated: isDated) == 0)
            let then = identities.number(Row("ANA RUIZ|H TX02").spelling)
            #expect(then == (isDated ? 1 : 0))
            #expect(identities.number(Row("Ana Ruiz|H CA02").spelling) == then + 1)
        }
        // Where a name leaves something out the chamber must be the same.
        var identities = FilerIdentities()
        #expect(identities.describe(now.spelling, isDated: false) == 0)
        #expect(identities.number(Row("Ana B Ruiz|H TX02").spelling) == 1)
    }

    @Test("a district of today is not that of then, or a dated fact says so too")
    func redistricted() throws {
        for isDated in [false, true] {
            var identities = FilerIdentities()
            let now = Row("Ana B. Ruiz|H TX07|R000001").spelling
            #expect(identities.describe(now, isDated: isDated) == 0)
            let then = identities.number(Row("Ana Ruiz|H TX02").spelling)
            #expect(then == (isDated ? 1 : 0))
        }
        var identities = FilerIdentities()
        for (number, row) in ["Joe Marsh Jr|H NJ10|M1", "Joe P Marsh|H NJ10|M2"].enumerated() {
            #expect(identities.describe(Row(stringLiteral: row).spelling, isDated: false) == number)
        }
        #expect(identities.number(Row("Joe Marsh|H NJ08").spelling) == 2, "both fit")
    }

    @Test("who is suspected to be one person is not said, or not why")
    func suspects() {
        var identities = FilerIdentities()
        let rows: [Row] = [
            "Ron L Wells|S OR", "Ron K Wells|S OR", "Ron Wells|S OR", "Ana Ruiz|H TX02",
            "Ana Ruiz|S TXS1", "Mel Rook|H AL03", "Mel Rook|H MI08", "Bo Marsh|H VA03",
            "Robert Marsh|H VA03", "Ivy Stone|H UT01", "Ivy B Stone|H UT02", "Zoe Lund|H",
            "Joe Frost|S NY|F000001", "Joe Frost|S NY|F000002",
        ]
        for row in rows { _ = identities.number(row.spelling) }
        let found = identities.suspects { _ in true }.map {
            "\($0.first) \($0.second) \($0.reason.rawValue)"
        }
        #expect(
            found == [
                "0 1 other middle name or suffix", "0 2 several fit", "1 2 several fit",
                "3 4 other chamber", "5 6 other state", "7 8 other first name",
                "9 10 other district",
            ])
        #expect(identities.suspects { _ in false }.isEmpty)
    }
}
