import Application
import Audit
import EventLog
import Events
import Foundation
import Pipeline
import Projections

extension Viewing {
    /// The lineage, once it reaches the moment: a running projector is waited for, and where there
    /// is none it is brought up.
    func lineage() throws -> any Lineage {
        let view = ReadModelFolder(path: "\(folder.path)/views/\(run)")
        let name = LineageReader.projection
        for _ in 0..<Viewing.tries {
            let published = ReadModelQuery.published(data: folder, run: run)
            guard published.contains(name) else { break }
            let reached = try TablePage.position(of: name, run, in: folder)
            if reached >= position.position { return try LineageReader(view) }
            // A service's projectors are at it; of a finished run nobody is.
            guard standing?.state != nil else { break }
            Thread.sleep(forTimeInterval: Viewing.pause)
        }
        return try CurrentLineage.open(folder, run: run, progress: { _, _ in }).reader
    }

    /// How often, and after how many seconds, the projectors' progress is looked at.
    private static let (tries, pause) = (40, 0.05)

    /// Answers questions as of the moment.
    func why() throws -> Why {
        Why(opened.merged, lineage: try lineage(), through: position, recomputing: nil)
    }
}
