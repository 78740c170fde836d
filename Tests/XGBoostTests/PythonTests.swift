import Events
import Foundation
import Learning
import TestKit
import Testing
import XGBoost

/// The Python interpreter that has the package `xgboost`: `$RECOUNT_PYTHON`, or `python3`.
private let python = ProcessInfo.processInfo.environment["RECOUNT_PYTHON"] ?? "python3"

private let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false)

private let hasPython: Bool = {
    let found = Commands.run(python, ["-c", "import xgboost"])
    if !found { print("skipped: no Python with the package xgboost; set RECOUNT_PYTHON to one") }
    return found
}()

@Suite("Python's xgboost", .enabled(if: hasPython))
struct PythonTests {
    private let folder = TemporaryFolder()

    /// Exit code and output of the check of a model over rows; `edit` may change the rows' text.
    private func check(
        seed: UInt64, _ edit: (String) -> String = { $0 }
    ) throws -> (code: Int32, output: String) {
        let rows = SampleRows(seed: seed)
        let model = try rows.train {
            ($0.depth, $0.minimumChildWeight) = (4, 1)
            if seed == 3 { $0.prior = .init(column: 1, slope: 0.4) }
        }
        let digest = try ModelStore(folder.path).write(model.artefact)
        var text = (0..<7).map { "feature_\($0)," }.joined() + "loss,breakeven,win\n"
        for row in rows.others {
            let given = model.ensemble.probabilities(row)
            text += row.map { $0.isNaN ? "," : "\($0)," }.joined()
            text += "\(given.loss),\(given.breakeven),\(given.win)\n"
        }
        let file = try folder.write("rows.csv", edit(text))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            python, "\(root)/Tools/check-model.py", ModelStore(folder.path).file(digest), file,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }

    @Test("it loads an artefact and gives the probabilities to 1e-6", arguments: [1, 2, 3])
    func agrees(seed: UInt64) throws {
        let (code, output) = try check(seed: seed)
        #expect(code == 0, "\(output)")
        #expect(output.contains("100 rows, "), "\(output)")
    }

    @Test("a probability that is another is named with its line")
    func differs() throws {
        let (code, output) = try check(seed: 1) { text in
            var lines = text.split(separator: "\n").map(String.init)
            lines[41] =
                lines[41].split(separator: ",", omittingEmptySubsequences: false)
                .dropLast().joined(separator: ",") + ",0.0000001"
            return lines.joined(separator: "\n")
        }
        #expect(code == 1)
        #expect(output.contains("rows.csv: line 42: xgboost says"), "\(output)")
    }

    @Test("rows that cannot be read are an error with their place")
    func unreadable() throws {
        let (code, output) = try check(seed: 1) { text in
            text.replacing("\n", with: "\nwhat,", maxReplacements: 1)
        }
        #expect(code == 2)
        #expect(output.contains("rows.csv: line 2: 11 cells, and 10 columns"), "\(output)")
    }
}
