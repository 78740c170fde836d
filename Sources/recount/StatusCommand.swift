import ArgumentParser
import EventLog
import Events
import Foundation
import Pipeline
import Projections
import XGBoost

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

    mutating func validate() { runName = runName.map(data.run(named:)) }

    func run() throws {
        Interruption.install()
        var stuck = StuckReaders()
        repeat {
            // Two looks: only time tells a reader that is stuck from one that is busy.
            let looked = views()
            let views = looked.compactMap { try? $0.status.get() }
            let names = views.filter { $0.readers.contains { $0.lag ?? 0 > 0 } }.map(\.name)
            stuck.look(views)
            if !names.isEmpty, !watch {
                usleep(UInt32(StuckReaders.seconds * 1_000_000) + 50_000)
                stuck.look(self.views().compactMap { try? $0.status.get() })
            }
            if watch, !json, isTerminal(.standardOutput) {
                FileHandle.standardOutput.write(Data("\u{1B}[2J\u{1B}[H".utf8))
            }
            for (name, status) in looked {
                switch status {
                case .success(let view):
                    let isData = view.name == "data"
                    let models = isData ? data.models.artefacts() : []
                    let sessions = isData ? try FolderCalendar(data) : nil
                    print(
                        json
                            ? StatusText.json(view, stuck, models, sessions)
                            : StatusText.text(view, stuck, models, sessions))
                case .failure(let error): print(StatusText.unreadable(name, error, json: json))
                }
            }
            fflush(nil)
            if !watch { try fail(looked) }
            if watch { usleep(250_000) }
        } while watch && !Interruption.wasAsked
    }

    /// Of each view what it is, or why it cannot be read: one that is broken hides no other.
    private func views() -> [(name: String, status: Result<ViewStatus, any Error>)] {
        let runs = runName.map { [Optional($0)] } ?? [nil] + data.folder.runNames
        return runs.map { run in
            (run ?? "data", Result { try ViewStatus(data.folder, run: run) })
        }
    }

    /// Ends with the first view's error where there is one: what was shown was shown.
    private func fail(_ looked: [(name: String, status: Result<ViewStatus, any Error>)]) throws {
        for (_, status) in looked {
            if case .failure(let error) = status {
                throw ExitCode(ExitStatus.of(error).rawValue)
            }
        }
    }
}
