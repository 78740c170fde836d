import Foundation

/// The data folder that is meant where `--data` names none: that of `RECOUNT_FOLDER`, or the one in
/// or below which the program was started.
public struct FoundFolder: Sendable {
    /// The variable that names a data folder; `RECOUNT_DATA` is the input of demo and tests.
    public static let variable = "RECOUNT_FOLDER"

    /// Where a folder was found.
    public enum Place: Equatable, Sendable {
        /// The variable names it.
        case variable
        /// One stands in it.
        case here
        /// One stands below it.
        case above
    }

    /// The folder's path.
    public let path: String
    /// Where it was found.
    public let place: Place

    /// What this process finds; nil for nothing.
    public static let current = FoundFolder(
        variable: ProcessInfo.processInfo.environment[variable],
        at: FileManager.default.currentDirectoryPath)

    /// Looks at the variable, an empty one being none, then at the working directory and upwards.
    public init?(variable: String?, at directory: String) {
        if let variable, !variable.isEmpty {
            (path, place) = (variable, .variable)
            return
        }
        var folder = directory
        while true {
            if DataFolder(folder).isThere {
                (path, place) = (folder, folder == directory ? .here : .above)
                return
            }
            let parent = FilePath.parent(folder)
            guard parent != folder, !parent.isEmpty else { return nil }
            folder = parent
        }
    }

    /// How a person is told of it.
    public var text: String {
        switch place {
        case .variable: "\(path), of \(FoundFolder.variable)"
        case .here: "\(path), the working directory"
        case .above: "\(path), above the working directory"
        }
    }
}
