/// A row of a filing that tells of an option: it is counted and not traded.
///
/// It is read from the source row that a rejection keeps, whichever importer read it: by the type
/// that the source gives, else by the code `[OP]` of the House's forms or the words of the
/// description.
public struct FiledOption: Hashable, Sendable {
    /// A call or a put.
    public enum Right: String, CaseIterable, Sendable {
        /// The right to buy.
        case call
        /// The right to sell.
        case put
        /// The row does not say.
        case unknown
    }

    /// The filer's name as filed.
    public let filer: String
    /// The symbol of what it is an option on; empty where the row has none.
    public let underlying: String
    /// A call or a put.
    public let right: Right
    /// Bought or sold; nil for an exchange, or where the row does not say.
    public let side: TradeSide?
    /// The transaction date as filed.
    public let traded: String
    /// The amount as filed.
    public let amount: String
    /// What the row calls it, without markup.
    public let asset: String

    /// Reads the row of a rejection; nil where it tells of no option.
    public init?(row: [UInt8]) {
        let fields = SourceFields(row)
        let asset = FiledOption.plain(
            fields.text("asset_description", "assetdescription", "description", "asset", "issuer"))
        let type = fields.text("asset_type", "assettype", "tickertype", "security_type")
            .lowercased()
        let words = asset.lowercased().split { !$0.isLetter }
        let isTyped = ["stock option", "stock options", "option", "options", "op"].contains(type)
        let isOption = words.contains("option") || words.contains("options")
        let isRight = ["call", "calls", "put", "puts", "stock", "strike"].contains { right in
            words.contains { $0 == right }
        }
        // A type that says something else is believed.
        guard
            isTyped
                || (type.isEmpty
                    && (asset.contains("[OP]") || asset.contains("Option Type:")
                        || (isOption && isRight)))
        else { return nil }
        let last = fields.text("last_name", "lastname")
        let parts =
            last.isEmpty
            ? [fields.text("representative", "senator", "name", "filer", "politician", "member")]
            : [fields.text("first_name", "firstname"), last]
        filer = parts.joined(separator: " ").split(separator: " ").joined(separator: " ")
        let symbol = FiledOption.plain(fields.text("ticker", "symbol")).uppercased()
        underlying = ["--", "N/A", "NONE", "NULL"].contains(symbol) ? "" : symbol
        let isCall = words.contains { $0 == "call" || $0 == "calls" }
        let isPut = words.contains { $0 == "put" || $0 == "puts" }
        right = isCall == isPut ? .unknown : isCall ? .call : .put
        switch fields.text("type", "transaction", "transaction_type", "transactiontype")
            .lowercased().first
        {
        case "p", "b": side = .buy
        case "s": side = .sell
        default: side = nil
        }
        traded = fields.text("transaction_date", "transactiondate", "traded", "tx_date")
        amount = fields.text("amount", "amount_range", "range", "size")
        self.asset = asset
    }

    /// A text without tags, with single blanks.
    private static func plain(_ text: String) -> String {
        var plain: [UInt8] = []
        var isTag = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"):
                isTag = true
                plain.append(0x20)
            case UInt8(ascii: ">") where isTag: isTag = false
            default: if !isTag { plain.append(byte) }
            }
        }
        return String(decoding: plain, as: UTF8.self).split(separator: " ").joined(separator: " ")
    }
}

extension FiledOption {
    /// Rows of one filer on one underlying.
    public struct Count: Hashable, Sendable {
        /// The filer's name as filed.
        public let filer: String
        /// The symbol, empty where rows have none.
        public let underlying: String
        /// All rows.
        public var rows = 0
        /// Rows that buy, by `Right.allCases`.
        public var bought = [0, 0, 0]
        /// Rows that sell, likewise.
        public var sold = [0, 0, 0]
    }

    /// Rows by filer and underlying, the most rows first, then by name.
    public static func counts(_ options: [FiledOption]) -> [Count] {
        var counts: [Count] = []
        for option in options.sorted(by: { ($0.filer, $0.underlying) < ($1.filer, $1.underlying) })
        {
            if counts.last?.filer != option.filer || counts.last?.underlying != option.underlying {
                counts.append(Count(filer: option.filer, underlying: option.underlying))
            }
            let place = counts.count - 1
            counts[place].rows += 1
            let right = Right.allCases.firstIndex(of: option.right) ?? 2
            if option.side == .buy { counts[place].bought[right] += 1 }
            if option.side == .sell { counts[place].sold[right] += 1 }
        }
        return counts.enumerated().sorted {
            ($1.element.rows, $0.offset) < ($0.element.rows, $1.offset)
        }.map(\.element)
    }
}
