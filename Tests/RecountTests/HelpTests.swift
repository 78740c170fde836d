import ArgumentParser
import Events
import TestKit
import Testing

@testable import recount

/// What a person reads who asks for help, or who mistypes.
@Suite("Help and wrong words", .timeLimit(.minutes(10)))
struct HelpTests {
    private let folder = TemporaryFolder()

    /// Every command of the tree, with its words behind `recount`.
    static let commands = below(Recount.self, [])

    private static func below(_ command: any ParsableCommand.Type, _ path: [String])
        -> [(path: [String], type: any ParsableCommand.Type)]
    {
        [(path, command)]
            + command.configuration.subcommands.flatMap {
                below($0, path + [$0._commandName])
            }
    }

    private func help(_ path: [String], _ type: any ParsableCommand.Type) -> String {
        HelpText.ending(Recount.helpMessage(for: type, columns: 100))
    }

    @Test("each command's help ends with an example of itself and with what to do next")
    func endings() throws {
        #expect(HelpTests.commands.count > 50)
        for (path, type) in HelpTests.commands {
            let lines = help(path, type).split(separator: "\n")
            let last = try #require(lines.last)
            #expect(last.hasPrefix("Next: ") && last.count > 20, "\(path): \(last)")
            let start = try #require(lines.lastIndex { $0.hasPrefix("Example: ") }, "\(path)")
            let options = try #require(lines.lastIndex { $0.hasPrefix("USAGE: ") }, "\(path)")
            #expect(start > options, "\(path): arguments stand behind the example")
            let words = (["recount"] + path).joined(separator: " ")
            #expect(lines[start...].contains { $0.contains(words) }, "\(path): \(lines[start])")
        }
    }

    @Test("what to do next is written for the commands that there are, once, in whole sentences")
    func next() {
        let known = HelpTests.commands.map { $0.path.joined(separator: " ") }
        let written = NextSteps.table.map(\.command)
        #expect(Set(written) == Set(known) && written.count == known.count)
        for (command, next) in NextSteps.table { #expect(next.hasSuffix("."), "\(command)") }
    }

    @Test("the commands stand in six groups, none outside of them, none twice")
    func groups() {
        let groups = Recount.configuration.groupedSubcommands
        #expect(groups.map(\.name) == ["Facts", "Runs", "Live", "Look", "Prove", "Models"])
        #expect(Recount.configuration.ungroupedSubcommands.isEmpty)
        let names = groups.flatMap { $0.subcommands.map { $0._commandName } }
        #expect(Set(names).count == names.count)
        let help = Recount.helpMessage()
        for group in groups { #expect(help.contains(group.name.uppercased())) }
    }

    @Test("the program prints help so, asked in any way")
    func printed() throws {
        for script in ["$R report --help", "$R help report", "$R report -h"] {
            let answer = try Shell.run(script, in: folder.path)
            #expect(answer.status == 0, "\(script)")
            #expect(answer.output.split(separator: "\n").last?.hasPrefix("Next: ") == true)
        }
        #expect(try Shell.run("$R --version", in: folder.path).output.hasPrefix("recount"))
    }

    @Test(
        "an unknown command, option, setting, strategy, read model or run: did you mean",
        arguments: [
            ("reprot --data d", "did you mean recount report?", 64),
            ("models lst --data d", "did you mean recount models list?", 64),
            ("report --data d --run one --jsn", "Did you mean '--json'?", 64),
            (
                "backtest --data d --run x --set queue_treshold=0.8",
                "did you mean queue_threshold?", 64
            ),
            ("backtest --data d --run x --strategy feedbak", "did you mean feedback?", 66),
            (
                "backtest --data d --run x --strategy disclosure-follow --set stp=1",
                "did you mean stop?", 64
            ),
            ("at end portfolo --data d --run one", "did you mean portfolio?", 64),
            ("project signal --data d", "did you mean signals?", 64),
            ("events --data d --type OrderFiled", "did you mean OrderFilled?", 64),
            ("events --data d --actor persn", "did you mean person?", 64),
            ("why holdng ACME --data d --run one", "did you mean holding?", 64),
            ("report --data d --run onee", "did you mean one?", 66),
            (
                "sql --data d --run one 'SELECT * FROM trading_signal'",
                "did you mean trading_signals?", 64
            ),
            ("models list --data d --run one --status activ", "did you mean active?", 64),
            ("signal ACMA --data d --strategy baseline", "did you mean ACME?", 66),
        ] as [(String, String, Int32)])
    func meant(_ arguments: String, _ question: String, _ status: Int32) throws {
        let made = try Shell.run(
            """
            printf 'ticker,date,open,high,low,close,volume\\nACME,2020-01-02,10,11,9,10.5,1000\\n' > p
            set -e
            $R ingest prices p --data d && $R backtest --data d --strategy baseline --run one
            $R project all --data d --run one
            """, in: folder.path)
        #expect(made.status == 0, "\(made.output)")
        let answer = try Shell.run("$R \(arguments)", in: folder.path)
        #expect(answer.output.contains(question), "\(answer.output)")
        #expect(answer.status == status, "\(answer.output)")
    }

    @Test("nearest is by edits, two letters that change places being one, and by order of the list")
    func nearest() {
        func near(_ word: String, _ known: String...) -> [String] {
            Suggestion.nearest(to: word, among: known, atMost: 3)
        }
        #expect(near("appl", "MSFT", "AAPL", "APPL") == ["APPL", "AAPL"])
        #expect(near("reprot", "import", "report") == ["report"])
        #expect(near("xyz", "report", "events").isEmpty)
        #expect(near("ab", "ac", "bb", "ab") == ["ab", "ac", "bb"])
        #expect(near("queue", "queue_threshold") == ["queue_threshold"])
        #expect(near("", "a", "abc") == ["a"])
        #expect(Suggestion.question("nothing", ["at"]).isEmpty)
    }
}
