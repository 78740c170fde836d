import Foundation

/// Names of filers, as one person's are spelled in many ways.
enum FilerName {
    /// A name without title, given name first, in plain letters: `Núñez, Ben Ray` and `Hon. Ben Ray
    /// Núñez` are `Ben Ray Nunez`.
    static func plain(_ name: String) -> String {
        var text = transliterated(name)
        for title in [
            "Hon. ", "Honorable ", "The Honorable ", "Rep. ", "Sen. ", "Senator ",
            "Representative ",
        ]
        where text.lowercased().hasPrefix(title.lowercased()) {
            text = String(text.dropFirst(title.count))
        }
        let parts = text.split(separator: ",").map { trimmed($0) }
        // "Joe Kennedy, III" has its given name first.
        guard parts.count == 2, !parts[1].isEmpty, !suffixes.contains(columnKey(parts[1])) else {
            return text
        }
        return parts[1] + " " + parts[0]
    }

    /// A name of several words all in capitals, or in none, with its words capitalised: for rows
    /// that name a person by nothing else.
    static func cased(_ name: String) -> String {
        let letters = name.utf8.filter(isLetter)
        let isEven = letters.allSatisfy { $0 < 0x60 } || letters.allSatisfy { $0 > 0x60 }
        guard isEven, name.utf8.contains(0x20), !name.utf8.contains(where: isDigit) else {
            return name
        }
        var isInWord = false
        return String(
            decoding: name.utf8.map { byte in
                defer { isInWord = isLetter(byte) || (byte == 0x27 && isInWord) }
                guard isLetter(byte) else { return byte }
                return isInWord ? byte | 0x20 : byte & 0xDF
            }, as: UTF8.self)
    }

    private static let suffixes: Set<String> = [
        "jr", "sr", "ii", "iii", "iv", "v", "md", "dds", "esq", "phd", "dvm", "facs", "od",
    ]
}

/// `text` in ASCII letters: marks taken off, letters that have none written out; what this alphabet
/// has no letters for stays.
func transliterated(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        if scalar.isASCII {
            result.unicodeScalars.append(scalar)
        } else if let plain = letters[scalar] {
            result += plain
        } else if scalar.properties.generalCategory == .nonspacingMark {
            continue
        } else {
            // A letter with its marks apart: the canonical decomposition of one scalar.
            for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars
            where part.properties.generalCategory != .nonspacingMark {
                result.unicodeScalars.append(part)
            }
        }
    }
    return result
}

private let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i",
    "\u{2018}": "'", "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{2010}": "-",
    "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-", "\u{2014}": "-", "\u{00A0}": " ",
]
