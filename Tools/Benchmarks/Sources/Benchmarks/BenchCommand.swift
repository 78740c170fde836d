import ArgumentParser
import Foundation

/// The benchmarks' program.
@main
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure Recount beside what it is compared with, in one run.",
        subcommands: [
            MeasureCommand.self, ListCommand.self, ListenCommand.self, FollowCommand.self,
        ],
        defaultSubcommand: MeasureCommand.self)
}

/// `bench list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the rows. Example: bench list")

    func run() {
        for row in Row.all {
            print("\(row.name.padding(toLength: 20, withPad: " ", startingAt: 0))\(row.title)")
        }
    }
}
