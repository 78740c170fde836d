import EventLog
import Foundation
import Logging
import Projections
import Service
import ServiceLifecycle

/// The read models of a live run, kept by projectors that are processes of their own: started once
/// the run is there, started again where they end, ended in order.
///
/// The loop depends on none of them: what they meet with is told, and nothing else.
struct ProjectorService: ServiceLifecycle.Service {
    private let folder: DataFolder
    private let run: String
    private let logger: Logger
    private let isOver = Latch()
    private let isReady: Latch
    private let failures: FailureCount

    /// Of the run that `isReady` says is open; each end of a projector is counted.
    init(
        _ folder: DataFolder, run: String, logger: Logger, isReady: Latch, failures: FailureCount
    ) {
        (self.folder, self.run, self.logger, self.isReady) = (folder, run, logger, isReady)
        self.failures = failures
    }

    /// The program that projects: `recount` beside this one; nil where it is not there.
    static var program: String? {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let beside = own.map { ($0 as NSString).deletingLastPathComponent + "/recount" }
        return beside.flatMap { FileManager.default.isExecutableFile(atPath: $0) ? $0 : nil }
    }

    func run() async throws {
        let isOver = isOver
        await withGracefulShutdownHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    self.supervise(until: { isOver.isSet })
                    continuation.resume()
                }
                thread.start()
            }
        } onGracefulShutdown: {
            isOver.set()
        }
    }

    private func supervise(until isOver: () -> Bool) {
        while !isReady.isSet, !isOver() { usleep(50_000) }
        guard !isOver() else { return }
        defer {
            // What goes on without projectors ends with the loop.
            while !isOver() { usleep(50_000) }
        }
        guard let program = ProjectorService.program else {
            logger.warning(
                "recount is not beside recountd: nobody keeps the read models; recount up does")
            return
        }
        let (data, parent) = (folder.path, getpid())
        let supervisor = Supervisor(
            folder, runs: [run], program: program,
            arguments: { projection, run in
                [
                    "project", projection, "--data", data, "--follow", "--quiet",
                    "--parent=\(parent)",
                ]
                    + (run.map { ["--run=\($0)"] } ?? [])
            }, tell: { logger.warning("projector", metadata: ["what": "\($0)"]) },
            failed: { failures.count($0, at: SystemClock().elapsed()) })
        do {
            try supervisor.run { !isOver() }
        } catch {
            logger.error("projectors", metadata: ["why": "\(error)"])
        }
    }
}
