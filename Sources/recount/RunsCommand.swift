import ArgumentParser
import Backtest
import EventLog
import Foundation

/// `recount runs`
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List the runs of a data folder with their figures, or make a page of them.",
        discussion: """
            The page is one file: a table to sort and search, the curves of the runs that are ticked, \
            and the settings in which they differ. A run that is not finished or cannot be read says \
            why, and hides no other.

            Example: recount runs --data DIR --html runs.html
            """)

    @OptionGroup var data: DataOption
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print the list as JSON.") var json = false

    func run() throws {
        try PageFile.check(html, data.folder)
        let names = data.folder.runNames
        // Without a run the folder must at least be one.
        if names.isEmpty { _ = try EventLog.open(at: data.folder.log) }
        var progress = Progress()
        let runs = names.enumerated().map { number, name in
            progress.show("reading run \(number + 1) of \(names.count), \(name)")
            return RunSummary(data.folder, name: name)
        }
        progress.clear()
        let page = RunsPage(runs)
        if let html {
            let title = URL(fileURLWithPath: data.folder.path).lastPathComponent
            let text = page.html(try ChartLibrary.load(), title: title)
            try PageFile.write(text: text, to: html, data.folder)
        }
        if runs.isEmpty, !json {
            print("there is no run; recount backtest --strategy feedback --run first makes one")
        } else {
            print(json ? page.json : page.text, terminator: json ? "\n" : "")
        }
        if let html { note("the page is \(html)") }
    }
}
