import Foundation

/// The files of the project.
enum Tree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A Swift file: its path from the project's folder, and what stands in it.
    struct File {
        let path: String
        let source: SwiftSource

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    }

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The folders right within another, in order of name.
    static func folders(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appendingPathComponent(folder), includingPropertiesForKeys: [.isDirectoryKey]
        ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }

    /// The Swift files under a folder, in order of path.
    static func files(_ folder: String) throws -> [File] {
        let top = root.appendingPathComponent(folder)
        let found = FileManager.default.enumerator(at: top, includingPropertiesForKeys: nil)
        let paths = (found?.allObjects as? [URL] ?? []).map { $0.path }
            .filter { $0.hasSuffix(".swift") && !$0.contains("/.build/") }.sorted()
        return try paths.map { path in
            File(
                path: String(path.dropFirst(root.path.count + 1)),
                source: SwiftSource(try String(contentsOfFile: path, encoding: .utf8)))
        }
    }

    /// Every Swift file of the project, read once.
    static let all: [File] = {
        do {
            return try ["Sources", "Tests", "Tools", "Plugins"].flatMap { try files($0) } + [
                File(path: "Package.swift", source: SwiftSource(try text("Package.swift")))
            ]
        } catch {
            preconditionFailure("the tree can be read: \(error)")
        }
    }()

    /// The files under a folder.
    static func all(under folder: String) -> [File] {
        all.filter { $0.path.hasPrefix(folder + "/") }
    }
}
