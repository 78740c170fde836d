import ArgumentParser
import Backtest
import EventLog
import Events
import Foundation
import Pipeline
import Synchronization

/// `recount report`
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Report on a run that was made before, from its own events and its timeline.",
        discussion: """
            Costs are those of the same decisions at other slippage, with the slippage at which \
            nothing is earned; waiting is told from the entries that were made. --variants decides \
            anew instead, with slippage 0, 10 and 20 and filings used 1 and 3 days later: models \
            are trained for each, which takes minutes.

            --member, --chamber, --party, --committee, --owner, --buys-only and --least-band list the \
            trades that rest on such filings, and the filings, in place of the whole report, also with \
            --html.

            Example: recount report --data DIR --run first --html first.html
            """)

    @OptionGroup var option: RunOption
    @OptionGroup var filter: FilterOption
    @Option(name: .long, help: ArgumentHelp("Write a page to look at.", valueName: "file"))
    var html: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Hold the run against a ticker beside the index.", valueName: "ticker"))
    var benchmark: String?
    @Flag(name: .long, help: "Decide anew at other costs and delays as well.") var variants = false
    @Flag(name: .long, help: "Print the report as JSON.") var json = false

    func validate() throws {
        guard try filter.isEmpty || (!variants && benchmark == nil) else {
            throw ValidationError(
                "--variants and --benchmark are of the whole run; leave out what chooses filings")
        }
    }

    func run() throws {
        guard try filter.isEmpty else { return try listTrades() }
        try PageFile.check(html, option.data.folder)
        let page = try option.page(replays: variants, benchmark: benchmark)
        let head = try option.head()
        if let html { try PageFile.write(page, head, to: html, option.data.folder) }
        if json {
            print(head.heading(json: page.json()))
        } else {
            print(head.text + page.text(), terminator: "")
        }
        if let html { note("the page is \(html)") }
        EmptyAnswer.note(page.report)
        ModelCache.bound(option.data)
    }

    /// Prints the trades that rest on filings of some people.
    private func listTrades() throws {
        if let html {
            try OutputFile.check(html, option: "--html", inputs: [], data: option.data.folder)
        }
        let (run, origin) = try option.open()
        let filter = try filter.named(over: run.timeline)
        let trades = try Progress.working("reading the run") {
            try FilteredTrades(run, origin: origin, filter: filter)
        }
        let head = try ReportHead(ReportHead.given, option.data, timeline: run.timeline)
        print(
            json ? head.heading(json: trades.json()) : head.text + trades.text(),
            terminator: json ? "\n" : "")
        if let html {
            try PageFile.write(
                text: head.heading(html: trades.html()), to: html, option.data.folder)
            note("the page is \(html)")
        }
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

    /// Everything that a page on the run shows; with `replays` the run decided anew too.
    func page(replays: Bool = false, benchmark: String? = nil) throws -> ReportPage {
        let (run, origin) = try open()
        var progress = Progress()
        progress.show("reading the run")
        var page = try ReportPage(run, origin: origin, benchmark: benchmark)
        if let log = try data.existingLog() { page.options = try FiledOption.Count.all(in: log) }
        try page.report.readLearning(run, origin: origin, load: data.trees)
        if replays {
            let shown = Mutex(VariantProgress())
            page.variants = try VariantCurves.measure(page, of: run, trainer: data.trainer) {
                place, count, part in
                shown.withLock { $0.show(place, of: count, part) }
            }
            shown.withLock { $0.clear() }
        }
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
