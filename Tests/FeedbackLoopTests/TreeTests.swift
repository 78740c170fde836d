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
        let names = try sources("FeedbackLoop/Links").map(\.name)
        let links = names.map { $0.replacingOccurrences(of: ".swift", with: "") }
        let chain = [
            "DisclosureToSignal", "SignalToOrder", "OrderToFill", "FillToOutcome",
            "OutcomeToTrainingSet", "TrainingSetToModel", "ModelToPromotion",
        ]
        // What outcomes say of the models comes back to the signals: there the loop closes.
        let back = ["OutcomeToBlendWeight", "BlendWeightToSignal"]
        #expect(links.sorted() == (chain + back).sorted(), "every link is part of the chain")
        for part in [chain, back] {
            for (link, next) in zip(part, part.dropFirst()) {
                let end = link.range(of: "To").map { String(link[$0.upperBound...]) }
                #expect(end.map { next.hasPrefix("\($0)To") } == true, "\(link) leads to \(next)")
            }
        }
    }
}
