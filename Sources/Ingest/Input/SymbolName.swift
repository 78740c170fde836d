import EventLog
import Events

/// The ticker that a file's name says, for files that hold one ticker and do not name it.
enum SymbolName {
    /// The ticker of `AAPL.csv`, `prices_yahoo_AAPL.csv`, `ibm_us_d.csv` and `ibm.us.txt`.
    ///
    /// The name without its ending, or its last word after `_`. What is no ticker in capitals, or
    /// in small letters as Stooq writes, is none: `prices.csv` names no company.
    static func ticker(_ path: String) -> Ticker? {
        var stem = Substring(FilePath.name(path))
        let endings = [".gz", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".dat"]
        while let ending = endings.first(where: { stem.lowercased().hasSuffix($0) }) {
            stem = stem.dropLast(ending.count)
        }
        for ending in ["_us_d", ".us"] where stem.lowercased().hasSuffix(ending) {
            return TickerText.ticker(stem.dropLast(ending.count).uppercased())
        }
        let words = [stem, stem.split(separator: "_").last ?? stem]
        for word in words where isCapital(word) {
            if let ticker = TickerText.ticker(String(word)) { return ticker }
        }
        return nil
    }

    /// At most five capitals or digits, and a class.
    private static func isCapital(_ word: Substring) -> Bool {
        let root = word.utf8.prefix { $0 != 0x2D && $0 != 0x2E }
        return (1...5).contains(root.count) && root.allSatisfy { !isLetter($0) || $0 < 0x60 }
            && word.utf8.allSatisfy { $0 < 0x60 }
    }
}
