import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Projections

/// `recount status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the logs of a data folder, their read models and their readers.",
        discussion: """
            A reader that holds one snapshot while the log grows keeps the file from reusing \
            pages; --watch names it within a second.

            Example: recount status --data DIR --watch
            """)

    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Only this run.", valueName: "name"))
    var runName: String?
    @Flag(name: .long, help: "Print JSON, one object a line.") var json = false
    @Flag(name: .long, help: "Again and again, until interrupted.") var watch = false

    func run() throws {
        Interruption.install()
        var stuck = StuckReaders()
        repeat {
            // Two looks: only time tells a reader that is stuck from one that is busy.
            let views = try views()
            let names = views.filter { $0.readers.contains { $0.lag ?? 0 > 0 } }.map(\.name)
            stuck.look(views)
            if !names.isEmpty, !watch {
                usleep(UInt32(StuckReaders.seconds * 1_000_000) + 50_000)
                stuck.look(try self.views())
            }
            if watch, !json, isTerminal(.standardOutput) {
                print("\u{1B}[2J\u{1B}[H", terminator: "")
            }
            for view in views {
                print(json ? StatusText.json(view, stuck) : StatusText.text(view, stuck))
            }
            fflush(nil)
            if watch { usleep(250_000) }
        } while watch && !Interruption.wasAsked
    }

    private func views() throws -> [ViewStatus] {
        if let runName { return [try ViewStatus(data.folder, run: runName)] }
        var views = [try ViewStatus(data.folder, run: nil)]
        for name in data.folder.runNames { views.append(try ViewStatus(data.folder, run: name)) }
        return views
    }
}

/// Readers that held one snapshot from look to look while the log grew.
struct StuckReaders {
    /// Seconds after which a reader that holds an old snapshot is called stuck.
    static let seconds = 0.5

    private struct Sighting {
        let view: String
        let reader: LogReader
        let snapshot: UInt64
        let since: ContinuousClock.Instant
    }

    private var sightings: [Sighting] = []

    /// Looks at the readers of all views.
    mutating func look(_ views: [ViewStatus]) {
        let now = ContinuousClock.now
        let before = sightings
        sightings = []
        for view in views {
            for reader in view.readers {
                guard let snapshot = reader.snapshot, reader.lag ?? 0 > 0 else { continue }
                let known = before.first {
                    $0.view == view.name && $0.reader.process == reader.process
                        && $0.reader.thread == reader.thread && $0.snapshot == snapshot
                }
                sightings.append(
                    Sighting(
                        view: view.name, reader: reader, snapshot: snapshot,
                        since: known?.since ?? now))
            }
        }
    }

    /// The readers of a view that are stuck, and for how many seconds so far.
    func stuck(_ view: String) -> [(reader: LogReader, seconds: Double)] {
        let now = ContinuousClock.now
        return sightings.filter { $0.view == view }
            .map { ($0.reader, (now - $0.since) / .seconds(1)) }
            .filter { $0.1 >= StuckReaders.seconds }
    }
}
