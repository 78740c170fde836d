import Foundation

/// Programs of the system that some tests need.
public enum Commands {
    /// Runs a program, silently; whether it was there and succeeded.
    public static func run(_ name: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }

    /// Whether this user may mount a file system.
    public static let canMount: Bool = {
        let folder = TemporaryFolder()
        guard run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path]) else {
            return false
        }
        return run("umount", [folder.path])
    }()
}
