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
