/// What the first rows of a JSON file tell of all of them.
struct JSONOutline {
    /// The names of the members of the rows, in order of appearance.
    var names: [String] = []
    /// Whether rows are filings that hold transactions.
    var hasTransactions = false
    /// Whether what looks like rows stands in filings, one filing after another.
    var isOfTransactions = false
    /// Rows that were looked at.
    var rows: [JSONValue] = []
    /// The name under which the first row stands, where that can be a ticker.
    var symbolKey: String?
    /// Whether rows stand under their dates.
    var hasDateKeys = false
    /// The scalars beside the rows, by column key; complete only when `context(of:)` asks for all.
    var context: [String: String] = [:]

    /// Rows whose names are looked at: an object may lack what others have.
    static let sample = 10_000
    /// Rows that are kept.
    static let kept = 200

    /// Looks at the beginning of a file.
    init(_ name: String) throws(IngestError) {
        var scanner = JSONScanner(try InputFile(name))
        var known: Set<String> = []
        var count = 0
        while count < JSONOutline.sample, try scanner.advance() {
            context = scanner.context
            guard !scanner.isMalformed, let value = try? JSONParser.parse(scanner.element),
                case .object = value.content
            else { continue }
            if rows.isEmpty {
                hasDateKeys = scanner.key.utf8.prefix(4).allSatisfy(isDigit) && !scanner.key.isEmpty
                if scanner.isKeyedTwice { symbolKey = scanner.key }
            }
            count += 1
            if rows.count < JSONOutline.kept { rows.append(value) }
            for (name, _) in value.flattened where known.insert(name).inserted {
                names.append(name)
            }
            if scanner.key == "transactions" { isOfTransactions = true }
            if isOfTransactions || known.contains("transactions") { hasTransactions = true }
        }
    }

    /// The name of the list without rows, where the file is an answer that has none.
    var emptyList: String? {
        guard rows.count == 1, case .object(let members) = rows[0].content else { return nil }
        return members.first { _, value in
            if case .array(let rows) = value.content { rows.isEmpty } else { false }
        }?.name
    }

    /// The refusal of an answer without rows; nil for any other file.
    func refusal(_ file: String) -> IngestError? {
        guard rows.isEmpty || emptyList != nil else { return nil }
        return IngestError(
            .unknownHeader, file: file,
            "holds no rows" + (emptyList.map { " (\"\($0)\" is an empty list)" } ?? ""))
    }

    /// The scalar beside the rows, wherever in the file, that names a ticker.
    static func symbol(in name: String) throws(IngestError) -> String? {
        var scanner = JSONScanner(try InputFile(name))
        while try scanner.advance() {}
        return symbol(scanner.context)
    }

    static func symbol(_ context: [String: String]) -> String? {
        ["symbol", "ticker", "2symbol"].lazy.compactMap { context[$0] }.first
    }
}
