import EventLog
import Foundation
import Pipeline
import Service

#if RECOUNT_NETWORK
import Alpaca
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
    /// Looks whether a run's broker can be traded with, before a run is made or opened; nothing is
    /// looked at for the simulated market.
    ///
    /// - Throws: `BrokerRefusal` where this program cannot reach it, or the account is not such as
    ///   a run needs.
    /// - Returns: the broker and its account, in words.
    @discardableResult
    func checkBroker() throws -> String {
        let made = try RunManifest.read(in: try folder.run(run))?.live?.broker
        let name = made ?? broker
        guard name != RunManifest.Live.simulated else { return name }
        #if RECOUNT_NETWORK
        let (_, _, account) = try AlpacaAccount.open(DaemonProbe().metrics)
        return "\(name), account \(account.number), cash \(account.cash)"
        #else
        throw BrokerRefusal.withoutNetwork
        #endif
    }

    /// What sends the orders of a run whose broker is one of the world; its requests are counted.
    ///
    /// - Throws: what `checkBroker` throws.
    static func broker(
        _ run: String, in folder: DataFolder, data: EventLog, metrics: ServiceMetrics
    ) throws -> any BrokerStepping {
        #if RECOUNT_NETWORK
        let (access, port, _) = try AlpacaAccount.open(metrics)
        return try BrokerTask(
            UpdatingPort(port, AlpacaSocket(access)), run: run, in: folder, data: data)
        #else
        throw BrokerRefusal.withoutNetwork
        #endif
    }
}

#if RECOUNT_NETWORK
/// Alpaca's paper account.
private enum AlpacaAccount {
    /// Its host and keys, and a port to it, once it is such as a run needs.
    static func open(
        _ metrics: ServiceMetrics
    ) throws -> (
        AlpacaAccess, AlpacaPort<CountedTransport<AlpacaTransport>>, BrokerAccount
    ) {
        let access: AlpacaAccess
        do {
            access = try AlpacaAccess.of(
                .paper, environment: { ProcessInfo.processInfo.environment[$0] })
        } catch {
            throw BrokerRefusal(description: "\(error)")
        }
        let clock = SystemClock()
        var port = AlpacaPort(
            CountedTransport(AlpacaTransport(access)) { metrics.broker(status: $0) },
            credentials: access.credentials,
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
        return (access, port, account)
    }
}
#else
extension BrokerRefusal {
    /// The HTTP stack takes minutes to build, and is not in this program.
    fileprivate static let withoutNetwork = BrokerRefusal(
        description: "this recountd was built without a network: build it with "
            + "RECOUNT_NETWORK=1 swift build -c release --product recountd")
}
#endif
