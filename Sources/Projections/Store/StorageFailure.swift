import Foundation
import GRDB

/// A read model's file cannot be written: what happened, where, and what to do.
struct StorageFailure: Error, CustomStringConvertible {
    let description: String

    /// Puts an error of SQLite into words; nil for any other.
    init?(_ failure: any Error, path: String) {
        guard let error = failure as? DatabaseError else { return nil }
        let remedy =
            switch error.resultCode {
            case .SQLITE_FULL: "the disk is full: free space and run recount project again"
            case .SQLITE_CONSTRAINT:
                "a row was made that its table does not take, which is a fault of the program and "
                    + "not of the disk: report it with this line"
            default: "check the disk and run recount project again"
            }
        // Not the statement: it says nothing about the disk.
        let what = error.message ?? "\(error.resultCode)"
        description =
            "\(path): \(what) (SQLite's code \(error.extendedResultCode.rawValue)); \(remedy); "
            + "the log has everything"
    }
}

extension ReadModelError {
    /// An error of Foundation about a file, with the system's code.
    init(_ error: any Error, path: String, operation: String) {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        self = .system(path, operation, cause.map { Int32($0.code) } ?? EIO)
    }
}
