extension PersonName {
    /// A name taken apart.
    struct Spelled {
        private(set) var words: [String] = []
        private(set) var suffix: String?
        private(set) var nickname: String?

        init(_ text: String) {
            var parts = Spelled.parts(text)
            let all = parts.flatMap { $0.map(\.text) }
            for part in parts.indices {
                for word in parts[part] where word.isQuoted && nickname == nil {
                    if !Spelled.isExtra(word.text) { nickname = word.text }
                }
                parts[part].removeAll(where: \.isQuoted)
            }
            // "Neal Patrick MD, Facs Dunn": what follows the comma is no given name.
            let isTurned = parts.count < 2 || !Spelled.isNameBehindDegree(parts[1].map(\.text))
            let hasOwnPart = parts.dropFirst().contains { part in
                !Spelled.lettered.contains(part.map(\.text))
                    && part.contains { !Spelled.isExtra($0.text) }
            }
            for part in parts.indices { take(&parts[part], isFirst: part == 0) }
            parts.removeAll(where: \.isEmpty)
            var names = parts.map { $0.map(\.text) }
            if isTurned, hasOwnPart, names.count > 1 { names.append(names.removeFirst()) }
            words = names.flatMap { $0 }
            if !(isTurned && hasOwnPart) { dropEnd() }
            if words.isEmpty { words = all }
            glue()
        }

        /// The words of a text by its commas, lower case.
        private static func parts(_ text: String) -> [[(text: String, isQuoted: Bool)]] {
            var parts: [[(text: String, isQuoted: Bool)]] = [[]]
            var word: [UInt8] = []
            var (isQuoted, isBracketed) = (false, false)
            func close() {
                guard !word.isEmpty else { return }
                let text = String(decoding: word, as: UTF8.self)
                parts[parts.count - 1].append((text, isQuoted || isBracketed))
                word = []
            }
            for byte in text.utf8 {
                switch byte {
                case 0x41...0x5A: word.append(byte | 0x20)
                case 0x30...0x39, 0x61...0x7A, 0x80...: word.append(byte)
                case UInt8(ascii: "'"), UInt8(ascii: "`"): break
                case UInt8(ascii: "\""):
                    close()
                    isQuoted.toggle()
                case UInt8(ascii: "("), UInt8(ascii: "["):
                    close()
                    isBracketed = true
                case UInt8(ascii: ")"), UInt8(ascii: "]"):
                    close()
                    isBracketed = false
                case UInt8(ascii: ","):
                    close()
                    if !isQuoted, !isBracketed { parts.append([]) }
                default: close()
                }
            }
            close()
            return parts.filter { !$0.isEmpty }
        }

        /// Takes titles, degrees and a suffix out of what stands between two commas.
        private mutating func take(
            _ part: inout [(text: String, isQuoted: Bool)], isFirst: Bool
        ) {
            while part.count > 1, Spelled.titles.contains(part[0].text) { part.removeFirst() }
            let hasName = part.contains { !Spelled.isExtra($0.text) }
            // A part of nothing else goes as a whole, but for the first: somebody is named Dr.
            if isFirst, !hasName { return }
            for word in part where Spelled.suffixes.contains(word.text) && suffix == nil {
                if !(isFirst && word.text == part[0].text) { suffix = word.text }
            }
            if !isFirst, Spelled.lettered.contains(part.map(\.text)) { part = [] }
            if !isFirst, part.count == 1, part[0].text == "v", suffix == nil {
                suffix = "v"
                part = []
            }
            let first = isFirst ? part.first?.text : nil
            part.removeAll { Spelled.isExtra($0.text) && $0.text != first }
        }

        /// Takes a degree in letters (`M.D.`) and the fifth of a name off its end.
        private mutating func dropEnd() {
            for degree in Spelled.lettered
            where words.count >= degree.count + 2 && Array(words.suffix(degree.count)) == degree {
                words.removeLast(degree.count)
                break
            }
            if suffix == nil, words.count > 2, words.last == "v" { suffix = words.removeLast() }
        }

        /// Makes a particle one word with the next.
        private mutating func glue() {
            var index = 1
            while index < words.count - 1 {
                if Spelled.particles.contains(words[index]) {
                    words[index + 1] = words[index] + words[index + 1]
                    words.remove(at: index)
                } else {
                    index += 1
                }
            }
        }

        /// Whether a word is part of no name.
        private static func isExtra(_ word: String) -> Bool {
            courtesies.contains(word) || degrees.contains(word) || suffixes.contains(word)
        }

        private static func isNameBehindDegree(_ part: [String]) -> Bool {
            guard let first = part.first, degrees.contains(first) else { return false }
            return part.contains { !isExtra($0) }
        }

        private static let titles = [
            "the", "hon", "honorable", "rep", "representative", "sen", "senator", "congressman",
            "congresswoman",
        ]
        private static let courtesies = ["mr", "mrs", "ms", "miss", "dr"]
        private static let degrees = [
            "md", "facs", "dds", "dmd", "dvm", "od", "phd", "esq", "esquire", "mba", "cpa",
        ]
        private static let suffixes = ["jr", "sr", "ii", "iii", "iv"]
        private static let lettered = [
            ["m", "d"], ["ph", "d"], ["d", "d", "s"], ["d", "m", "d"], ["d", "v", "m"],
        ]
        private static let particles = [
            "da", "de", "del", "della", "den", "der", "di", "dos", "du", "la", "le", "mc", "st",
            "ter", "van", "von",
        ]
    }
}
