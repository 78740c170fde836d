import EventLog
import Events
import Foundation

/// Exports of logs as JSON lines.
enum LogImportTarget {
    static let target = FuzzTarget(name: "log-import") { bytes in
        // Of its own: tests run side by side in one process.
        let folder = "\(shared)/recount-fuzz-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        guard let head = try read(lines, to: "\(folder)/first") else {
            try demand(
                !FileManager.default.fileExists(atPath: "\(folder)/first"),
                "nothing is built from what is refused")
            return
        }
        let report = try LogVerifier.verify("\(folder)/first")
        try demand(report.isSound && report.events == head.position, "what is built is sound")
        var exported: [String] = []
        let log = try EventLog.open(at: "\(folder)/first")
        try LogExport.write(log, render: { try EventJSON.string(message: $0) }) {
            exported.append($0)
        }
        let again = try read(exported, to: "\(folder)/second")
        try demand(again == head, "an export of the import gives the same seals")
    }

    /// A folder in memory, where there is one.
    private static let shared =
        FileManager.default.isWritableFile(atPath: "/dev/shm")
        ? "/dev/shm" : NSTemporaryDirectory()

    private static func read(_ lines: [String], to path: String) throws -> LogHead? {
        var rest = lines[...]
        if rest.last == "" { rest.removeLast() }
        do {
            return try LogImport.read(
                file: "fuzz.jsonl", to: path, render: { try EventJSON.string(message: $0) },
                next: { rest.popFirst() })
        } catch LogError.badLine(let file, let line, let what) {
            try demand(
                file == "fuzz.jsonl" && line <= lines.count + 1 && !what.isEmpty,
                "a refusal names its line")
            return nil
        }
    }
}
