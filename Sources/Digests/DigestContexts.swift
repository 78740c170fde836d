import CCrypto
import Synchronization

/// Contexts for SHA-256 that wait for their next use.
///
/// To make one costs more than to hash a small message: a context that is given back keeps its
/// memory and its algorithm, and only its state is set anew.
enum DigestContexts {
    /// A context of the library, used by one owner at a time.
    struct Context: @unchecked Sendable {
        // Whoever took it from the pool is the only one to know it, until it is given back.
        let pointer: OpaquePointer
    }

    /// More than this many are freed when they are given back.
    private static let most = 64

    private static let idle = Mutex<[Context]>([])

    /// The algorithm, fetched once and never freed.
    private static let algorithm: Context = {
        // Hashing needs no configuration of the machine: to read it costs a millisecond.
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            fatalError("\(CryptoError("EVP_MD_fetch")): the system's libcrypto has no SHA-256")
        }
        return Context(pointer: algorithm)
    }()

    /// A context to which the algorithm was assigned, in any state.
    static func take() -> OpaquePointer {
        if let idle = idle.withLock({ $0.popLast() }) { return idle.pointer }
        guard let context = unsafe EVP_MD_CTX_new(),
            unsafe EVP_DigestInit_ex2(context, algorithm.pointer, nil) == 1
        else { fatalError("\(CryptoError("EVP_DigestInit_ex2"))") }
        return context
    }

    /// Keeps a context for its next use.
    static func giveBack(_ pointer: OpaquePointer) {
        let context = Context(pointer: pointer)
        let isKept = idle.withLock { idle in
            guard idle.count < most else { return false }
            idle.append(context)
            return true
        }
        if !isKept { unsafe EVP_MD_CTX_free(context.pointer) }
    }
}
