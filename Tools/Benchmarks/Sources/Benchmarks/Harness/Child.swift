import Foundation
import RawLoops

/// A program that is run to its end.
struct Child {
    var output: String
    var seconds: Double
    /// On the processor, with those it waited for.
    var processor: Double
    /// Its largest resident set, bytes, or that of a process it started.
    var memory: Double

    /// Runs it, and throws with its error output unless it succeeds.
    @discardableResult
    static func run(_ command: [String]) throws -> Child {
        let file = NSTemporaryDirectory() + "recount-bench-output-\(getpid())"
        defer { unlink(file) }
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = raw_child()
        let code = raw_run_child(&arguments, file, &child)
        try BenchmarkFailure.check(code, "starting \(command[0])")
        guard child.status == 0 else {
            throw BenchmarkFailure("\(command.joined(separator: " ")): status \(child.status)")
        }
        let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return Child(
            output: output, seconds: child.seconds, processor: child.processor,
            memory: Double(child.memory))
    }
}
