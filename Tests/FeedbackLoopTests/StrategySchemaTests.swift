import Foundation
import Testing

@testable import FeedbackLoop

@Suite("The schema of strategy files")
struct StrategySchemaTests {
    @Test("Schemas/strategy.schema.json is what recount strategy schema prints")
    func schema() throws {
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Schemas/strategy.schema.json")
        let stored = try String(contentsOf: file, encoding: .utf8)
        #expect(stored == LoopConfiguration.jsonSchema)
        let object = try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [String: Any]
        let properties = object?["properties"] as? [String: Any]
        #expect(properties?.count == LoopConfiguration.fields.count + 4)
    }
}
