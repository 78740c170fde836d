import CCrypto

/// A refusal of libcrypto, with its code.
public struct CryptoError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The library's code of the first thing that went wrong; 0 when it gave none.
    public let code: UInt
    /// The call that failed.
    public let operation: String
    /// The library's words for the code.
    public let message: String

    /// The first error in this thread's queue, which is emptied.
    init(_ operation: String) {
        let code = ERR_get_error()
        ERR_clear_error()
        var text = [CChar](repeating: 0, count: 256)
        unsafe text.withUnsafeMutableBufferPointer {
            unsafe ERR_error_string_n(code, $0.baseAddress, $0.count)
        }
        self.code = UInt(code)
        self.operation = operation
        message =
            code == 0
            ? "the library gave no reason"
            : String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// What happened, and where.
    public var description: String { "libcrypto: \(operation): \(message)" }
}
