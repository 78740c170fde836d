import Foundation
import TestKit

/// Files of facts made from a seed, for imports that are killed.
struct SyntheticFacts {
    let folder: String

    /// Trading days of the bars.
    private static let sessions = 260
    /// Files of filings: each ends a commit.
    private static let files = 12
    private static let tickers = (0..<40).map { "T\(Character(UnicodeScalar(65 + $0 / 10)!))\($0)" }

    init(folder: String, seed: UInt64, filings: Int) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: seed)
        let days = SyntheticFacts.days()
        for file in 0..<SyntheticFacts.files {
            try write("filings-\(file).csv", SyntheticFacts.filings(file, filings, days, &random))
        }
        try write("bars.csv", SyntheticFacts.bars(days, &random))
        try write("market.csv", SyntheticFacts.market(days, &random))
        let sectors = SyntheticFacts.tickers.map { "\($0),Technology\n" }.joined()
        try write("sectors.csv", "symbol,sector\n" + sectors)
    }

    /// The imports in order, as arguments of `recount`.
    var imports: [[String]] {
        [
            ["ingest", "prices", "\(folder)/bars.csv"],
            ["ingest", "index", "\(folder)/market.csv", "--series", "market"],
            ["ingest", "reference", "\(folder)/sectors.csv"],
            ["ingest", "disclosures"]
                + (0..<SyntheticFacts.files).map { "\(folder)/filings-\($0).csv" },
        ]
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// Weekdays from 2020-01-01 on, as ISO text.
    private static func days() -> [String] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        var date = Date(timeIntervalSince1970: 1_577_836_800)
        var days: [String] = []
        while days.count < sessions {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            if let weekday = parts.weekday, (2...6).contains(weekday) {
                let text = [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0].map {
                    $0 < 10 ? "0\($0)" : "\($0)"
                }
                days.append(text.joined(separator: "-"))
            }
            date += 86_400
        }
        return days
    }

    private static func filings(
        _ file: Int, _ count: Int, _ days: [String], _ random: inout SeededGenerator
    ) -> String {
        let amounts = ["$1,001 - $15,000", "$15,001 - $50,000", "$50,001 - $100,000"]
        var text =
            "transaction_date,disclosure_date,asset,ticker,type,amount_range,name,chamber,office\n"
        for number in stride(from: file, to: count, by: files) {
            let traded = Int.random(in: 0..<days.count - 30, using: &random)
            let filed = traded + Int.random(in: 1...29, using: &random)
            let ticker = number % 50 == 0 ? "--" : tickers.randomElement(using: &random)!
            let side = Int.random(in: 0..<3, using: &random) == 0 ? "S" : "P"
            let amount = amounts.randomElement(using: &random)!
            let filer = Int.random(in: 0..<60, using: &random)
            text +=
                "\(days[traded]),\(days[filed]),Asset \(number),\(ticker),\(side),\"\(amount)\","
                + "Filer \(filer),\(filer % 2 == 0 ? "H" : "S"),\n"
        }
        return text
    }

    private static func bars(_ days: [String], _ random: inout SeededGenerator) -> String {
        var text = "ticker,date,open,high,low,close,volume\n"
        for ticker in tickers {
            var price = Double.random(in: 20...200, using: &random)
            for day in days {
                let open = price * Double.random(in: 0.99...1.01, using: &random)
                price = open * Double.random(in: 0.97...1.032, using: &random)
                let (high, low) = (max(open, price) * 1.01, min(open, price) * 0.99)
                let numbers = [open, high, low, price].map { "\(($0 * 10_000).rounded() / 10_000)" }
                text += "\(ticker),\(day),\(numbers.joined(separator: ",")),1000000\n"
            }
        }
        return text
    }

    private static func market(_ days: [String], _ random: inout SeededGenerator) -> String {
        var level = 300.0
        return "date,close\n"
            + days.map { day in
                level *= Double.random(in: 0.985...1.016, using: &random)
                return "\(day),\((level * 100).rounded() / 100)\n"
            }.joined()
    }
}
