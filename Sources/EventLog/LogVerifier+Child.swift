import CPlatform
import Foundation

extension LogVerifier {
    /// The variable that names the file in which a child notes the position it has reached.
    private static let progressVariable = "RECOUNT_VERIFY_PROGRESS"

    /// Checks the log in a folder in a child process, so that a broken page is a finding and not a
    /// crash. A child that dies is run again, in order, to learn which position it dies at.
    ///
    /// - Parameters:
    ///   - executable: the program, which must print `childReport(path).json` and nothing else.
    ///   - arguments: its arguments.
    public static func verifyInChild(
        _ path: String, executable: String, arguments: [String]
    ) throws -> Report {
        guard EventLog.fileSize("\(path)/data.mdb") != nil else {
            throw LogError.missing(path: path)
        }
        if let report = try run(executable, arguments, progress: nil) { return report }
        let progress = NSTemporaryDirectory() + "recount-verify-\(getpid())-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: progress, contents: Data(count: 8))
        defer { try? FileManager.default.removeItem(atPath: progress) }
        if let report = try run(executable, arguments, progress: progress) { return report }
        let noted = [UInt8](FileManager.default.contents(atPath: progress) ?? Data())
        let position = noted.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return damaged(
            position == 0 ? nil : position, "the file has a page that cannot be read")
    }

    /// What a child finds: like `verify`, but a log that cannot be opened is a finding.
    public static func childReport(_ path: String) -> Report {
        do {
            guard let progress = ProcessInfo.processInfo.environment[progressVariable] else {
                return try verify(path)
            }
            let descriptor = Foundation.open(progress, O_RDWR | O_CLOEXEC)
            defer { close(descriptor) }
            guard descriptor >= 0,
                let memory = mmap(nil, 8, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
                memory != MAP_FAILED
            else { throw LogError.system(path: progress, operation: "mmap", code: errno) }
            return try verify(path) { position in
                memory.storeBytes(of: position.littleEndian, as: UInt64.self)
            }
        } catch {
            return damaged(nil, "\(error)")
        }
    }

    private static func damaged(_ position: UInt64?, _ finding: String) -> Report {
        Report(
            sound: false, events: 0, commits: 0, bytes: 0, seal: "", position: position,
            finding: finding)
    }

    /// Runs a child; nil when it died.
    private static func run(
        _ executable: String, _ arguments: [String], progress: String?
    ) throws -> Report? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment[progressVariable] = progress
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            return nil
        }
        return try JSONDecoder().decode(Report.self, from: output)
    }
}
