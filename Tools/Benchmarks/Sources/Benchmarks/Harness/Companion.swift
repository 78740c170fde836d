import Foundation

/// A second process, of this program or another, that runs beside this one.
final class Companion {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// This program.
    static let itself = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path

    /// Starts it; its standard error is thrown away unless `tells`.
    init(_ executable: String, _ arguments: [String], tells: Bool = true) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        if !tells { process.standardError = FileHandle.nullDevice }
        try process.run()
        Cleanup.began(process.processIdentifier)
    }

    deinit {
        if process.isRunning { process.terminate() }
        Cleanup.ended(process.processIdentifier)
    }

    /// Its process number.
    var number: Int32 { process.processIdentifier }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// The next line of its output; empty at the end.
    func line() -> String {
        var bytes: [UInt8] = []
        while let byte = output.fileHandleForReading.readData(ofLength: 1).first, byte != 10 {
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads its output to the end, and throws unless it ended well.
    func finish() throws -> String {
        try? input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let name = process.executableURL?.lastPathComponent ?? "a process"
            throw BenchmarkFailure("\(name) ended with status \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Asks it to end (SIGTERM) and waits until it has; its output so far.
    func end() -> String {
        process.terminate()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
