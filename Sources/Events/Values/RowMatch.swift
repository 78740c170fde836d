/// Which rows an amendment or a withdrawal ends that names no filing, as the House's "Filing
/// Status" and the Senate's titles do: the same person's earlier rows of one ticker and trade date.
///
/// Where there are several, those of the same account and side alone; where none agrees in both,
/// those of the same account, then of the same side, then all: what an amendment corrects may be
/// either.
public enum RowMatch {
    /// What of a row decides which of several are meant.
    public struct Detail: Hashable, Sendable {
        /// Whose account.
        public var owner: Owner
        /// Whether it was a purchase.
        public var isBuy: Bool
        /// When it was filed.
        public var filedOn: Day
        /// Whether it replaced another row that it does not name.
        public var isAmendment: Bool

        /// The details of a row.
        public init(owner: Owner, isBuy: Bool, filedOn: Day, isAmendment: Bool) {
            (self.owner, self.isBuy) = (owner, isBuy)
            (self.filedOn, self.isAmendment) = (filedOn, isAmendment)
        }
    }

    /// The places of the rows that end, ascending, among those of one person, ticker and trade date
    /// that are known: rows filed later stay, and of the same day those that amend, which are the
    /// amendment's own.
    public static func ended(_ rows: [Detail], by end: Detail) -> [Int] {
        let open = rows.indices.filter {
            rows[$0].filedOn < end.filedOn
                || (rows[$0].filedOn == end.filedOn && !rows[$0].isAmendment)
        }
        let ofOwner = open.filter { rows[$0].owner == end.owner }
        let ofSide = open.filter { rows[$0].isBuy == end.isBuy }
        let ofBoth = ofOwner.filter { rows[$0].isBuy == end.isBuy }
        return [ofBoth, ofOwner, ofSide].first { !$0.isEmpty } ?? open
    }

    /// A person, ticker and trade date in one text: equal for the spellings of one name that differ
    /// in case, titles before it, suffixes and middle names.
    public static func text(_ ticker: Ticker, _ tradedOn: Day, filer: String) -> String {
        "\(ticker) \(tradedOn) \(person(filer))"
    }

    /// The surname and the first initial of a name that has its given name first.
    static func person(_ filer: String) -> String {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for byte in filer.utf8 {
            let small = byte | 0x20
            if small >= 0x61, small <= 0x7A {
                word.append(small)
            } else if byte >= 0x80 {
                word.append(byte)
            } else if byte != 0x27, byte != 0x2D, !word.isEmpty {
                words.append(word)
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        let names = words.filter { !suffixes.contains($0) }
        guard let surname = names.last ?? words.last, let given = words.first?.first else {
            return filer
        }
        return String(decoding: surname + [0x20, given], as: UTF8.self)
    }

    private static let suffixes = [
        "jr", "sr", "ii", "iii", "iv", "v", "md", "dds", "esq", "phd", "dvm", "facs", "od",
    ].map { Array($0.utf8) }
}
