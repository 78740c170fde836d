import Events
import TestKit
import Testing

@testable import Brokerage

@Suite("Client order ids")
struct ClientOrderIDTests {
    private let day = Day(year: 2026, month: 11, day: 25)!

    @Test("an id is the run's bits and the natural key, readable")
    func readable() {
        let id = ClientOrderID(
            prefix: 0x3f9a_1c07_b2d4_e685, day: day, ticker: Ticker("AAPL")!, leg: .entry,
            attempt: 0)
        #expect(id.description == "3f9a1c07b2d4e685-20261125-AAPL-en-0")
        #expect(ClientOrderID("3f9a1c07b2d4e685-20261125-AAPL-en-0") == id)
        #expect(id.attempt(7).description == "3f9a1c07b2d4e685-20261125-AAPL-en-7")
    }

    @Test("the two letters of each leg stay what they are")
    func legs() {
        let letters = OrderLeg.allCases.map { ClientOrderID.letters($0) }
        #expect(letters == ["en", "st", "tr", "tp", "ex", "co"])
    }

    @Test("the longest id has 48 characters")
    func longest() {
        let id = ClientOrderID(
            prefix: .max, day: day, ticker: Ticker("ABCDEFGH")!, leg: .closeOut, attempt: .max)
        #expect(id.description.utf8.count == ClientOrderID.limit)
        #expect(ClientOrderID(id.description) == id)
    }

    @Test("what is written is read again, whatever its parts", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let letters = "ABCXYZ0189.-/".map { $0 }
            let text = String(
                (0..<Int.random(in: 1...8, using: &chance)).map { _ in
                    letters.randomElement(using: &chance)!
                })
            let id = ClientOrderID(
                prefix: chance.next() >> UInt64.random(in: 0...63, using: &chance),
                day: Day(year: 1, month: 1, day: 1)!
                    + Int.random(in: 0...3_000_000, using: &chance),
                ticker: Ticker(text)!, leg: OrderLeg.allCases.randomElement(using: &chance)!,
                attempt: UInt32.random(in: 0...UInt32.max, using: &chance))
            #expect(ClientOrderID(id.description) == id, "seed \(seed): \(id)")
            #expect(ClientOrderID.isOwn(id.description, prefix: id.prefix))
            #expect(!ClientOrderID.isOwn(id.description, prefix: id.prefix ^ 1))
        }
    }

    @Test(
        "another spelling is no id of ours",
        arguments: [
            "", "3f9a1c07b2d4e685-20261125-AAPL-en", "3F9A1C07B2D4E685-20261125-AAPL-en-0",
            "f9a1c07b2d4e685-20261125-AAPL-en-0", "3f9a1c07b2d4e685-20261125-AAPL-en-00",
            "3f9a1c07b2d4e685-20261125-AAPL-en-+1", "3f9a1c07b2d4e685-20261131-AAPL-en-0",
            "3f9a1c07b2d4e685-20261125--en-0", "3f9a1c07b2d4e685-20261125-AAPL-xx-0",
            "3f9a1c07b2d4e685-20261125-AAPL-en-4294967296",
            "3f9a1c07b2d4e685-20261125-TOOLONGER-en-0", "904837e3-3b76-47ec-b432-046db621571b",
        ])
    func others(text: String) {
        #expect(ClientOrderID(text) == nil)
    }

    @Test("an id with our prefix is ours even when the rest is none")
    func ownWithoutKey() {
        #expect(ClientOrderID.isOwn("00000000000000ff-anything", prefix: 0xff))
        #expect(!ClientOrderID.isOwn("ff-anything", prefix: 0xff))
    }
}
