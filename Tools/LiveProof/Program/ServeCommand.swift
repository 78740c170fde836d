import ArgumentParser
import EventLog
import Events
import FeedbackLoop
import Foundation
import Logging
import Market
import Pipeline
import Service
import TestWorlds

#if RECOUNT_NETWORK
import Alpaca
@_spi(Loopback) import BrokerNetwork
import Brokerage
#endif

/// The daemon of a proof: a process that ends by being killed, or at the world's end.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "The daemon of a proof; its parent keeps its clock.",
        shouldDisplay: false)

    @Option var data: String
    @Option var until: Int64
    @Option var set: [String] = []
    /// Where the exchange answers; none for the simulated market.
    @Option var port: Int?

    func run() throws {
        let end = Instant(rawValue: until)
        let clock = try PipeClock()
        let folder = DataFolder(data)
        var configuration = Daemon.Configuration(
            folder: folder, strategy: .loop(try SmallWorld.strategy(SmallWorld.settings + set)),
            settings: try ServiceSettings.load(folder, flags: ["halt_over_cap_percent=0"]))
        if port != nil { configuration.broker = BrokerTerms.paper }
        let logger = Logger(label: "live-proof") { _ in SwiftLogNoOpLogHandler() }
        let daemon = Daemon(
            configuration, clock: clock, logger: logger, trainer: nil, prefix: { 0xBEEF },
            broker: port.map { source($0, clock) })
        try daemon.run { clock.now() < end }
    }

    private func source(_ port: Int, _ clock: PipeClock) -> BrokerSource {
        #if RECOUNT_NETWORK
        BrokerSource { run, folder, data, _, adopts in
            let keys = ["APCA_PAPER_KEY_ID": "PKSTUB", "APCA_PAPER_SECRET_KEY": "secret"]
            let credentials = try AlpacaAccess.of(.paper, environment: { keys[$0] }).credentials
            let alpaca = AlpacaPort(
                AlpacaTransport(loopback: port, milliseconds: 200), credentials: credentials,
                seed: UInt64(getpid()), budget: RequestBudget(limit: 100_000, reserve: 50),
                now: { clock.now() })
            let updates = AlpacaSocket(credentials, loopback: port)
            return try BrokerTask(
                UpdatingPort(alpaca, updates), run: run, in: folder, data: data, adopts: adopts)
        }
        #else
        BrokerSource { _, _, _, _, _ in throw ProofFailure("built without a network") }
        #endif
    }
}
