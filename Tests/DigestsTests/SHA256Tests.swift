import Digests
import Events
import TestKit
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    @Test(
        "gives the examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ])
    func examples(text: String, digest: String) {
        #expect(SHA256.hash(text).description == digest)
        #expect(SHA256.hash(Array(text.utf8)).description == digest)
        let bytes = Array(text.utf8)
        #expect(SHA256.hash(bytes.span.bytes).description == digest)
        bytes.withUnsafeBytes { #expect(SHA256.hash($0).description == digest) }
    }

    @Test("in parts is as at once, however the parts are cut")
    func parts() {
        let seed: UInt64 = 0x5ea1
        var generator = SeededGenerator(seed: seed)
        var hasher = SHA256()
        for round in 0..<200 {
            let count = Int.random(in: 0...1_000, using: &generator)
            let message = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            var rest = message[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 0...rest.count, using: &generator))
                hasher.update(Array(part))
                rest = rest.dropFirst(part.count)
                let soFar = message.prefix(count - rest.count)
                #expect(
                    hasher.soFar() == SHA256.hash(Array(soFar)), "seed \(seed), round \(round)")
            }
            #expect(hasher.finalize() == SHA256.hash(message), "seed \(seed), round \(round)")
        }
    }

    @Test("of two messages at once keeps them apart")
    func apart() {
        var first = SHA256()
        var second = SHA256()
        first.update(Array("a".utf8))
        second.update(Array("x".utf8))
        first.update(Array("bc".utf8))
        #expect(SHA256.hash("y") != second.soFar())
        #expect(first.finalize() == SHA256.hash("abc"))
        #expect(second.finalize() == SHA256.hash("x"))
        #expect(first.finalize() == SHA256.hash(""))
    }

    @Test("a hasher left in the middle of a message does not soil the next one")
    func abandoned() {
        for _ in 0..<3 {
            var hasher = SHA256()
            hasher.update(Array("left".utf8))
        }
        var next = SHA256()
        #expect(next.finalize() == SHA256.hash(""))
    }

    @Test("many threads hash side by side")
    func threads() async {
        let expected = (0..<200).map { SHA256.hash("\($0)") }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { number in
                        var hasher = SHA256()
                        for byte in "\(number)".utf8 { hasher.update([byte]) }
                        return hasher.finalize() == expected[number]
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
