import Foundation
import GRDB

/// A read model's file cannot be written: what happened, where, and what to do.
struct StorageFailure: Error, CustomStringConvertible {
    let description: String

    /// Puts an error of SQLite into words; nil for any other.
    init?(_ failure: any Error, path: String) {
        guard let error = failure as? DatabaseError else { return nil }
        let remedy =
            error.resultCode == .SQLITE_FULL
            ? "the disk is full: free space and run recount project again"
            : "check the disk and run recount project again"
        description = "\(path): \(error); \(remedy); the log has everything"
    }
}

extension ReadModelError {
    /// An error of Foundation about a file, with the system's code.
    init(_ error: any Error, path: String, operation: String) {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        self = .system(path, operation, cause.map { Int32($0.code) } ?? EIO)
    }
}
