import ArgumentParser
import Foundation

/// `bench measure`
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure rows: interleaved rounds, medians, ratios, targets.",
        discussion: """
            The contestants of a row take turns in each round, so that a noisy machine disturbs \
            all alike. Rows whose needs are not met are named with the reason.

            Example: bench --filter append --rounds 9
                     bench --recount .build/release/recount --json --check
            """)

    @Option(
        name: .long,
        help: ArgumentHelp("Rows whose name contains one of these.", valueName: "text"))
    var filter: [String] = []
    @Option(name: .long, help: ArgumentHelp("Rounds a row.", valueName: "number"))
    var rounds: Int?
    @Flag(name: .long, help: "Small workloads, 1 round, no targets: to see that everything works.")
    var quick = false
    @Flag(name: .long, help: "Take in contestants that need minutes.") var slow = false
    @Flag(name: .long, help: "Print the results as JSON.") var json = false
    @Flag(name: .long, help: "End with exit code 1 when a target is missed.") var check = false
    @Option(
        name: .long,
        help: ArgumentHelp("A folder on the disk to be measured.", valueName: "folder"))
    var scratch = NSTemporaryDirectory()
    @Option(
        name: .long,
        help: ArgumentHelp("The program recount, built for release.", valueName: "file"))
    var recount: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The folder with generate.py; without it RECOUNT_BENCH.", valueName: "folder"))
    var bench: String?
    @Option(
        name: .long,
        help: ArgumentHelp("Real data; without it RECOUNT_DATA.", valueName: "folder"))
    var data: String?
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Python with numpy, pandas and the peers; without it RECOUNT_PYTHON.",
            valueName: "file"))
    var python: String?

    func validate() throws {
        if let rounds, rounds < 1 { throw ValidationError("--rounds takes 1 or more") }
        if quick, check { throw ValidationError("--quick has no targets to check") }
        for text in filter where !Row.all.contains(where: { $0.name.contains(text) }) {
            let names = Row.all.map(\.name).joined(separator: ", ")
            throw ValidationError("no row's name contains \(text); rows are \(names)")
        }
    }

    func run() throws {
        let thresholds = quick ? [] : try Threshold.load()
        Cleanup.install()
        defer { Cleanup.run() }
        let environment = ProcessInfo.processInfo.environment
        let setting = Setting(
            isQuick: quick, isSlow: slow, scratch: try Scratch(in: scratch), recount: recount,
            bench: bench ?? environment["RECOUNT_BENCH"], data: data ?? environment["RECOUNT_DATA"],
            python: python ?? environment["RECOUNT_PYTHON"])
        var results: [RowResult] = []
        for row in Row.all where filter.isEmpty || filter.contains(where: row.name.contains) {
            results.append(try measure(row, setting, thresholds))
        }
        progress("")
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(results), as: UTF8.self))
        } else {
            print(Table.markdown(results), terminator: "")
        }
        if check, results.contains(where: { $0.checks.contains { !$0.isKept } }) {
            throw ExitCode(1)
        }
    }

    private func measure(_ row: Row, _ setting: Setting, _ thresholds: [Threshold]) throws
        -> RowResult
    {
        progress("\(row.name): making ready")
        do {
            let contest = try row.prepare(setting)
            let measured = try contest.run(rounds: rounds ?? (quick ? 1 : 7)) {
                progress("\(row.name): \($0)")
            }
            return RowResult(row, measured, remarks: contest.remarks, thresholds: thresholds)
        } catch let unavailable as Unavailable {
            return RowResult(row, skipped: unavailable.description)
        }
    }

    /// One line that is overwritten, on a terminal only.
    private func progress(_ text: String) {
        guard isatty(2) == 1 else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }
}
