import EventLog
import Foundation
import Market
import Pipeline
import Service

#if RECOUNT_NETWORK
import Alpaca
import BrokerNetwork
import Brokerage
import Events
#endif

/// The brokers that `--broker` names.
enum Broker: String, CaseIterable {
    /// The market of backtests.
    case simulated
    /// Alpaca's account of made-up money; `recount mode live` turns a run to the other.
    case alpaca

    /// As a live run's manifest names it.
    var name: String {
        switch self {
        case .simulated: RunManifest.Live.simulated
        case .alpaca: BrokerTerms.paper
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
    mutating func checkBroker() throws -> String {
        let terms = try brokerTerms()
        guard let terms else { return RunManifest.Live.simulated }
        #if RECOUNT_NETWORK
        let (_, _, found) = try AlpacaAccount.open(
            isLive: terms.isLive, DaemonProbe().metrics)
        account = found.number
        return "\(terms.name), account \(found.number), equity \(found.equity), cash \(found.cash)"
        #else
        throw BrokerRefusal.withoutNetwork
        #endif
    }

    /// Which account the run trades with, or would; nil at the simulated market.
    private func brokerTerms() throws -> BrokerTerms? {
        guard let live = try RunManifest.read(in: try folder.run(run))?.live else {
            return broker == RunManifest.Live.simulated
                ? nil : BrokerTerms(name: broker, prefix: 0)
        }
        guard live.broker != RunManifest.Live.simulated else { return nil }
        return try AccountHistory(live, try EventLog.open(at: folder.log)).terms
    }

    /// What sends the orders of a run whose broker is one of the world; its requests are counted.
    static func source(_ metrics: ServiceMetrics) -> BrokerSource {
        BrokerSource(
            credentials: { AlpacaAccount.modes }, version: { AlpacaAccount.version($0) }
        ) { run, folder, data, terms, adopts in
            #if RECOUNT_NETWORK
            let (access, port, _) = try AlpacaAccount.open(
                isLive: terms.isLive, metrics)
            return try BrokerTask(
                UpdatingPort(port, AlpacaSocket(access)), run: run, in: folder, data: data,
                adopts: adopts)
            #else
            throw BrokerRefusal.withoutNetwork
            #endif
        }
    }
}

/// Alpaca's accounts, one a mode.
private enum AlpacaAccount {
    /// The modes for which there are keys now.
    static var modes: [String] {
        #if RECOUNT_NETWORK
        AlpacaMode.allCases.filter { (try? access($0)) != nil }.map(\.rawValue)
        #else
        []
        #endif
    }

    /// What changes when the file of a mode's keys does.
    static func version(_ terms: BrokerTerms) -> String {
        let name = terms.isLive ? "APCA_LIVE_FILE" : "APCA_PAPER_FILE"
        guard let path = ProcessInfo.processInfo.environment[name],
            let found = try? FileManager.default.attributesOfItem(atPath: path)
        else { return "" }
        return "\(found[.modificationDate] ?? "") \(found[.systemFileNumber] ?? "") "
            + "\(found[.size] ?? "")"
    }

    #if RECOUNT_NETWORK
    private static func access(_ mode: AlpacaMode) throws(CredentialsRefusal) -> AlpacaAccess {
        try AlpacaAccess.of(mode, environment: { ProcessInfo.processInfo.environment[$0] })
    }

    /// A mode's host and keys, and a port to its account, once it is such as a run needs.
    static func open(
        isLive: Bool, _ metrics: ServiceMetrics
    ) throws -> (
        AlpacaAccess, AlpacaPort<CountedTransport<AlpacaTransport>>, BrokerAccount
    ) {
        let access: AlpacaAccess
        do {
            access = try self.access(isLive ? .live : .paper)
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
        if access.isOfOtherMode(account) {
            objections.append("it is not the \(isLive ? "live" : "paper") account")
        }
        guard objections.isEmpty else {
            throw BrokerRefusal(
                description: "account \(account.number): \(objections.joined(separator: "; "))")
        }
        return (access, port, account)
    }
    #endif
}

#if !RECOUNT_NETWORK
extension BrokerRefusal {
    /// The HTTP stack takes minutes to build, and is not in this program.
    fileprivate static let withoutNetwork = BrokerRefusal(
        description: "this recountd was built without a network: build it with "
            + "RECOUNT_NETWORK=1 swift build -c release --product recountd")
}
#endif
