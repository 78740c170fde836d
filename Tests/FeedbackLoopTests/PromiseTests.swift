import Foundation
import Testing

@testable import FeedbackLoop

/// The README's table of what the replaced systems promised: each row's targets are there.
@Suite("What was promised")
struct PromiseTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// All files under a folder with an extension, one text.
    private static func texts(_ folder: String, _ ending: String) throws -> String {
        let files = FileManager.default.enumerator(
            at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
        return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == ending }
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    /// The cells of each row, without their quotes.
    static func rows() throws -> [[String]] {
        let readme = try text("README.md")
        guard let start = readme.range(of: "| promise |") else { return [] }
        return readme[start.lowerBound...].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("|") }.dropFirst(2).map { line in
                line.split(separator: "|").map {
                    $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "`", with: "")
                }
            }
    }

    @Test("every command, event, table and test of the README's table exists")
    func kept() throws {
        let rows = try PromiseTests.rows()
        #expect(rows.count > 15, "the README has its table")
        let commands = try PromiseTests.texts("Sources/recount", "swift")
        let events = try PromiseTests.text("Schemas/recount.xml")
        let tables = try PromiseTests.texts("Schemas/ReadModels", "sql")
        let tests = try PromiseTests.texts("Tests", "swift")
        for row in rows {
            try #require(row.count == 5, "\(row)")
            let command = row[1].split(separator: " ")
            #expect(command.first == "recount")
            #expect(commands.contains("commandName: \"\(command.last ?? "")\""), "\(row[1])")
            #expect(events.contains("message name=\"\(row[2])\""), "\(row[2])")
            #expect(tables.contains("CREATE TABLE \(row[3]) "), "\(row[3])")
            let parts = row[4].split(separator: ".")
            #expect(
                tests.contains("struct \(parts[0]) ") || tests.contains("class \(parts[0]) "),
                "\(row[4])")
            if parts.count > 1 {
                #expect(tests.contains("func \(parts[1])("), "\(row[4])")
            }
        }
    }
}

extension PromiseTests {
    @Test("Schemas/strategy.schema.json is what recount strategy schema prints")
    func schema() throws {
        let stored = try PromiseTests.text("Schemas/strategy.schema.json")
        #expect(stored == LoopConfiguration.jsonSchema)
        let object = try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [String: Any]
        let properties = object?["properties"] as? [String: Any]
        #expect(properties?.count == LoopConfiguration.fields.count + 4)
    }
}
