/// Whether a byte is ASCII white space (space, tab, line feed, carriage return).
@inline(__always)
func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
}

/// Whether a byte is an ASCII digit.
@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

/// Whether a byte is an ASCII letter.
@inline(__always)
func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

/// Text without ASCII white space at its ends.
func trimmed(_ text: String) -> String {
    let isBare = text.withBytes { bytes in
        bytes.isEmpty || !(isBlank(bytes[0]) || isBlank(bytes[bytes.count - 1]))
    }
    return isBare ? text : trimmed(text[...])
}

/// Text without ASCII white space at its ends.
func trimmed(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    guard let start = bytes.firstIndex(where: { !isBlank($0) }),
        let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: bytes[start...last], as: UTF8.self)
}

/// `text` trimmed, inner white space single, in printable ASCII, cut to `limit` bytes. Letters with
/// marks, of Greek and of Cyrillic are transliterated; what no letters are known for is left out,
/// so that two names of another script are empty and not one name of question marks.
///
/// The schema's text fields hold nothing else, so this is how every text enters an event.
func asciiText(_ text: String, limit: Int) -> String {
    if text.utf8.count <= limit, text.withBytes(isPlain) { return text }
    var bytes: [UInt8] = []
    var blank = false
    for scalar in transliterated(text).unicodeScalars {
        if scalar.isBlank {
            blank = !bytes.isEmpty
            continue
        }
        guard scalar.value > 0x20, scalar.value < 0x7F else { continue }
        if blank { bytes.append(0x20) }
        blank = false
        bytes.append(UInt8(scalar.value))
        if bytes.count > limit + 1 { break }
    }
    var cut = bytes.prefix(limit)
    while cut.last == 0x20 { cut.removeLast() }
    return String(decoding: cut, as: UTF8.self)
}

/// Whether bytes are printable ASCII with single blanks, none at their ends.
private func isPlain(_ bytes: Span<UInt8>) -> Bool {
    var isBehindBlank = true
    for index in 0..<bytes.count {
        let byte = bytes[index]
        guard byte >= 0x20, byte < 0x7F, byte != 0x20 || !isBehindBlank else { return false }
        isBehindBlank = byte == 0x20
    }
    return !isBehindBlank || bytes.isEmpty
}

/// As `asciiText`, nil when nothing is left.
func optionalText(_ text: String, limit: Int) -> String? {
    let result = asciiText(text, limit: limit)
    return result.isEmpty ? nil : result
}

extension Unicode.Scalar {
    /// Whether it is white space; the tables of Unicode are asked for what is no ASCII alone.
    var isBlank: Bool {
        isASCII ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace
    }
}

extension String {
    /// Whether `word` stands in the text, byte for byte: every row is asked for many words, and
    /// `contains` builds a table for each.
    func holds(_ word: String) -> Bool {
        withBytes { text in
            word.withBytes { word in
                guard text.count >= word.count else { return false }
                for start in 0...(text.count - word.count) {
                    var length = 0
                    while length < word.count, text[start + length] == word[length] { length += 1 }
                    if length == word.count { return true }
                }
                return false
            }
        }
    }
}

extension Span<UInt8> {
    /// `range` without ASCII white space at its ends.
    @inline(__always)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, isBlank(self[start]) { start += 1 }
        while end > start, isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }
}
