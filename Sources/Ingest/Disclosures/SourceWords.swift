import Events

extension TransactionKind {
    /// What the sources' words mean.
    init?(text: String) {
        switch trimmed(text).lowercased() {
        case "purchase", "p", "buy", "bought", "purchased": self = .purchase
        case "sale", "s", "sell", "sold": self = .sale
        case "sale (full)", "s (full)", "sale_full", "sale full", "full sale", "sell (full)":
            self = .saleFull
        case "sale (partial)", "s (partial)", "sale_partial", "sale partial", "partial sale",
            "sell (partial)":
            self = .salePartial
        case "exchange", "e": self = .exchange
        default: return nil
        }
    }
}

extension Owner {
    /// What the sources' words mean; unknown for anything else.
    init(text: String) {
        switch trimmed(text).lowercased() {
        case "self", "filer": self = .filer
        case "spouse", "sp": self = .spouse
        case "joint", "jt": self = .joint
        case "child", "dependent child", "dependent", "dc": self = .child
        default: self = .unknown
        }
    }
}

extension Chamber {
    /// `H`, `House`, `rep`, `Representatives`, `S`, `Senate`, `sen`.
    init?(text: String) {
        if text.isEmpty { return nil }
        switch trimmed(text).lowercased() {
        case "h", "house", "rep", "representative", "representatives", "house of representatives":
            self = .house
        case "s", "senate", "sen", "senator", "senators": self = .senate
        case let words where words.holds("senat"): self = .senate
        case let words where words.holds("house") || words.holds("representative"):
            self = .house
        default: return nil
        }
    }
}

extension Party {
    /// The party of a name; `other` for one that is not listed, nil for none.
    init?(text: String) {
        switch trimmed(text).lowercased() {
        case "": return nil
        case "democrat", "democratic", "d": self = .democrat
        case "republican", "r": self = .republican
        case "independent", "i": self = .independent
        default: self = .other
        }
    }
}

/// Yes or no, as sources write them.
enum FlagText {
    /// `true`, `1`, `yes`; `false`, `0`, `no` or nothing; nil for any other word.
    static func value(_ text: String) -> Bool? {
        switch trimmed(text).lowercased() {
        case "true", "1", "yes": true
        case "false", "0", "no", "": false
        default: nil
        }
    }
}
