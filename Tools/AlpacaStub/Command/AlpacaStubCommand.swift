import AlpacaExchange
import AlpacaServer
import ArgumentParser
import Events
import Foundation

/// An Alpaca-compatible broker on loopback, with an exchange whose clock a test sets.
@main
struct AlpacaStubCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alpaca-stub",
        abstract: "An Alpaca-compatible broker on loopback, with an exchange of its own.",
        discussion: """
            It prints its port and answers until it is killed. Keys: PKSTUB, secret. Its clock stands \
            still until POST /stub/advance?to=INSTANT; POST /stub/bar gives a session's prices.
            """)

    @Option(help: "The port; 0 takes any that is free.")
    var port = 0

    @Option(help: "Where its clock begins, as 2026-11-25T01:00:00Z.")
    var now: String

    @Option(help: "Cash of the account, dollars.")
    var cash = 100_000.0

    @Option(help: "Seed of partial fills.")
    var seed: UInt64 = 1

    @Option(help: "Of a hundred fills of stops and market orders, how many come in parts.")
    var partial = 0

    func run() throws {
        guard let now = Instant(now) else {
            throw ValidationError("--now is no instant: \(now)")
        }
        var rules = ExchangeRules()
        (rules.seed, rules.partialPercent) = (seed, partial)
        let exchange = Exchange(now: now, cash: Money(dollars: cash), rules: rules)
        let server = try StubServer.start(StubBroker(exchange), port: port)
        // Whoever reads it through a pipe waits for it: `print` would keep it back.
        try FileHandle.standardOutput.write(contentsOf: Data("\(server.port)\n".utf8))
        try server.wait()
    }
}
