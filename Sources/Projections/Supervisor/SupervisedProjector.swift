import EventLog
import Foundation

/// One projector as a process: started, watched, started again.
///
/// It belongs to the supervisor's thread. Whether a start again would help is told by the status:
/// 65 and 64 say that the same would happen again; such a projector waits until somebody has done
/// something about it (`recount project NAME --resume`, or a rebuild).
final class SupervisedProjector {
    /// What it is doing.
    enum State: Equatable {
        /// Started at this time.
        case running(since: Double)
        /// Started again at this time.
        case waiting(until: Double)
        /// Stopped for a reason that a start again does not mend.
        case stopped(String)
        /// Ended, because it was asked to.
        case ended
    }

    /// Its projection.
    let name: String
    /// Its run; nil for the data log.
    let run: String?
    /// The folder of its file.
    let folder: ReadModelFolder
    private(set) var state = State.waiting(until: 0)
    /// Starts after the first.
    private(set) var restarts = 0
    /// Ends that nobody asked for.
    private(set) var errors = 0
    private var process: RunningProcess?
    private var policy = RestartPolicy()
    private var starts = 0
    /// What its file said when it stopped: another word of it is a reason to start again.
    private var seen: ReadModelStatus?

    init(_ name: String, run: String?, folder: ReadModelFolder) {
        (self.name, self.run, self.folder) = (name, run, folder)
    }

    /// The view that it is of.
    var view: String { run ?? "data" }

    /// Its process number; nil while none runs.
    var number: Int32? { process?.number }

    /// Looks after it at a time, in seconds of a clock that never goes back; gives a sentence where
    /// something happened.
    func look(at now: Double, start: (SupervisedProjector) throws -> RunningProcess) -> String? {
        switch state {
        case .running(let since): return ended(now, after: now - since)
        case .waiting(let until):
            guard now >= until else { return nil }
            do {
                process = try start(self)
                restarts += starts > 0 ? 1 : 0
                starts += 1
                state = .running(since: now)
                return nil
            } catch {
                errors += 1
                return wait(now, after: 0, "could not be started: \(error)")
            }
        case .stopped:
            guard let status = try? ReadModelStatus.read(folder, name), let seen,
                status.error == nil || status.checkpoint != seen.checkpoint
            else { return nil }
            state = .waiting(until: now)
            return "\(view)/\(name): goes on"
        case .ended: return nil
        }
    }

    private func ended(_ now: Double, after seconds: Double) -> String? {
        guard let end = process?.end() else { return nil }
        process = nil
        errors += 1
        guard case .exited(let status) = end, [64, 65].contains(status) else {
            return wait(now, after: seconds, "\(end)")
        }
        seen = try? ReadModelStatus.read(folder, name)
        let reason = seen?.error ?? "\(end)"
        state = .stopped(reason)
        return "\(view)/\(name): STOPPED: \(reason)"
    }

    private func wait(_ now: Double, after seconds: Double, _ what: String) -> String {
        let delay = policy.delay(after: seconds)
        state = .waiting(until: now + delay)
        return "\(view)/\(name): \(what); starts again in \(delay) s"
    }

    /// Asks it to end, or makes it.
    func signal(_ number: Int32) { process?.signal(number) }

    /// Whether it has ended since it was asked to.
    func hasEnded() -> Bool {
        guard let process else {
            if case .stopped = state { return true }
            state = .ended
            return true
        }
        guard process.end() != nil else { return false }
        self.process = nil
        state = .ended
        return true
    }
}
