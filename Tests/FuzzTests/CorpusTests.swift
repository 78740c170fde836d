import Foundation
import FuzzTargets
import Testing

/// Seeds and past findings of the fuzzer, read again without it.
@Suite("Fuzzer's corpus")
struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Tools/Fuzz/corpus")

    @Test("every promise holds for every input of the corpus", arguments: FuzzTarget.all)
    func corpus(_ target: FuzzTarget) throws {
        let folder = CorpusTests.folder.appendingPathComponent(target.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(!names.isEmpty, "each target has a seed")
        for name in names {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            #expect(throws: Never.self, "\(target.name)/\(name)") { try target.read(Array(data)) }
        }
    }

    @Test("every beginning of a seed is accepted or refused, not more", arguments: FuzzTarget.all)
    func beginnings(_ target: FuzzTarget) throws {
        let folder = CorpusTests.folder.appendingPathComponent(target.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let bytes = Array(
            try Data(contentsOf: folder.appendingPathComponent(try #require(names.first))))
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
            #expect(throws: Never.self, "\(target.name), \(count) bytes") {
                try target.read(Array(bytes[..<count]))
            }
        }
    }
}
