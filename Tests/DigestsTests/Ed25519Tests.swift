import Digests
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
    /// A test of RFC 8032, section 7.1, in hexadecimal digits.
    struct Example: Sendable {
        var seed: String
        var key: String
        var message: String
        var signature: String
    }

    static let examples = [
        Example(
            seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            message: "",
            signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
        Example(
            seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            message: "72",
            signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
        Example(
            seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            message: "af82",
            signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ]

    @Test("gives the examples of RFC 8032", arguments: examples)
    func vectors(_ example: Example) throws {
        let signing = try SigningKey(seed: bytes(example.seed))
        let key = try signing.verificationKey()
        #expect(try signing.seed() == bytes(example.seed))
        #expect(key.bytes == bytes(example.key))
        #expect(try signing.sign(bytes(example.message)) == bytes(example.signature))
        #expect(
            try VerificationKey(bytes(example.key))
                .isValid(signature: bytes(example.signature), for: bytes(example.message)))
    }

    @Test("refuses a signature, a message or a key with one bit turned")
    func turnedBits() throws {
        let message = Array("what was promised".utf8)
        let signing = try SigningKey()
        let key = try signing.verificationKey()
        let signature = try signing.sign(message)
        #expect(try key.isValid(signature: signature, for: message))
        for bit in 0..<signature.count * 8 {
            let turned = turn(bit, of: signature)
            #expect(try !key.isValid(signature: turned, for: message), "bit \(bit)")
        }
        for bit in 0..<message.count * 8 {
            let turned = turn(bit, of: message)
            #expect(try !key.isValid(signature: signature, for: turned), "bit \(bit)")
        }
        for bit in 0..<key.bytes.count * 8 {
            let other = try VerificationKey(turn(bit, of: key.bytes))
            #expect(try !other.isValid(signature: signature, for: message), "bit \(bit)")
        }
    }

    @Test("refuses a signature of the wrong length", arguments: [0, 1, 63, 65, 128])
    func length(_ count: Int) throws {
        let key = try SigningKey().verificationKey()
        let signature = [UInt8](repeating: 7, count: count)
        #expect(try !key.isValid(signature: signature, for: []))
    }

    @Test("keys made one after the other differ, and a seed gives its key back")
    func generation() throws {
        let first = try SigningKey()
        let second = try SigningKey()
        #expect(try first.seed() != second.seed())
        let again = try SigningKey(seed: first.seed())
        #expect(try again.verificationKey() == first.verificationKey())
    }

    @Test("a seed or a key of the wrong length is refused in the library's words")
    func wrongSizes() throws {
        let seedError = #expect(throws: CryptoError.self) {
            _ = try SigningKey(seed: [1, 2, 3])
        }
        #expect(seedError?.operation == "EVP_PKEY_new_raw_private_key_ex")
        #expect(seedError.map { $0.code != 0 && $0.message.hasPrefix("error:") } == true)
        let keyError = #expect(throws: CryptoError.self) {
            _ = try VerificationKey([UInt8](repeating: 0, count: 33))
        }
        #expect(keyError?.description.hasPrefix("libcrypto: EVP_PKEY_new_raw_public_key") == true)
    }

    private func bytes(_ digits: String) -> [UInt8] {
        var rest = digits[...]
        var bytes: [UInt8] = []
        while !rest.isEmpty {
            bytes.append(UInt8(rest.prefix(2), radix: 16)!)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private func turn(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
        var turned = bytes
        turned[bit / 8] ^= 1 << UInt8(bit % 8)
        return turned
    }
}
