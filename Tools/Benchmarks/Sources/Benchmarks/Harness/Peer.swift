import Foundation

/// A script of `peers/`: another library doing the same work.
struct Peer {
    /// What it prints, one JSON object.
    struct Answer: Decodable {
        /// Seconds of the engine alone, or of what else it names.
        var seconds: [String: Double]
        /// Closed trades and their hash, for the workload.
        var trades: String?
        /// What a reader must know.
        var remark: String?
    }

    /// Whether a Python has a package.
    static func isInstalled(_ package: String, _ setting: Setting) -> Bool {
        guard let python = setting.python else { return false }
        let probe =
            "import importlib.util, sys; sys.exit(importlib.util.find_spec('\(package)') is None)"
        return (try? Child.run([python, "-c", probe])) != nil
    }

    /// Runs a script.
    static func run(_ script: String, _ arguments: [String], _ setting: Setting) throws -> Answer {
        guard let python = setting.python else { throw Unavailable("needs --python") }
        let child = try Child.run(
            [python, "\(Setting.package)/peers/\(script).py"] + arguments)
        let line = child.output.split(separator: "\n").last ?? ""
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
        } catch {
            throw BenchmarkFailure("peers/\(script).py printed \(line): \(error)")
        }
    }
}
