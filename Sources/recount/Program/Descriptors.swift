import Foundation

/// The files that a process may have open at once.
enum Descriptors {
    /// Maps and locks of several logs, of their read models, and what a library opens of its own.
    static let needed: UInt64 = 64

    /// Raises the limit where it is lower than needed and may be raised.
    static func raise() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur < UInt(needed)
        else { return }
        let most = limit.rlim_max
        limit.rlim_cur = min(UInt(needed), most)
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
            limit.rlim_cur >= UInt(needed)
        else { throw TooFewDescriptors(allowed: UInt64(most)) }
    }
}

/// Refused before anything is opened: half of the work would be done.
struct TooFewDescriptors: Error, CustomStringConvertible {
    let allowed: UInt64

    var description: String {
        "this process may have \(allowed) files open, and needs \(Descriptors.needed); raise the "
            + "limit (ulimit -n) and repeat"
    }
}
