import Foundation

/// A script as a person would type it; `$R` is the program recount.
public enum Shell {
    /// Runs a script in a folder and gives what it printed, errors too, and its status.
    public static func run(_ script: String, in folder: String) throws -> (
        output: String, status: Int32
    ) {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "exec 2>&1; " + script]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["R": Peer.path(of: "recount")]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: text, as: UTF8.self), process.terminationStatus)
    }
}
