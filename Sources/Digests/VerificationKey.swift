import CCrypto

/// A public key of Ed25519 (RFC 8032).
public struct VerificationKey: Hashable, Sendable {
    /// Bytes of a key.
    public static let size = 32

    /// Bytes of a signature.
    public static let signatureSize = 64

    /// The key, 32 bytes.
    public let bytes: [UInt8]

    /// A key of 32 bytes.
    public init(_ bytes: [UInt8]) throws(CryptoError) {
        self.bytes = bytes
        unsafe EVP_PKEY_free(try key())
    }

    /// Whether the key's owner signed the message.
    ///
    /// False for a signature of the wrong length, and for a key that is no point of the curve.
    public func isValid(signature: [UInt8], for message: [UInt8]) throws(CryptoError) -> Bool {
        let key = try key()
        defer { unsafe EVP_PKEY_free(key) }
        guard let context = unsafe EVP_MD_CTX_new() else { throw CryptoError("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1 else {
            throw CryptoError("EVP_DigestVerifyInit_ex")
        }
        // The library tells a wrong signature from a malformed one; neither is valid.
        let isValid =
            unsafe EVP_DigestVerify(context, signature, signature.count, message, message.count)
            == 1
        if !isValid { ERR_clear_error() }
        return isValid
    }

    private func key() throws(CryptoError) -> OpaquePointer {
        let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
        guard let key else { throw CryptoError("EVP_PKEY_new_raw_public_key_ex") }
        return key
    }
}
