import EventLog
import Foundation
import Glibc

/// The files that a person means who names files, folders and patterns.
public enum InputPaths {
    /// Each name in turn: a file as it is, a folder as the files below it that could be read (by
    /// the endings of their names, in order of their paths), a pattern with `*`, `?` or `[…]` as
    /// the files that match it, where no file has that very name.
    ///
    /// - Throws: `IngestError.missingFile` for a folder or a pattern without files.
    public static func expand(_ names: [String]) throws(IngestError) -> [String] {
        var result: [String] = []
        for name in names { result += try expand(name) }
        return result
    }

    private static func expand(_ name: String) throws(IngestError) -> [String] {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) {
            return isFolder.boolValue ? try files(below: name) : [name]
        }
        guard name.contains(where: { "*?[".contains($0) }) else { return [name] }
        let found = try matches(name).filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        guard !found.isEmpty else {
            throw IngestError(.missingFile, file: name, "no file matches; check the pattern")
        }
        return found
    }

    private static func files(below folder: String) throws(IngestError) -> [String] {
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let entries = FileManager.default.subpaths(atPath: folder) ?? []
        let found = entries.filter { entry in
            let name = FilePath.name(entry).lowercased()
            let isHidden = entry.split(separator: "/").contains { $0.hasPrefix(".") }
            return !isHidden && endings.contains { name.hasSuffix($0) }
        }.sorted().map { "\(base)/\($0)" }
        guard !found.isEmpty else {
            throw IngestError(
                .missingFile, file: folder,
                "is a folder without files that are read (\(endings.joined(separator: ", ")))")
        }
        return found
    }

    private static let endings: [String] = {
        let plain = [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"]
        return plain + plain.map { $0 + ".gz" }
    }()

    private static func matches(_ pattern: String) throws(IngestError) -> [String] {
        var found = glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
        }
    }
}
