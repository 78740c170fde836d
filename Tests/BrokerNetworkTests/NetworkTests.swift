import Alpaca
import AlpacaExchange
import AlpacaServer
import BrokerKit
@_spi(Loopback) import BrokerNetwork
import Brokerage
import Events
import Foundation
import Testing

/// The keys that the stub takes.
private let keys: AlpacaCredentials = {
    let variables = ["APCA_PAPER_KEY_ID": "PKSTUB", "APCA_PAPER_SECRET_KEY": "secret"]
    do {
        return try AlpacaAccess.of(.paper, environment: { variables[$0] }).credentials
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// A server of each stub, stopped with the process.
private func servedPort(_ stub: StubBroker) -> any BrokerPort {
    do {
        let server = try StubServer.start(stub)
        return AlpacaPort(
            AlpacaTransport(loopback: server.port, milliseconds: 1_000), credentials: keys, seed: 1,
            budget: RequestBudget(limit: 100_000, reserve: 50),
            now: { stub.with { $0.exchange.now } })
    } catch {
        preconditionFailure("a port of loopback is free: \(error)")
    }
}

@Suite("The network", .serialized)
struct NetworkTests {
    static let contract = BrokerContract("Alpaca's wire over HTTP") { servedPort($0) }

    @Test("the contract of ports holds over a real connection")
    func contract() throws {
        let contract = NetworkTests.contract
        try contract.showsItself()
        try contract.enters()
        try contract.isUnique()
        try contract.stops()
        try contract.replaces()
        try contract.cancels()
        try contract.refuses()
        try contract.refusesForATime()
        try contract.isUnknown()
        try contract.replaceErrsThoughDone()
        try contract.limits()
        try contract.follows()
        try contract.pages()
    }

    @Test("where nobody listens the connection is dropped, and nothing is refused")
    func nobody() throws {
        let floor = BrokerFloor { StubPort($0) }
        let server = try StubServer.start(floor.stub)
        let port = server.port
        try server.stop()
        let transport = AlpacaTransport(loopback: port, milliseconds: 1_000)
        do {
            _ = try transport.send(HTTPRequest("GET", "/v2/clock"))
            Issue.record("answered by nobody")
        } catch .timeOut, .dropped {}
    }

    private func waitUntil(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return false
    }

    @Test("updates come by the stream; a connection that ends is made again, and told of")
    func stream() throws {
        var floor = BrokerFloor { StubPort($0) }
        let server = try StubServer.start(floor.stub)
        let socket = AlpacaSocket(keys, loopback: server.port)
        #expect(waitUntil { socket.isListening })
        #expect(socket.drain().isReconnected, "the first connection is a new one too")
        let order = try floor.port.submit(BrokerFloor.entry())
        floor.advance(9, 31)
        server.tell()
        var seen: [BrokerOrder] = []
        #expect(
            waitUntil {
                seen += socket.drain().updates
                return seen.count == 2
            })
        #expect(seen.first == order && seen.last?.status == .filled)

        server.cut()
        #expect(waitUntil { socket.drain().isReconnected })
        _ = try floor.port.submit(BrokerFloor.stop())
        server.tell()
        #expect(waitUntil { socket.drain().updates.count == 1 })
        socket.close()
        try server.stop()
    }

    @Test("keys that are refused are complained of, and nothing comes")
    func refused() throws {
        let floor = BrokerFloor { StubPort($0) }
        floor.stub.with { $0.keys = [] }
        let server = try StubServer.start(floor.stub)
        let socket = AlpacaSocket(keys, loopback: server.port)
        #expect(waitUntil { socket.complaints().contains("the keys were refused") })
        #expect(!socket.isListening)
        socket.close()
        try server.stop()
    }
}
