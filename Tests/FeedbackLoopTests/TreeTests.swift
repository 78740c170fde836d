import Foundation
import Testing

/// Rules of the house that a formatter cannot hold.
@Suite("The tree")
struct TreeTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func sources(_ target: String) throws -> [(name: String, text: String)] {
        let folder = TreeTests.root.appendingPathComponent("Sources/\(target)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let found = (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
        #expect(!found.isEmpty, "\(target) has sources")
        return try found.map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    }

    @Test(
        "the pure core reads no clock, draws no chance and walks no hashed collection",
        arguments: [
            "Events", "Market", "Learning", "FeedbackLoop", "Simulation",
            "Projections/ReadModels", "Projections/Rows",
        ])
    func pureCore(target: String) throws {
        let refused = [
            "import Foundation", "import Dispatch", "Date()", "UUID()", ".random(",
            "SystemRandomNumberGenerator", "ContinuousClock", "Set<", "Dictionary<", "[String:",
            "[Ticker:", "[Int:", "[UInt64:",
        ]
        for (name, text) in try sources(target) where name != "Lookup.swift" {
            for word in refused { #expect(!text.contains(word), "\(name) has \(word)") }
            if name != "Elementary.swift" { #expect(!text.contains("import Glibc"), "\(name)") }
        }
    }

    @Test("each arrow of the data flow is a file, and the chain from disclosure to outcome closes")
    func links() throws {
        let names = try sources("FeedbackLoop/Links").map(\.name).sorted()
        var ends = "Disclosure"
        var left = names.map { $0.replacingOccurrences(of: ".swift", with: "") }
        while let next = left.first(where: { $0.hasPrefix("\(ends)To") }) {
            left.removeAll { $0 == next }
            ends = String(next.dropFirst("\(ends)To".count))
        }
        #expect(ends == "Promotion")
        #expect(left.isEmpty, "every link is part of the chain")
    }
}
