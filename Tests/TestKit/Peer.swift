import Foundation

/// A program of this package as a second process: `log-peer`, made for tests about processes, or
/// another that the test names.
public final class Peer: @unchecked Sendable {
    // Used by one test's thread.
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Where `log-peer` lies.
    public static var executable: String { path(of: "log-peer") }

    /// Where a program lies: beside the tests.
    public static func path(of program: String) -> String {
        let tests = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        let folder =
            tests?.bundleURL.deletingLastPathComponent()
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        return folder.appendingPathComponent(program).path
    }

    /// Starts it, in a folder of its own when one is named.
    public init(_ arguments: [String], program: String = "log-peer", folder: String? = nil) throws {
        process.executableURL = URL(fileURLWithPath: Peer.path(of: program))
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Its process number.
    public var number: Int32 { process.processIdentifier }

    /// Waits for a line of its output.
    public func line() -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard let byte = byte.first, byte != 10 else { break }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it did not end yet.
    public var isRunning: Bool { process.isRunning }

    /// Asks it to end, as a person does with control-C.
    public func interrupt() { kill(number, SIGINT) }

    /// Lets it go on: it waits for a line.
    public func proceed() {
        input.fileHandleForWriting.write(Data("\n".utf8))
    }

    /// Ends its input, waits for its end and gives what it still printed and its status.
    @discardableResult
    public func finish() -> (output: String, status: Int32) {
        try? input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    /// Starts it and waits for its end.
    @discardableResult
    public static func run(_ arguments: [String], program: String = "log-peer") throws -> (
        output: String, status: Int32
    ) {
        try Peer(arguments, program: program).finish()
    }
}
