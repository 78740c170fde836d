import EventLog
import Events
import FeedbackLoop
import Pipeline

extension ChainCheck {
    /// Runs with those that they were forked from, each behind its parent: what a fork shares is
    /// proven there.
    static func withParents(_ runs: [String], in folder: DataFolder) throws -> [String] {
        var all: [String] = []
        for run in runs {
            var line: [String] = []
            var next: String? = run
            while let name = next, !all.contains(name), !line.contains(name) {
                line.append(name)
                let manifest = try? RunManifest.read(in: try folder.existingRun(name))
                next = manifest?.parent?.run
            }
            all += line.reversed()
        }
        return all
    }

    /// A fork's link to the run that it left: the seal that it names, and what it changed of the
    /// facts.
    mutating func fork(_ run: OpenedRun) throws {
        guard let start = try ForkStart.read(run), let parent = run.manifest?.parent else { return }
        guard let opening = try RunOpening.read(run.log), opening.parent == parent.seal,
            opening.forkedAt == start.act.event
        else {
            return add(
                "fork", run.name, false,
                "its first event names another past than its manifest; make the fork again")
        }
        var text = "leaves \(parent.run) behind \(start.act.event), under its seal"
        if let recorded = start.act.facts {
            let before = try data.folder.openRun(parent.run)
            let changes = try FactChanges(from: before.timeline, to: run.timeline)
            guard changes.text == recorded else {
                return add(
                    "fork", run.name, false,
                    "its facts differ from those of \(parent.run) in other than it recorded")
            }
            text +=
                "; its facts are those of \(parent.run) without \(changes.without.count) and with "
                + "\(changes.with.count), as it recorded: what it adds is nobody's word but its own"
        } else if run.manifest?.live != nil {
            text += "; a live run, whose timeline grows beside it"
        } else if try run.timeline.head().seal
            != data.folder.openRun(parent.run).timeline.head().seal
        {
            return add(
                "fork", run.name, false,
                "it reads another timeline than \(parent.run), and recorded no change of facts")
        }
        add("fork", run.name, true, text)
    }
}
