import Alpaca
import AlpacaExchange
import AlpacaStub
import BrokerKit
import Brokerage
import Testing

/// The keys that the stub takes.
let stubCredentials: AlpacaCredentials = {
    let keys = ["APCA_PAPER_KEY_ID": "PKSTUB", "APCA_PAPER_SECRET_KEY": "secret"]
    do {
        return try AlpacaAccess.of(.paper, environment: { keys[$0] }).credentials
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// Alpaca's port over the stub's routes, by the stub's clock, with more requests than Alpaca has.
@Sendable
func routedPort(_ stub: StubBroker) -> any BrokerPort {
    AlpacaPort(
        RouteTransport(stub), credentials: stubCredentials, seed: 1,
        budget: RequestBudget(limit: 100_000, reserve: 50),
        now: { stub.with { $0.exchange.now } })
}

@Suite("The contract of ports")
struct PortContractTests {
    static let ports = [
        BrokerContract("the exchange in process") { StubPort($0) },
        BrokerContract("Alpaca's wire in front of it", routedPort),
    ]

    @Test("it shows account, clock, calendar and assets", arguments: ports)
    func showsItself(_ contract: BrokerContract) throws { try contract.showsItself() }

    @Test("an entry is taken, found, filled and shown everywhere", arguments: ports)
    func enters(_ contract: BrokerContract) throws { try contract.enters() }

    @Test("one id is one order for ever", arguments: ports)
    func unique(_ contract: BrokerContract) throws { try contract.isUnique() }

    @Test("a resting stop is met at its level, and at the open behind a jump", arguments: ports)
    func stops(_ contract: BrokerContract) throws { try contract.stops() }

    @Test("a replacement is a new order under its own id", arguments: ports)
    func replaces(_ contract: BrokerContract) throws { try contract.replaces() }

    @Test("a cancel is only a request, and a fill may be faster", arguments: ports)
    func cancels(_ contract: BrokerContract) throws { try contract.cancels() }

    @Test("each refusal is told by what it is about", arguments: ports)
    func refuses(_ contract: BrokerContract) throws { try contract.refuses() }

    @Test(
        "a sale on the same day and an early replacement are refused for a time", arguments: ports)
    func refusesForATime(_ contract: BrokerContract) throws { try contract.refusesForATime() }

    @Test("no answer is no knowledge; what was done is found by its id", arguments: ports)
    func unknown(_ contract: BrokerContract) throws { try contract.isUnknown() }

    @Test("a replacement that errs may be done", arguments: ports)
    func replaceErrs(_ contract: BrokerContract) throws { try contract.replaceErrsThoughDone() }

    @Test("a rate that is used up says until when", arguments: ports)
    func limits(_ contract: BrokerContract) throws { try contract.limits() }

    @Test("activities come once each, after the last known", arguments: ports)
    func follows(_ contract: BrokerContract) throws { try contract.follows() }

    @Test("3,000 old orders are read to their end", arguments: ports)
    func pages(_ contract: BrokerContract) throws { try contract.pages() }
}
