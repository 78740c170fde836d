import EventLog
import Foundation
import Pipeline
import Service

#if RECOUNT_NETWORK
import Brokerage
import BrokerNetwork
import Events
#endif

/// The brokers that `--broker` names.
enum Broker: String, CaseIterable {
    /// The market of backtests.
    case simulated
    /// Alpaca's account of made-up money.
    case alpaca

    /// As a live run's manifest names it. Money of the world is not traded by this version.
    var name: String {
        switch self {
        case .simulated: RunManifest.Live.simulated
        case .alpaca: "alpaca-paper"
        }
    }
}

extension Daemon.Configuration {
    /// What answers the run's orders, for a run whose broker is one of the world.
    ///
    /// - Throws: `BrokerRefusal` where this program cannot reach it, or the account is not such as
    ///   a run needs.
    static func broker(_ run: String, in folder: DataFolder, data: EventLog) throws
        -> any BrokerStepping
    {
        #if RECOUNT_NETWORK
        let access = try AlpacaAccess.of(
            .paper, environment: { ProcessInfo.processInfo.environment[$0] })
        let clock = SystemClock()
        var port = AlpacaPort(
            AlpacaTransport(access), credentials: access.credentials,
            seed: UInt64.random(in: 1 ... .max), now: { clock.now() })
        let account: BrokerAccount
        do throws(BrokerFailure) {
            account = try port.account()
        } catch {
            throw BrokerRefusal(description: "the broker's account cannot be read: \(error)")
        }
        var objections = account.objections
        if access.isOfOtherMode(account) { objections.append("it is not the paper account") }
        guard objections.isEmpty else {
            throw BrokerRefusal(
                description: "account \(account.number): \(objections.joined(separator: "; "))")
        }
        return try BrokerTask(
            UpdatingPort(port, AlpacaSocket(access)), run: run, in: folder, data: data)
        #else
        throw BrokerRefusal(
            description: "this recountd was built without a network: build it with "
                + "RECOUNT_NETWORK=1 swift build -c release --product recountd")
        #endif
    }
}
