public import EventLog
import Foundation

/// All projectors of some views, each a process of its own: started, watched, started again with a
/// back-off, ended in order; how they are doing as Prometheus text in a file.
///
/// One supervises a data folder at a time. It owns nothing but its lock and that file: whoever
/// kills it kills what it started too, since each child ends when its parent is gone, and the next
/// one begins where they were.
public final class Supervisor {
    private let data: DataFolder
    private let metricsPath: String
    private let projectors: [SupervisedProjector]
    private let arguments: (_ projection: String, _ run: String?) -> [String]
    private let tell: (String) -> Void
    private let failed: (String) -> Void
    private let program: String
    private var views: [String: LogView] = [:]

    /// Seconds between two looks, and between two writings of the file.
    private static let (look, report) = (0.05, 1.0)
    /// Seconds that a child has to end in order.
    private static let patience = 10.0

    /// The file in which a data folder's metrics lie when no other is named.
    public static func metricsPath(_ data: DataFolder) -> String {
        "\(data.path)/views/recount.prom"
    }

    /// A supervisor of every projection of these runs, nil being the data log.
    ///
    /// - Parameters:
    ///   - program: the program that projects; this one when left out.
    ///   - arguments: what it takes to project and follow one projection.
    ///   - tell: is told what happens, a sentence each.
    ///   - failed: is told which projector has ended without being asked to.
    public init(
        _ data: DataFolder, runs: [String?], metrics: String? = nil,
        program: String = "/proc/self/exe",
        arguments: @escaping (_ projection: String, _ run: String?) -> [String],
        tell: @escaping (String) -> Void, failed: @escaping (String) -> Void = { _ in }
    ) {
        self.failed = failed
        (self.data, self.arguments, self.tell) = (data, arguments, tell)
        self.program = program
        metricsPath = metrics ?? Supervisor.metricsPath(data)
        projectors = runs.flatMap { run in
            let folder = ReadModelFolder(path: "\(data.path)/views/\(run ?? "data")")
            return ProjectionCatalogue.names.map {
                SupervisedProjector($0, run: run, folder: folder)
            }
        }
    }

    /// Supervises until `isWanted` says no, which is asked twenty times a second; then ends all.
    ///
    /// - Throws: `ReadModelError.supervised` when another supervises this folder.
    public func run(while isWanted: () -> Bool) throws {
        let lock = try hold()
        defer { lock.release() }
        // Also where it ends by an error: nobody would look after them.
        defer { end() }
        var reported = -Supervisor.report
        let clock = ContinuousClock()
        let began = clock.now
        while isWanted() {
            let now = (clock.now - began) / .seconds(1)
            for projector in projectors {
                let errors = projector.errors
                if let text = projector.look(at: now, start: start) { tell(text) }
                if projector.errors > errors { failed("\(projector.view)/\(projector.name)") }
            }
            if now - reported >= Supervisor.report {
                try writeMetrics()
                reported = now
            }
            usleep(UInt32(Supervisor.look * 1e6))
        }
    }

    private func hold() throws -> ProjectorLock {
        let folder = ReadModelFolder(path: "\(data.path)/views")
        do {
            return try ProjectorLock(folder, "up")
        } catch ReadModelError.locked {
            throw ReadModelError.supervised(folder.path)
        }
    }

    private func start(_ projector: SupervisedProjector) throws -> RunningProcess {
        try RunningProcess(program, arguments(projector.name, projector.run))
    }

    /// Asks every child to end and waits; those that do not are killed, which loses nothing.
    private func end() {
        for projector in projectors { projector.signal(SIGTERM) }
        let began = ContinuousClock.now
        while !projectors.allSatisfy({ $0.hasEnded() }) {
            if (ContinuousClock.now - began) / .seconds(1) > Supervisor.patience {
                for projector in projectors { projector.signal(SIGKILL) }
            }
            usleep(20_000)
        }
        try? writeMetrics()
    }

    private func writeMetrics() throws {
        let rows = projectors.map { projector in
            ProjectorMetrics.Row(
                view: projector.view, projection: projector.name,
                status: try? ReadModelStatus.read(projector.folder, projector.name),
                end: end(of: projector), state: projector.state, restarts: projector.restarts,
                errors: projector.errors)
        }
        let beside = "\(metricsPath).writing"
        do {
            try Data(ProjectorMetrics.text(rows).utf8).write(to: URL(fileURLWithPath: beside))
        } catch {
            throw ReadModelError(error, path: beside, operation: "write")
        }
        guard rename(beside, metricsPath) == 0 else {
            throw ReadModelError.system(metricsPath, "rename", errno)
        }
    }

    /// Where the log of a projector ends; nil when it is not there yet.
    private func end(of projector: SupervisedProjector) -> UInt64? {
        if views[projector.view]?.isReplaced ?? true {
            views[projector.view] = try? LogView.open(data, run: projector.run)
        }
        return try? views[projector.view]?.merged.end().position
    }
}
