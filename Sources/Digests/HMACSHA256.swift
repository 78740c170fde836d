import CCrypto
public import Events

/// HMAC (RFC 2104) with SHA-256, by the system's libcrypto.
public enum HMACSHA256 {
    /// The code of a message under a key.
    public static func code(of message: [UInt8], key: [UInt8]) -> Digest {
        var code = [UInt8](repeating: 0, count: 32)
        var size = code.count
        let made = unsafe EVP_Q_mac(
            nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code,
            code.count, &size)
        guard made != nil, size == code.count else {
            fatalError("\(CryptoError("EVP_Q_mac"))")
        }
        return Digest(bytes: code)
    }
}
