/// Appends JSON values to text.
public enum JSONText {
    /// A JSON string literal of `string`.
    public static func quoted(_ string: String) -> String {
        var text = ""
        append(string, to: &text)
        return text
    }

    /// A string, escaped.
    static func append(_ string: String, to text: inout String) {
        text += "\""
        var plain = true
        for byte in string.utf8 where byte < 0x20 || byte == 0x22 || byte == 0x5C { plain = false }
        if plain {
            text += string
        } else {
            for scalar in string.unicodeScalars { append(scalar, to: &text) }
        }
        text += "\""
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{0}"..<" ":
            let digits = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
    }

    /// The shortest number that reads back equal; null for NaN, a string for infinities.
    static func append(
        number: some BinaryFloatingPoint & CustomStringConvertible, to text: inout String
    ) {
        if number.isNaN {
            text += "null"
        } else if number.isInfinite {
            text += number < 0 ? "\"-inf\"" : "\"inf\""
        } else {
            text += number.description
        }
    }

    /// An array of the names whose bits are set; bits without a name are skipped.
    static func append(names: [ChoiceDescription], of bits: UInt16, to text: inout String) {
        text += "["
        var isFirst = true
        for name in names where bits >> UInt16(name.value) & 1 == 1 {
            text += isFirst ? "\"\(name.name)\"" : ",\"\(name.name)\""
            isFirst = false
        }
        text += "]"
    }

    /// A string when the bytes are UTF-8, otherwise an object with their Base64.
    static func append(data: RawSpan, to text: inout String) {
        let bytes = data.copied()
        if let string = String(validating: bytes, as: UTF8.self) {
            append(string, to: &text)
        } else {
            text += "{\"base64\":\"\(base64(bytes))\"}"
        }
    }

    /// Base64 of RFC 4648 with padding.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let word =
                UInt32(bytes[index]) << 16
                | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            text.append(alphabet[Int(word >> 18)])
            text.append(alphabet[Int(word >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(word >> 6 & 63)] : 61)
            text.append(left > 2 ? alphabet[Int(word & 63)] : 61)
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
