import ArgumentParser
import Audit
import EventLog
import Events
import Foundation
import Projections

/// `recount why`
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why: the causes of a holding, an order, a skip, down to the filings.",
        discussion: """
            Kinds: \(WhyQuestion.Kind.allCases.map(\.rawValue).joined(separator: ", ")). A ticker \
            names the latest one as of the moment that --as-of gives. \(EventArgument.explained) \
            Each number that entered a decision stands beside the rule that it met or missed. What \
            became known later is told as later.

            Example: recount why holding AAPL --as-of 2019-06-03 --data DIR --run first
                     recount why skip r5055 --data DIR --run first
                     recount why no-signal AAPL --as-of 2019-06-03 --data DIR --run first
                     recount why weight --as-of 2019-06-03 --data DIR --run first
            """)

    @Argument(help: "What is asked about.") var kind: String
    @Argument(help: ArgumentHelp("A ticker, in capitals or not, or an event.", valueName: "id"))
    var id: String?
    @OptionGroup var option: WhyOption
    @Flag(name: .long, help: "Show every filing, not the newest eight.") var all = false
    @Flag(name: .long, help: "Leave out numbers for which the run would have to be folded.")
    var recordedOnly = false
    @Flag(name: .long, help: "One JSON object.") var json = false
    @Flag(name: .long, help: "A graph for Graphviz.") var dot = false
    @Flag(name: .long, help: "OpenLineage events, one JSON object a line.") var openlineage = false
    @Option(name: .long, help: ArgumentHelp("Write a page to keep.", valueName: "file"))
    var html: String?

    func validate() throws {
        guard [json, dot, openlineage, html != nil].count(where: { $0 }) < 2 else {
            throw ValidationError("choose one of --json, --dot, --openlineage and --html")
        }
    }

    func run() throws {
        let question = try WhyQuestion(kind: kind, id: id)
        if let html {
            try OutputFile.check(html, option: "--html", inputs: [], data: option.data.folder)
        }
        let view = try option.open()
        var progress = Progress()
        let why = Why(
            view.log, lineage: view.lineage, through: view.position,
            recomputing: recordedOnly ? nil : { progress.show("recomputing \($0)") })
        let answer = try view.known(question) { try why.answer(question) }
        progress.clear()
        if json {
            print(answer.json)
        } else if dot {
            print(answer.dot)
        } else if openlineage {
            print(answer.openLineage(namespace: "recount:\(view.name)"))
        } else if let html {
            let page = WhyPage(
                answer, question: "Why \(([kind] + [id].compactMap { $0 }).joined(separator: " "))",
                view: try view.words(asOf: option.asOf), chart: try why.chart(answer))
            try OutputFile.write(
                page.html, to: html, option: "--html", data: option.data.folder)
            note("wrote \(html)")
        } else {
            print(WhyText.text(answer, shown: all ? nil : 8))
        }
    }
}
