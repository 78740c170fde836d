import Foundation

/// A folder of a test's own, removed when the test lets go of it.
public final class TemporaryFolder: Sendable {
    /// The folder.
    public let path: String

    /// Makes a folder.
    public init() {
        path = NSTemporaryDirectory() + "recount-test-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file into it and returns its path.
    public func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Moves what lies in it under a name to a path, whose folder is made.
    public func move(_ name: String, to target: String) throws {
        let parent = URL(fileURLWithPath: target).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: "\(path)/\(name)", toPath: target)
    }
}

/// The folder of real data, where there is one: `RECOUNT_DATA`, or `../shared/data`.
public enum RealData {
    /// The folder, nil where there is none.
    public static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["RECOUNT_DATA"] ?? "../shared/data"
        return FileManager.default.fileExists(atPath: "\(named)/disclosures") ? named : nil
    }()

    /// What a test that needs it says without it.
    public static let skipped = "skipped: no real data; set RECOUNT_DATA"
}
