import Glibc

/// Finds in a file's content that a simulation wrote it, wherever the file was copied to.
///
/// Two marks are looked for: the text `recount-simulated`, which every simulated file with room for
/// text carries, and a whole field of `SIM` and four digits, which every simulated ticker is and no
/// exchange lists.
struct SimulatedMark {
    private static let text = Array("recount-simulated".utf8)
    private static let prefix = Array("SIM".utf8)
    /// What is kept of a part for a mark that goes on in the next.
    private static let overlap = 24

    private(set) var isFound = false
    private var kept: [UInt8] = [0x0A]

    /// Looks through the next part of the content.
    mutating func read(_ part: [UInt8]) {
        guard !isFound else { return }
        let bytes = kept + part
        isFound = bytes.withUnsafeBytes { unsafe SimulatedMark.isMarked($0) }
        kept = Array(bytes.suffix(SimulatedMark.overlap))
    }

    private static func isMarked(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if unsafe find(text, in: bytes, from: 0) != nil { return true }
        var start = 0
        while let position = unsafe find(prefix, in: bytes, from: start) {
            if unsafe isTicker(bytes, at: position) { return true }
            start = position + 1
        }
        return false
    }

    /// A field's start, `SIM`, four digits, a field's end.
    private static func isTicker(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Bool {
        let end = position + 7
        guard position > 0, end < bytes.count,
            unsafe isBorder(bytes[position - 1]) && isBorder(bytes[end])
        else { return false }
        return unsafe bytes[(position + 3)..<end].allSatisfy { $0 &- 0x30 < 10 }
    }

    private static func isBorder(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x22, 0x2C, 0x3B, 0x3C, 0x3E, 0x7C: true
        default: false
        }
    }

    private static func find(
        _ needle: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let last = bytes.count - needle.count
        var position = start
        while position <= last {
            guard
                let found = unsafe memchr(
                    base + position, Int32(needle[0]), last - position + 1)
            else { return nil }
            position = unsafe UnsafeRawPointer(found) - base
            if unsafe memcmp(found, needle, needle.count) == 0 { return position }
            position += 1
        }
        return nil
    }
}
