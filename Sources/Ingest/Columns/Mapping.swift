import Events

/// What the columns of a file mean, as its reader says (`--map`).
public struct Mapping: Equatable, Sendable {
    /// Fields by column key.
    let columns: [String: String]
    /// Values of fields that no column says, by field.
    let constants: [String: String]
    /// The order of dates like 01/02/2020.
    let dates: DateOrder?
    /// Whether numbers have a decimal comma; nil where the file decides.
    let hasDecimalComma: Bool?
    /// Words for buying and selling, in small letters.
    let buys: Set<String>
    let sells: Set<String>
    /// SHA-256 of all of it.
    let digest: Digest

    /// What a mapping file holds, before it is checked.
    public struct Draft: Sendable {
        /// Fields by column.
        public var columns: [(name: String, field: String)] = []
        /// Values by field.
        public var constants: [(field: String, value: String)] = []
        /// `month-first` or `day-first`.
        public var dates: String?
        /// `comma` or `point`.
        public var decimal: String?
        /// Words for buying.
        public var buys: [String] = []
        /// Words for selling.
        public var sells: [String] = []

        /// Nothing.
        public init() {}
    }

    /// Checks a draft; `file` is where it stands.
    ///
    /// - Throws: `IngestError.badOption` that names the line's word and what can stand there.
    public init(_ draft: Draft, file: String) throws(IngestError) {
        var columns: [String: String] = [:]
        for (name, field) in draft.columns {
            try Mapping.check(field, file)
            guard columns.updateValue(field, forKey: columnKey(name)) == nil else {
                throw IngestError(.badOption, file: file, "names the column \"\(name)\" twice")
            }
        }
        var constants: [String: String] = [:]
        for (field, value) in draft.constants {
            try Mapping.check(field, file)
            constants[field] = value
        }
        self.columns = columns
        self.constants = constants
        dates = try Mapping.choice(draft.dates, "dates", ["month-first", "day-first"], file)
            .flatMap(DateOrder.init(rawValue:))
        hasDecimalComma = try Mapping.choice(draft.decimal, "decimal", ["comma", "point"], file)
            .map { $0 == "comma" }
        buys = Set(draft.buys.map { trimmed($0).lowercased() })
        sells = Set(draft.sells.map { trimmed($0).lowercased() })
        let text =
            draft.columns.map { "\($0.name)=\($0.field)" }.sorted()
            + draft.constants.map { "\($0.field):\($0.value)" }.sorted()
            + [draft.dates ?? "", draft.decimal ?? ""] + draft.buys.sorted() + ["|"]
            + draft.sells.sorted()
        digest = sha256(Array(text.joined(separator: "\u{1F}").utf8))
    }

    private static func check(_ field: String, _ file: String) throws(IngestError) {
        guard PriceField(rawValue: field) == nil, FilingField(field) == nil,
            field != Mapping.ignored
        else { return }
        let prices = PriceField.allCases.map(\.rawValue).joined(separator: ", ")
        let filings = FilingField.allCases.map(\.description).joined(separator: ", ")
        throw IngestError(
            .badOption, file: file,
            "there is no field \"\(field)\"; bars have \(prices), filings have \(filings); a "
                + "column that says nothing is \(Mapping.ignored)")
    }

    private static func choice(
        _ text: String?, _ name: String, _ words: [String], _ file: String
    ) throws(IngestError) -> String? {
        guard let text else { return nil }
        guard words.contains(text) else {
            throw IngestError(
                .badOption, file: file,
                "\(name): \(text) is not understood; write \(words.joined(separator: " or "))")
        }
        return text
    }

    /// The field of a column that is passed over.
    static let ignored = "ignored"

    /// The names of columns of bars: what the mapping says, and what is recognised besides.
    var prices: ColumnNames<PriceField> { names(PriceField.names) { PriceField(rawValue: $0) } }

    /// The names of columns of filings: what the mapping says, and what is recognised besides.
    var filings: ColumnNames<FilingField> { names(FilingField.names) { FilingField($0) } }

    private func names<Field>(
        _ recognised: ColumnNames<Field>, field: (String) -> Field?
    ) -> ColumnNames<Field> {
        let own = columns.compactMapValues(field)
        let mapped = Set(own.values)
        return ColumnNames(
            strong: own,
            weak: recognised.strong.filter { columns[$0.key] == nil && !mapped.contains($0.value) })
    }

    /// The ticker of all rows.
    var symbol: Ticker? { constants["ticker"].flatMap(TickerText.ticker) }

    /// How numbers are written.
    var numbers: NumberReading? { hasDecimalComma.map { NumberReading(hasDecimalComma: $0) } }

    /// What a word for a transaction means; nil for one that the mapping does not have.
    func kind(_ word: String) -> TransactionKind? {
        let word = trimmed(word).lowercased()
        if buys.contains(word) { return .purchase }
        return sells.contains(word) ? .sale : nil
    }
}
