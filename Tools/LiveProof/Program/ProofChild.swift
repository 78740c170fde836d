import Foundation

/// A daemon that is a process, and asks for the time by its standard output.
final class ProofChild {
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())
    private let errors = Pipe()
    private var buffer = Data()

    /// Starts one.
    init(_ arguments: [String]) throws {
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/exe"))
        process.arguments = ["serve"] + arguments
        (process.standardInput, process.standardOutput) = (input, output)
        process.standardError = errors
        try process.run()
    }

    /// Whether it asks for the time; false when it has ended.
    func asks() -> Bool {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                buffer.removeSubrange(...end)
                return true
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { return false }
            buffer += more
        }
    }

    /// Gives it the time.
    func tell(_ wall: Int64, _ steady: Int64) {
        // One that was killed meanwhile reads nothing.
        try? input.fileHandleForWriting.write(contentsOf: Data("\(wall) \(steady)\n".utf8))
    }

    /// Kills it after a while; its end is waited for.
    func kill(afterMicroseconds wait: UInt32) {
        usleep(wait)
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// How it ended by itself.
    ///
    /// - Throws: `ProofFailure` where it did not end well, with what it wrote.
    func finish() throws {
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let text = String(
                decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            throw ProofFailure(
                "the daemon ended with \(process.terminationStatus): \(text.suffix(2_000))")
        }
    }

    /// Kibibytes of its memory, and its open files; zero where it is gone.
    var footprint: (kibibytes: Int, files: Int) {
        let path = "/proc/\(process.processIdentifier)"
        let status = (try? String(contentsOfFile: "\(path)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let size = line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/fd"))?.count ?? 0
        return (size, files)
    }
}
