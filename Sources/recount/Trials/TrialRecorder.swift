import Application
import ArgumentParser
import Backtest
import EventLog
import Events
import FeedbackLoop
import Pipeline

/// Sees to it that what a command tries is written down before and after.
struct TrialRecorder: Sendable {
    private let trials: TrialLog

    /// Opens the folder's log of trials, made when there is none.
    init(_ folder: DataFolder) throws {
        trials = try TrialLog.open(folder, newID: Digest.random())
    }

    /// Writes down several plans at once, durably.
    func start(_ plans: [TrialPlan]) throws -> [Reference] {
        try trials.start(plans, now: wallClock())
    }

    /// Sees a started trial through: what `body` gives is its result, what it throws its failure.
    func see<Value>(_ trial: Reference, _ body: () throws -> (Value, TrialResult)) throws -> Value {
        let made: (Value, TrialResult)
        do {
            made = try body()
        } catch {
            try trials.fail(trial, reason: "\(error)", now: wallClock())
            throw error
        }
        try trials.finish(trial, made.1, now: wallClock())
        return made.0
    }

    /// Sees several started trials through; those that were not reached when one failed are
    /// cancelled, and so do not look as if they might have shown something.
    func seeAll<Value>(_ started: [Reference], _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            for trial in started {
                try trials.fail(
                    trial, .cancelled, reason: "not reached: \(error)", now: wallClock())
            }
            throw error
        }
    }

    /// Everything that was tried so far.
    func book() throws -> TrialBook { try trials.book() }
}

/// The family that a command's trials are counted in.
func checkedFamily(_ name: String) throws -> String {
    guard !name.isEmpty, name.utf8.count <= 32, name.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
    else {
        throw TrialFamilyError(name: name)
    }
    return name
}

/// A family's name that the log cannot hold.
struct TrialFamilyError: Error, CustomStringConvertible {
    let name: String

    var description: String {
        "--family \(name): a family is named by 1 to 32 characters without blanks"
    }
}

extension TimelineSessions {
    /// The sessions of a window that holds one; a run over nothing is no trial.
    static func required(_ timeline: EventLog, _ window: ReplayWindow) throws -> TimelineSessions {
        if let sessions = try TimelineSessions(timeline, window: window) { return sessions }
        guard let all = try TimelineSessions(timeline, window: ReplayWindow()) else {
            throw ValidationError("the data holds no session; ingest prices first")
        }
        throw ValidationError(
            "no session lies in the window; the data's go from \(all.first) to \(all.last)")
    }
}
