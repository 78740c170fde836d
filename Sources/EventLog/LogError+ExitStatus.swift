import Foundation

extension LogError {
    /// What an error of a log ends a process with, by the numbers of sysexits(3); nil for an error
    /// of something else.
    public static func exitStatus(of error: any Error) -> Int32? {
        if let code = code(of: error) { return exitStatus(ofCode: code) }
        switch error as? LogError {
        case nil: return nil
        case .missing: return 66
        case .exists: return 73
        case .fileSystem, .deferredDataLog, .sealed: return 64
        default: return 65
        }
    }

    /// What an error number, or one of LMDB's, ends a process with.
    public static func exitStatus(ofCode code: Int32) -> Int32 {
        switch code {
        case ENOENT, ENOTDIR: 66
        case EACCES, EPERM, EROFS: 77
        case ENOMEM, EMFILE, ENFILE, EAGAIN: 71
        case EIO, ENOSPC, EDQUOT, EFBIG: 74
        case EBUSY: 75
        case _ where isFullOfReaders(code): 75
        default: code < 0 ? 65 : 71
        }
    }

    /// What happened, for people: of an error of the system's library file and reason, where that
    /// would print its own insides.
    public static func text(of error: any Error) -> String {
        guard let cocoa = error as? CocoaError else {
            return (error as? any LocalizedError)?.errorDescription ?? "\(error)"
        }
        let place = cocoa.filePath ?? cocoa.url?.path
        let reason =
            (cocoa.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
            ?? cocoa.localizedDescription
        return (place.map { "\($0): " } ?? "") + reason
    }
}
