import Application
import ArgumentParser
import Audit
import EventLog
import Events
import Foundation
import Projections

/// A view that is asked for causes and effects, as of a moment.
struct WhyOption: ParsableArguments {
    @OptionGroup var data: DataOption
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("A run instead of the data log.", valueName: "name"))
    var runName: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "As of a date (after its cycle), an instant, an event or a position.",
            valueName: "when"))
    var asOf: String?

    mutating func validate() { runName = runName.map(data.run(named:)) }

    /// A view with its lineage.
    struct View {
        let log: MergedLog
        let lineage: LineageReader
        /// Where the view stood at the moment.
        let position: MergedPosition
        /// Kept as long as its lineage is asked.
        let source: CurrentLineage

        /// The run's name, or `data`.
        var name: String { source.view.name }

        /// Answers a question; where there is no answer about a ticker that the facts do not have,
        /// says so with those that may be meant.
        func known<Answer>(_ question: WhyQuestion, _ answer: () throws -> Answer) throws -> Answer
        {
            do {
                let found = try answer()
                // Nobody looked at it: was there anything to look at?
                if case .ticker(let ticker) = question.subject, let node = found as? WhyNode,
                    node.event == .none
                {
                    try KnownTickers(log.timeline ?? log.log).check("\(ticker)")
                }
                return found
            } catch let error as WhyError {
                if case .missing = error, case .ticker(let ticker) = question.subject {
                    try KnownTickers(log.timeline ?? log.log).check("\(ticker)")
                }
                throw error
            }
        }

        /// Which run it is, as of when, and under which seals, for a page to keep.
        func words(asOf moment: String?) throws -> String {
            let seal = try log.seal(of: .own(position.own))
            let timeline = try log.seal(of: .timeline(position.timeline))
            return "\(name == "data" ? "Data log" : "Run \(name)") as of \(moment ?? "its end"), "
                + "event r\(position.own), seal \(seal.description.prefix(16))"
                + (log.timeline == nil
                    ? ""
                    : "; timeline t\(position.timeline), seal \(timeline.description.prefix(16))")
        }
    }

    /// Opens the view, with its lineage brought up to the end of the log.
    func open() throws -> View {
        let moment = try asOf.map { try AsOf($0) } ?? .end
        var progress = Progress()
        let lineage = try CurrentLineage.open(data.folder, run: runName) { read, end in
            progress.show(
                "catching up lineage: read \(read) of \(end) events",
                done: Double(read) / Double(max(end, 1)))
        }
        progress.clear()
        if let reason = lineage.remark, isTerminal(.standardError) { note(reason) }
        let log = lineage.view.merged
        return View(
            log: log, lineage: lineage.reader, position: try log.position(moment), source: lineage)
    }
}
