import ArgumentParser
import Foundation
import GateSimulation

/// The command `gate-rates`.
@main
struct GateRates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate-rates",
        abstract: "Simulate how often the gate promotes what it should not, and what it should.",
        discussion: """
            Example: gate-rates write Documentation/gate-rates.md
                     gate-rates sample --rows 300 | python3 Tools/check-gate.py -
                     gate-rates time --rows 3000 --sessions 63
            """,
        subcommands: [Write.self, Check.self, SampleCommand.self, Time.self])
}

/// Simulates the whole page, saying on a terminal how far it is.
private func page() -> String {
    let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    func say(_ text: String) {
        if isTerminal { FileHandle.standardError.write(Data(text.utf8)) }
    }
    let full = RateTable.rates(repetitions: RateTable.repetitions) { line in
        say("\rline \(line + 1) of \(RateTable.designs.count)\u{1B}[K")
    }
    say("\r\u{1B}[K")
    return RateTable.page(
        full: full, quick: RateTable.rates(repetitions: RateTable.quickRepetitions))
}

/// `gate-rates write`
struct Write: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the page of the documentation.",
        discussion: "Example: gate-rates write Documentation/gate-rates.md")

    @Argument(help: ArgumentHelp("The page.", valueName: "file")) var file: String

    func run() throws {
        try Data(page().utf8).write(to: URL(filePath: file))
    }
}

/// `gate-rates check`
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Exit 65 unless the page is what `write` would write now.",
        discussion: "Example: gate-rates check Documentation/gate-rates.md")

    @Argument(help: ArgumentHelp("The page.", valueName: "file")) var file: String

    func run() throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
        let (found, made) = (text.split(separator: "\n"), page().split(separator: "\n"))
        guard found != made else { return }
        let line = zip(found, made).prefix { $0 == $1 }.count
        let lines = [found, made].map { $0.count > line ? String($0[line]) : "(end)" }
        print(
            """
            \(file): line \(line + 1), empty ones not counted, differs
              found   \(lines[0])
              made    \(lines[1])
            Write the page again: gate-rates write \(file)
            """)
        throw ExitCode(65)
    }
}

/// What a simulated comparison is drawn with.
struct SampleOptions: ParsableArguments {
    @Option(help: "Rows of the holdout.") var rows = 300
    @Option(help: "Decision sessions.") var sessions = 126
    @Option(help: "Sessions that a label looks ahead.") var labelSessions = 10
    @Option(help: "Draws of the bootstrap.") var draws = 200
    @Option(help: "Seed.") var seed: UInt64 = 1
    @Option(help: "Points of accuracy, in hundredths, the challenger is better by.") var gain = 5

    func validate() throws {
        let limits = [
            ("--rows", rows, 1...10_000), ("--sessions", sessions, 1...10_000),
            ("--label-sessions", labelSessions, 1...1_000), ("--draws", draws, 100...100_000),
            ("--gain", gain, -40...40),
        ]
        for (name, value, range) in limits where !range.contains(value) {
            throw ValidationError(
                "\(name) \(value): give a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        guard rows >= sessions, (rows + sessions - 1) / sessions < 1_000 else {
            throw ValidationError(
                "--rows \(rows): give from 1 to 999 rows for each of \(sessions) sessions")
        }
    }

    var sample: Sample {
        Sample(
            rows: rows, sessions: sessions, labelSessions: labelSessions, draws: draws,
            gain: Double(gain) / 100, seed: seed)
    }
}

/// `gate-rates sample`
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Print a simulated comparison as JSON, with all that went into it.",
        discussion: "Example: gate-rates sample --rows 300 --sessions 126 > sample.json")

    @OptionGroup var options: SampleOptions

    func run() throws {
        print(try options.sample.json(), terminator: "")
    }
}

/// `gate-rates time`
struct Time: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time all of the gate's statistics for one comparison, milliseconds.",
        discussion: "Example: gate-rates time --rows 3000 --sessions 63 --draws 10000")

    @OptionGroup var options: SampleOptions

    func run() throws {
        let sample = options.sample
        let clock = ContinuousClock()
        let times = (0..<21).map { _ in clock.measure { _ = sample.compare() } }.sorted()
        func text(_ time: Duration) -> String {
            let milliseconds = time / .milliseconds(1)
            return String(format: "%.2f", milliseconds)
        }
        print(
            "21 comparisons of \(options.rows) rows, milliseconds: median \(text(times[10])), "
                + "longest \(text(times[20]))")
    }
}
