import CPlatform
import TestKit
import Testing

@Suite("CRC-32C")
struct ChecksumTests {
    private static let vectors: [(bytes: [UInt8], expected: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
        ([UInt8]("123456789".utf8), 0xE306_9283),
    ]

    @Test("the vectors of RFC 3720 B.4 come out", arguments: 0..<5)
    func vectors(index: Int) {
        let (bytes, expected) = ChecksumTests.vectors[index]
        bytes.withUnsafeBytes { buffer in
            #expect(recount_crc32c(0, buffer.baseAddress, buffer.count) == expected)
            #expect(recount_crc32c_portable(0, buffer.baseAddress, buffer.count) == expected)
        }
    }

    @Test("the processor's instructions and the table agree at every length")
    func lengths() {
        var generator = SeededGenerator(seed: 7)
        let bytes = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for length in Array(0..<1_024) + [6_143, 6_144, 6_145, 12_288, 19_999] {
            bytes.withUnsafeBytes { buffer in
                #expect(
                    recount_crc32c(1, buffer.baseAddress, length)
                        == recount_crc32c_portable(1, buffer.baseAddress, length))
            }
        }
    }
}
