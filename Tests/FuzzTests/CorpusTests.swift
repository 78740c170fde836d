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

    @Test("every strategy runs to its end on markets of the most extreme numbers, drawn by a seed")
    func extremeMarkets() throws {
        // RECOUNT_FUZZ_ROUNDS=2000 draws for minutes; the fuzzer itself draws by coverage.
        let environment = ProcessInfo.processInfo.environment
        let rounds = environment["RECOUNT_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 6
        let first = environment["RECOUNT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let target = try #require(FuzzTarget.named("facts"))
        for seed in first..<first + UInt64(rounds) {
            var state = seed
            let bytes = (0..<120).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            #expect(throws: Never.self, "seed \(seed)") { try target.read(bytes) }
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
