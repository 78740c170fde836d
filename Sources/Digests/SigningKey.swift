import CCrypto

/// A private key of Ed25519 (RFC 8032).
public struct SigningKey: ~Copyable {
    /// Bytes of a seed.
    public static let seedSize = 32

    private let key: OpaquePointer

    /// A new key, from the system's random numbers.
    public init() throws(CryptoError) {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "ED25519", nil) else {
            throw CryptoError("EVP_PKEY_CTX_new_from_name")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_generate(context, &made) == 1, let made
        else { throw CryptoError("EVP_PKEY_generate") }
        key = made
    }

    /// The key of a seed of 32 bytes.
    public init(seed: [UInt8]) throws(CryptoError) {
        let made = unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, seed, seed.count)
        guard let made else { throw CryptoError("EVP_PKEY_new_raw_private_key_ex") }
        key = made
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The 32 bytes from which the key is made, a secret.
    public func seed() throws(CryptoError) -> [UInt8] {
        try rawKey("EVP_PKEY_get_raw_private_key") { room, size in
            unsafe EVP_PKEY_get_raw_private_key(key, room, &size)
        }
    }

    /// The public key that belongs to it.
    public func verificationKey() throws(CryptoError) -> VerificationKey {
        try VerificationKey(
            rawKey("EVP_PKEY_get_raw_public_key") { room, size in
                unsafe EVP_PKEY_get_raw_public_key(key, room, &size)
            })
    }

    /// The signature of a message, 64 bytes.
    public func sign(_ message: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw CryptoError("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: VerificationKey.signatureSize)
        var size = signature.count
        guard unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1,
            unsafe EVP_DigestSign(context, &signature, &size, message, message.count) == 1,
            size == signature.count
        else { throw CryptoError("EVP_DigestSign") }
        return signature
    }

    private func rawKey(
        _ operation: String, _ read: (UnsafeMutablePointer<UInt8>, inout Int) -> Int32
    ) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SigningKey.seedSize)
        var size = bytes.count
        guard unsafe read(&bytes, &size) == 1, size == bytes.count else {
            throw CryptoError(operation)
        }
        return bytes
    }
}
