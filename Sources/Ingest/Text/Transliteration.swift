import Foundation

/// `text` in ASCII letters: marks taken off, letters that have none written out; letters of
/// Greek and Cyrillic as Latin ones; what no letters are known for stays.
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
            // A letter with its marks apart, a ligature or a wide letter by its parts.
            for part in String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
            where part.properties.generalCategory != .nonspacingMark {
                if let plain = letters[part] ?? foreign(part) {
                    result += plain
                } else {
                    result.unicodeScalars.append(part)
                }
            }
        }
    }
    return result
}

/// A letter of Greek or Cyrillic as Latin ones.
private func foreign(_ scalar: Unicode.Scalar) -> String? {
    if let plain = alphabets[scalar] { return plain }
    let small = scalar.properties.lowercaseMapping.unicodeScalars
    guard small.count == 1, let first = small.first, let plain = alphabets[first] else {
        return nil
    }
    return plain.prefix(1).uppercased() + plain.dropFirst()
}

/// Small letters, each beside what it is written as.
private let alphabets: [Unicode.Scalar: String] = {
    let written = [
        "а a б b в v г g д d е e ж zh з z и i к k л l м m н n о o п p р r с s т t у u ф f",
        "х kh ц ts ч ch ш sh щ shch ъ  ы y ь  э e ю yu я ya є ye і i ґ g ђ dj ј j љ lj њ nj",
        "ћ c џ dz",
        "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f",
        "χ ch ψ ps ω o",
    ]
    var letters: [Unicode.Scalar: String] = [:]
    for line in written {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: words.count - 1, by: 2) {
            guard let letter = words[index].unicodeScalars.first else { continue }
            letters[letter] = String(words[index + 1])
        }
    }
    return letters
}()

private let letters: [Unicode.Scalar: String] = [
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d",
    "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "ı": "i",
    "\u{2018}": "'", "\u{2019}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{2010}": "-",
    "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-", "\u{2014}": "-", "\u{00A0}": " ",
]
