import Foundation

/// Names of filers, as one person's are spelled in many ways.
enum FilerName {
    /// A name without title, given name first, in plain letters: `Núñez, Ben Ray` and `Hon. Ben Ray
    /// Núñez` are `Ben Ray Nunez`.
    static func plain(_ name: String) -> String {
        var text = transliterated(name)
        var small = text.lowercased()
        for title in titles where small.hasPrefix(title) {
            text = String(text.dropFirst(title.count))
            small = text.lowercased()
        }
        guard text.utf8.contains(0x2C) else { return text }
        let parts = text.split(separator: ",").map { trimmed($0) }
        // "Joe Kennedy, III" has its given name first, and so has "Neal Patrick MD, Facs Dunn".
        guard parts.count == 2, !parts[1].isEmpty, !suffixes.contains(columnKey(parts[1])) else {
            return text
        }
        let first = parts[1].prefix { $0 != " " }
        if degrees.contains(columnKey(String(first))) { return parts[0] + " " + parts[1] }
        return parts[1] + " " + parts[0]
    }

    /// A name of several words all in capitals, or in none, with its words capitalised: for rows
    /// that name a person by nothing else. `MCCARTHY` and `McCARTHY` are `McCarthy`, `O'ROURKE` is
    /// `O'Rourke`, a number behind the name stays in capitals.
    static func cased(_ name: String) -> String {
        let hasSmall = name.utf8.contains { isLetter($0) && $0 > 0x60 }
        let hasCapitals = name.utf8.contains { isLetter($0) && $0 < 0x60 }
        let isEven = !hasSmall || !hasCapitals
        guard isEven || name.holds("Mc"), name.utf8.contains(0x20),
            !name.utf8.contains(where: isDigit)
        else { return name }
        var words = name.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map {
            Array($0)
        }
        for index in words.indices {
            if isEven {
                words[index] = capitalised(words[index], isFirst: index == 0)
            } else if isScotsInCapitals(words[index]) {
                words[index] = capitalised(words[index], isFirst: index == 0)
            }
        }
        return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
    }

    /// A word with a capital at its start and after a hyphen, an apostrophe behind one letter and
    /// `Mc`.
    private static func capitalised(_ word: [UInt8], isFirst: Bool) -> [UInt8] {
        let plain = word.filter(isLetter).map { $0 & 0xDF }
        let isNumber = ["II", "III", "IV"].contains(String(decoding: plain, as: UTF8.self))
        if isNumber && !isFirst { return word.map { isLetter($0) ? $0 & 0xDF : $0 } }
        var result: [UInt8] = []
        var run: [UInt8] = []
        for byte in word {
            guard isLetter(byte) else {
                // "O'Rourke" and "D'Amato", but "Dunn's".
                if byte != 0x27 || run.count == 1 { run = [] }
                result.append(byte)
                continue
            }
            let isStart = run.isEmpty || (run == [0x4D, 0x43] && plain.count > 3)
            result.append(isStart ? byte & 0xDF : byte | 0x20)
            run.append(byte & 0xDF)
        }
        return result
    }

    /// Whether a word is `Mc` and capitals.
    private static func isScotsInCapitals(_ word: [UInt8]) -> Bool {
        word.count > 3 && word.starts(with: [0x4D, 0x63])
            && word.dropFirst(2).allSatisfy { !isLetter($0) || $0 < 0x60 }
    }

    private static let titles = [
        "hon. ", "honorable ", "the honorable ", "rep. ", "sen. ", "senator ", "representative ",
    ]
    private static let degrees: Set<String> = [
        "md", "dds", "esq", "phd", "dvm", "facs", "od",
    ]
    private static let suffixes = degrees.union(["jr", "sr", "ii", "iii", "iv", "v"])
}
