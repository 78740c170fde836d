import Foundation

/// The truth file of a simulated world, as far as a strategy may be told of it.
public struct SimulatedTruth: Sendable {
    /// The names of the skilled filers.
    public let skilled: [String]

    private struct File: Decodable {
        struct Person: Decodable {
            var name: String
        }

        var format: String
        var version: Int
        var skilled: [Person]
    }

    /// Reads a truth file.
    public init(file: String) throws(StrategyFileError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw StrategyFileError(
                place: file, message: "cannot be read; recount simulate writes DIR/truth.json")
        }
        let content: File
        do {
            content = try JSONDecoder().decode(File.self, from: data)
        } catch {
            throw StrategyFileError(
                place: file, message: "is no truth file of recount simulate: \(error)")
        }
        guard content.format == "recount-simulated-truth", content.version == 1 else {
            throw StrategyFileError(
                place: file,
                message: "has format \(content.format) \(content.version), not "
                    + "recount-simulated-truth 1; simulate the world again with this version")
        }
        skilled = content.skilled.map(\.name)
    }
}
