import ArgumentParser
import Backtest
import EventLog
import Foundation
import Pipeline

/// `recount report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report on a run that was made before, from its own events and its timeline.",
        discussion: "Example: recount report --data DIR --run first --html first.html")

    @OptionGroup var option: RunOption
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Flag(name: .long, help: "Print the report as JSON.") var json = false

    func run() throws {
        try PageFile.check(html, option.data.folder)
        guard html != nil || json else {
            let report = try Progress.working("reading the run") {
                let (run, origin) = try option.open()
                var report = try BacktestReport(run, origin: origin)
                try report.readLearning(run, origin: origin, load: option.data.trees)
                return report
            }
            print(try option.head().text + report.text(), terminator: "")
            EmptyAnswer.note(report)
            return
        }
        let page = try option.page()
        let head = try option.head()
        if let html { try PageFile.write(page, head, to: html, option.data.folder) }
        if json {
            print(head.heading(json: page.json()))
        } else {
            print(head.text + page.report.text(), terminator: "")
        }
        if let html { note("the page is \(html)") }
        EmptyAnswer.note(page.report)
        ModelCache.bound(option.data)
    }
}

extension RunOption {
    /// A run by name, as if given on the command line.
    static func parsed(data: DataOption, run: String) -> RunOption {
        var option = RunOption()
        option.data = data
        option.run = run
        return option
    }

    /// Everything that a page on the run shows, variants measured.
    func page() throws -> ReportPage {
        let (run, origin) = try open()
        var progress = Progress()
        progress.show("reading the run")
        var page = try ReportPage(run, origin: origin)
        try page.report.readLearning(run, origin: origin, load: data.trees)
        progress.show("replaying at other costs and delays")
        page.variants = try VariantCurves.measure(page, of: run, trainer: data.trainer)
        progress.clear()
        return page
    }
}

/// A page on disk.
enum PageFile {
    /// Writes a page to a file, which is replaced as a whole.
    static func write(
        _ page: ReportPage, _ head: ReportHead, to path: String, _ data: DataFolder
    ) throws {
        let text = page.html(try ChartLibrary.load())
        try write(text: head.heading(html: text), to: path, data)
    }

    /// Writes a page's text to a file, which is replaced as a whole.
    static func write(text: String, to path: String, _ data: DataFolder) throws {
        try OutputFile.write(text, to: path, option: "--html", data: data)
    }

    /// Refuses a path that may not be written to, before the work that fills it.
    static func check(_ path: String?, inputs: [String] = [], _ data: DataFolder) throws {
        guard let path else { return }
        try OutputFile.check(path, option: "--html", inputs: inputs, data: data)
        _ = try ChartLibrary.load()
    }
}
