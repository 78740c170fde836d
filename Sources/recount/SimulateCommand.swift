import Application
import ArgumentParser
import Foundation
import Simulation

/// `recount simulate`
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make a world of filings and prices, in the real formats, with a known edge.",
        discussion: """
            The same arguments make the same bytes. truth.json says what the files do not: who is \
            skilled, what each kind of filing earned, and how many rows of each defect there are. \
            What is ingested from these files is marked as simulated.

            Example: recount simulate --seed 1 --years 8 --tickers 200 --edge 50 --out world
            """)

    @Option(name: .long, help: "Decides everything that is left to chance.") var seed: UInt64 = 1
    @Option(name: .long, help: "Calendar years from 2012 on, 1 to 30.") var years = 8
    @Option(name: .long, help: "Companies, 5 to 5000.") var tickers = 200
    @Option(
        name: .long, parsing: .unconditional,
        help: ArgumentHelp(
            "Mean excess over the index a filing, over 42 sessions, -1000 to 1000.",
            valueName: "basis points"))
    var edge = 0.0
    @Option(
        name: .long,
        help: ArgumentHelp(
            "filers: a fifth of them, five times each; uniform: all alike.", valueName: "name"))
    var edgeKind = "filers"
    @Flag(name: .long, help: "Let regimes change the market's drift too.") var regimeDrift = false
    @Option(name: .long, help: ArgumentHelp("A new or empty folder.", valueName: "dir"))
    var out: String
    @OptionGroup var quiet: QuietOption
    @Flag(name: .long, help: "Print the truth file instead of a summary.") var json = false

    func validate() throws {
        try check("--years", years, SimulationParameters.yearRange)
        try check("--tickers", tickers, SimulationParameters.tickerRange)
        guard SimulationParameters.edgeRange.contains(edge) else {
            throw ValidationError("--edge \(edge): write basis points from -1000 to 1000")
        }
        guard SimulationParameters.EdgeKind(rawValue: edgeKind) != nil else {
            throw ValidationError("--edge-kind \(edgeKind): write filers or uniform")
        }
    }

    private func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw ValidationError(
                "\(option) \(value): write \(range.lowerBound) to \(range.upperBound)")
        }
    }

    func run() throws {
        let world = SimulatedWorld(
            SimulationParameters(
                seed: seed, years: years, tickers: tickers, edge: edge,
                edgeKind: SimulationParameters.EdgeKind(rawValue: edgeKind) ?? .filers,
                hasRegimeDrift: regimeDrift))
        var folder = try SimulatedFolder(out)
        let written = try Progress.working("making a world") {
            try WorldFiles.write(world, into: &folder)
        }
        if json {
            let truth = FileManager.default.contents(atPath: "\(out)/\(WorldFiles.truthName)")
            print(String(decoding: truth ?? Data(), as: UTF8.self), terminator: "")
            return
        }
        for file in written.files {
            let refused = file.refused.reduce(0) { $0 + $1.count }
            print("\(out)/\(file.name)  \(file.rows) rows, \(refused) of them defective")
        }
        print("\(out)/\(WorldFiles.truthName)  who is skilled, and what came of it")
    }
}
