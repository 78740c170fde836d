import EventLog
import Events
import Foundation
import Projections

extension ProjectCommand {
    /// `--rollback`
    func rollBack() throws {
        let outcome = try ReadModelRollback.run(data.folder, run: runName, projection: name)
        let position = outcome.status.checkpoint.position.position
        if json {
            var object = JSONObject()
            object.text("projection", name)
            object.integer("from", outcome.from)
            object.integer("generation", outcome.to)
            object.integer("version", outcome.status.version)
            object.integer("position", position)
            object.boolean("goes_on", outcome.isOfThisVersion)
            return print(object.text)
        }
        print(
            "\(name): generation \(outcome.to) in place of \(outcome.from): version "
                + "\(outcome.status.version), position \(position)")
        if !outcome.isOfThisVersion {
            note(
                "\(name) is served as it stands, since this program makes another version; "
                    + "--rebuild makes it anew")
        }
    }

    /// `--resume`, of those that are stopped.
    func goOn(_ names: [String]) throws {
        var reports: [ProjectorReport] = []
        for projection in names {
            do {
                let (reason, report) = try ReadModelResume.run(
                    data.folder, run: runName, projection: projection)
                if !json { note("\(projection) had stopped: \(reason)") }
                reports.append(report)
            } catch ReadModelError.notStopped where name == "all" {
                continue
            } catch ReadModelError.missing where name == "all" {
                continue
            }
        }
        if reports.isEmpty, !json { print("nothing was stopped") }
        try end(reports)
    }
}

/// The process that started this one.
enum ParentWatch {
    /// Ends this process once that one is gone: nobody would look after it. A projector may be
    /// killed at any instant.
    static func begin(_ parent: Int32) {
        Thread.detachNewThread {
            while getppid() == parent { usleep(100_000) }
            _exit(ExitStatus.later.rawValue)
        }
    }
}
