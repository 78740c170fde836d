public import Events

/// What a file holds, by its content alone.
public enum FileKind: Hashable, Sendable, CustomStringConvertible {
    /// Filings.
    case disclosures
    /// Daily bars.
    case prices
    /// Closes of an index.
    case index(IndexSeries)
    /// Splits, dividends, changes of symbol.
    case actions
    /// Parties, sectors, committees.
    case reference

    /// The word for it, as `recount ingest` has it.
    public var description: String {
        switch self {
        case .disclosures: "disclosures"
        case .prices: "prices"
        case .index(let series): series == .market ? "index" : "index vix"
        case .actions: "actions"
        case .reference: "reference"
        }
    }

    /// The kind of a file, by the names of its columns or members.
    ///
    /// A close without open, high and low is an index's: of the volatility index where the file
    /// says VIX, else of the market's.
    ///
    /// - Throws: `IngestError` for a file that cannot be read, or whose columns tell nothing.
    public static func of(_ name: String) throws -> FileKind {
        let first = try InputFile.firstByte(name)
        let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        let outline = try isJSON ? nil : TextOutline(name)
        if let outline, WideHeader(outline.records) != nil { return .prices }
        let json = try isJSON ? JSONOutline(name) : nil
        if json?.hasTransactions == true || json?.isOfTransactions == true { return .disclosures }
        let header = outline?.records.first ?? json?.names ?? []
        let keys = Set(header.map(columnKey))
        func has(_ names: String...) -> Bool { names.allSatisfy { keys.contains(columnKey($0)) } }
        if has("ex_date", "kind") { return .actions }
        if has("committee") || has("sector", "symbol") || has("sector", "ticker")
            || has("bioguide_id", "party") && !has("transaction_date")
        {
            return .reference
        }
        let (filings, bars, closes) = Guess.missing(header)
        if filings == 0, bars > 0 || closes > 0 { return .disclosures }
        if bars == 0 { return .prices }
        if closes == 0 {
            let words = outline?.records.prefix(3).joined().map { $0.lowercased() } ?? []
            let isVolatility = (header + words).contains { $0.lowercased().contains("vix") }
            return .index(isVolatility ? .volatility : .market)
        }
        throw IngestError(
            .unknownHeader, file: name,
            "its columns are those of no filings, bars, index, actions or reference: "
                + header.joined(separator: ", "))
    }
}
