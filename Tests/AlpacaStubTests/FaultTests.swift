import AlpacaExchange
import BrokerKit
import Brokerage
import Events
import Testing

@Suite("Faults on demand")
struct FaultTests {
    @Test("faults by chance are those of the seed, and of every kind")
    func chance() {
        func run(_ seed: UInt64) -> [BrokerFailure?] {
            var floor = BrokerFloor { StubPort($0) }
            floor.stub.with {
                $0.exchange.rules.requestsPerMinute = 10_000
                $0.faults = FaultPlan(seed: seed)
                $0.faults.percent = 50
            }
            return (0..<200).map { _ in floor.failure { try $0.account() } }
        }
        let failures = run(1)
        #expect(failures == run(1) && failures != run(2))
        #expect(failures.contains(nil) && failures.contains(.unknown(.timeOut)))
        #expect(failures.contains(.unknown(.status(504))) && failures.contains(.unknown(.dropped)))
        #expect(failures.contains { if case .rateLimited = $0 { true } else { false } })
    }

    @Test("updates come as they were made; lost, twice, late and in another order on demand")
    func stream() throws {
        func updates(_ change: (inout FaultPlan) -> Void) throws -> [BrokerOrder] {
            let stub = BrokerFloor { StubPort($0) }.stub
            stub.with { change(&$0.faults) }
            var port = StubPort(stub)
            for attempt in 0..<20 as Range<UInt32> {
                let order = try port.submit(BrokerFloor.entry(1, attempt: attempt))
                try port.cancel(order.id)
            }
            return port.drain().updates + port.drain().updates + port.drain().updates
        }
        let whole = try updates { _ in }
        #expect(whole.count == 60, "new, pending_cancel, canceled")
        #expect(try updates { $0.lostPercent = 100 }.isEmpty)
        #expect(try updates { $0.doubledPercent = 100 }.count == 120)
        let mixed = try updates { $0.isReordering = true }
        #expect(mixed != whole && Set(mixed).isSubset(of: Set(whole)))
    }

    @Test("a connection that ends loses what it had not handed out, and says that it is a new one")
    func reconnect() throws {
        let stub = BrokerFloor { StubPort($0) }.stub
        var port = StubPort(stub)
        _ = try port.submit(BrokerFloor.entry())
        stub.with { $0.disconnect() }
        let first = port.drain()
        #expect(first.updates.isEmpty && first.isReconnected)
        #expect(!port.drain().isReconnected)
    }
}
