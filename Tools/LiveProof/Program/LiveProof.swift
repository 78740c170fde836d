import ArgumentParser

/// What a live run must hold, by a daemon that is a process of its own and is killed.
@main
struct LiveProof: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live-proof",
        abstract: "Kills the daemon of a live run again and again, and proves what it decided.",
        discussion: """
            The world, its files, the exchange and the clock are this process; the daemon is a child \
            that is killed (SIGKILL) at random moments. A seed makes the world; the moments of the \
            kills are the machine's.

            Example: live-proof simulated --seed 1 --kills 100
                     live-proof simulated --seed 2 --kills 500 --faults
            """,
        subcommands: [SimulatedCommand.self, ServeCommand.self] + broker)

    #if RECOUNT_NETWORK
    private static let broker: [any ParsableCommand.Type] = [BrokerCommand.self]
    #else
    private static let broker: [any ParsableCommand.Type] = []
    #endif
}

/// What a proof is of.
struct ProofOptions: ParsableArguments {
    @Option(help: "Seed of the world.") var seed: UInt64 = 1
    @Option(help: "Sessions of the world, the first 60 of them history.") var sessions = 125
    @Option(help: "Kills of the daemon, at most.") var kills = 100
    @Option(help: "A kill after so many steps of the clock, in the mean.") var steps = 6

    func validate() throws {
        guard sessions > 70, kills >= 0, steps > 0 else {
            throw ValidationError("--sessions is over 70, --kills 0 or more, --steps 1 or more")
        }
    }
}

/// What was not as it must be.
struct ProofFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
