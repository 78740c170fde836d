import ArgumentParser
import Foundation
import Pipeline
import StudyRuns

/// The command `studies`.
@main
struct Studies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "studies",
        abstract: "Measure in simulated worlds what the loop finds, and what it finds in nothing.",
        discussion: """
            Each world is a line of a file, so a study that was stopped goes on where it was. The \
            edge comes first: it fixes the reference of power and control from the oracle alone.

            Example: studies edge found.jsonl
                     studies power found.jsonl
                     studies page found.jsonl Documentation/studies.md
            """,
        subcommands: [Edge.self, Power.self, Ceiling.self, NoEdge.self, Control.self, Page.self])
}

/// What every study takes.
struct StudyOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Lines of worlds; made when it is not there.", valueName: "file"))
    var lines: String
    @Option(help: "Threads; as many as there are processors unless given.")
    var lanes = Lanes.available
    @Option(help: "Only worlds of this edge, basis points.") var edge: Int?
    @Option(help: "Worlds to measure now; all that are missing unless given.") var most = Int.max

    func validate() throws {
        guard (1...1_024).contains(lanes) else {
            throw ValidationError("--lanes \(lanes): write 1 to 1024")
        }
        guard most > 0 else { throw ValidationError("--most \(most): write 1 or more") }
    }

    /// Measures what is missing and prints the study's table.
    func run(_ choose: (StudyPage) throws -> Study) throws {
        let known = try StudyLines(lines)
        let study = try choose(StudyPage(known.all))
        let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
        let total = study.worlds.count
        if let edge, !study.edges.contains(edge) {
            throw ValidationError(
                "--edge \(edge): the study has the edges "
                    + study.edges.map { "\($0)" }.joined(separator: ", "))
        }
        try study.work(known, edge: edge, lanes: lanes, most: most) { line in
            guard isTerminal else { return }
            let done = study.worlds.count { known.has($0) }
            let text = "\r\u{1B}[K\(done) of \(total) worlds, edge \(line.world.edge)"
            FileHandle.standardError.write(Data(text.utf8))
        }
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        print(StudyPage(known.all).section(study.name), terminator: "")
    }
}

/// The reference edge, or the remedy.
private func reference(_ page: StudyPage) throws -> Int {
    guard let reference = page.reference else {
        throw ValidationError("the reference edge is not known yet; run studies edge to its end")
    }
    return reference
}

/// `studies edge`
struct Edge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The oracle alone, at several edges.",
        discussion: "Example: studies edge found.jsonl --lanes 4")

    @OptionGroup var options: StudyOptions

    func run() throws { try options.run { _ in .edge } }
}

/// `studies power`
struct Power: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "feedback against baseline at four edges.",
        discussion: "Example: studies power found.jsonl --lanes 4")

    @OptionGroup var options: StudyOptions

    func run() throws { try options.run { .power(reference: try reference($0)) } }
}

/// `studies ceiling`
struct Ceiling: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "The oracle under the loop's own rules, against baseline, in the worlds of power.",
        discussion: "Example: studies ceiling found.jsonl --lanes 4")

    @OptionGroup var options: StudyOptions

    func run() throws { try options.run { .ceiling(reference: try reference($0)) } }
}

/// `studies no-edge`
struct NoEdge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "no-edge", abstract: "feedback against baseline where nothing is planted.",
        discussion: "Example: studies no-edge found.jsonl --most 20")

    @OptionGroup var options: StudyOptions

    func run() throws { try options.run { _ in .noEdge } }
}

/// `studies control`
struct Control: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The control's p with and without an edge.",
        discussion: "Example: studies control found.jsonl")

    @OptionGroup var options: StudyOptions

    func run() throws { try options.run { .control(reference: try reference($0)) } }
}

/// `studies page`
struct Page: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write what was found as a page.",
        discussion: "Example: studies page found.jsonl Documentation/studies.md")

    @Argument(help: ArgumentHelp("Lines of worlds.", valueName: "file")) var lines: String
    @Argument(help: ArgumentHelp("The page.", valueName: "file")) var page: String

    func run() throws {
        let text = StudyPage(try StudyLines(lines).all).text
        try Data(text.utf8).write(to: URL(filePath: page))
    }
}
