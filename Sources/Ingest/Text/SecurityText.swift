/// What kind of security a row is about, by the type that its source gives and by its description.
enum SecurityText {
    /// Whether it is a share, or a fund that is traded like one.
    ///
    /// By the source's type where it has one; else by the code in brackets that ends a description
    /// of the House's forms (`[ST]`, `[OP]`), else by its words.
    static func isEquity(type: String, asset: String) -> Bool {
        let description = HTMLText.plain(asset)
        switch type.lowercased() {
        case "stock", "common stock", "equity", "etf", "exchange traded fund", "st", "ef", "stocks":
            return true
        case "":
            if let code = code(description) { return code == "ST" || code == "EF" }
            return !isOther(description)
        case "other securities":
            return description.split { !$0.isLetter }.contains { $0 == "ETF" || $0 == "ETFs" }
        default:
            return false
        }
    }

    /// The two characters in the last brackets of a description.
    private static func code(_ description: String) -> String? {
        guard description.utf8.contains(0x5D) else { return nil }
        let bytes = Array(description.utf8)
        guard let end = bytes.lastIndex(of: 0x5D), end >= 3, bytes[end - 3] == 0x5B else {
            return nil
        }
        let code = bytes[(end - 2)..<end]
        guard code.allSatisfy({ isDigit($0) || (isLetter($0) && $0 < 0x60) }) else { return nil }
        return String(decoding: code, as: UTF8.self)
    }

    /// Whether the words are those of a bond, an option or a warrant.
    private static func isOther(_ description: String) -> Bool {
        if description.holds("Rate/Coupon:") || description.holds("Option Type:") { return true }
        let text = description.lowercased()
        guard text.holds("warrant") || text.holds("option") else { return false }
        let words = text.split { !$0.isLetter && !$0.isNumber }
        if words.contains("warrant") || words.contains("warrants") { return true }
        let isOption = words.contains("option") || words.contains("options")
        let isRight =
            words.contains("call") || words.contains("calls") || words.contains("put")
            || words.contains("puts") || words.contains("stock") || words.contains("strike")
        return isOption && isRight
    }
}
