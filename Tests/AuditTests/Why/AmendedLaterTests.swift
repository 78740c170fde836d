import Audit
import EventLog
import Events
import TestWorlds
import Testing

@Suite("Filings that were amended or withdrawn later")
struct AmendedLaterTests {
    /// The small world in which every filing has an id, and one that counted is ended `days` later.
    private func world(_ end: (DisclosureFiled, Instant) -> [UInt8]) throws -> (
        run: AskedRun, filing: Reference, order: Reference
    ) {
        // A run without the end names a filing that counted in an order.
        let plain = try SmallWorld().facts.enumerated().map { index, fact in
            guard try MessageHeader(fact.span.bytes).templateID == DisclosureFiled.templateID else {
                return fact
            }
            var filing = try DisclosureFiled(message: fact.span.bytes)
            filing.filingID = "F\(index)"
            return filing.encoded()
        }
        let before = try AskedRun(facts: plain, settings: SmallWorld.settings)
        let order = try #require(
            try before.all(OrderSubmitted.self).first { $0.event.leg == .entry })
        let signal = try before.event(SignalGenerated.self, order.event.signal)
        let counted = try #require(signal.filings.first?.filing)
        let filing = try before.event(DisclosureFiled.self, counted)
        let known = Instant(order.event.day + 10, hour: 5)
        let place = try #require(
            try plain.firstIndex { try Envelope(message: $0.span.bytes).knownAt > known })
        var facts = plain
        facts.insert(end(filing, known), at: place)
        let run = try AskedRun(facts: facts, settings: SmallWorld.settings)
        return (run, counted, order.at)
    }

    private func envelope(_ known: Instant) -> Envelope {
        Envelope(knownAt: known, recordedAt: known, actor: .timeline)
    }

    @Test("the answer has the row as it was believed then, and what it was amended to later")
    func amended() throws {
        let (run, filing, order) = try world { filed, known in
            DisclosureAmended(
                envelope: envelope(known), rowDigest: Digest(w0: 77, w1: 7, w2: 7, w3: 7),
                amountLow: Money(dollars: 15_001), amountHigh: Money(dollars: 50_000),
                occurrence: 0, filedOn: known.day - 1, tradedOn: filed.tradedOn,
                ticker: filed.ticker, side: .sell, transaction: .sale, owner: .filer,
                format: filed.format, filer: filed.filer, filingID: "B",
                amends: filed.filingID ?? "", row: Array("amended,row".utf8)
            ).encoded()
        }
        let node = try #require(
            try run.ask("order", "\(order)").all.first { $0.event == filing })
        let row = try run.event(DisclosureFiled.self, filing)
        #expect(node.source?.text == String(decoding: row.row, as: UTF8.self))
        #expect(node.title.contains(row.side == .buy ? "bought" : "sold"))
        let later = try #require(node.later.first)
        #expect(node.later.count == 1)
        #expect(later.hasPrefix("Amended later"))
        #expect(later.contains("\(row.filer) sold \(row.ticker) for $15,001 to $50,000"))
        #expect(!node.title.contains("$15,001 to $50,000"))
    }

    @Test("and of one that was withdrawn that it was")
    func withdrawn() throws {
        let (run, filing, order) = try world { filed, known in
            DisclosureWithdrawn(
                envelope: envelope(known), rowDigest: Digest(w0: 78, w1: 7, w2: 7, w3: 7),
                occurrence: 0, filedOn: known.day - 1, format: filed.format,
                filingID: filed.filingID ?? "", row: Array("withdrawn".utf8)
            ).encoded()
        }
        let node = try #require(
            try run.ask("order", "\(order)").all.first { $0.event == filing })
        #expect(node.later.count == 1)
        #expect(node.later.first?.hasPrefix("Withdrawn later") == true)
    }

    @Test("and of one whose amendment names no filing, with what that reads")
    func unnamed() throws {
        let (run, filing, order) = try world { filed, known in
            DisclosureAmended(
                envelope: envelope(known), rowDigest: Digest(w0: 79, w1: 7, w2: 7, w3: 7),
                amountLow: Money(dollars: 15_001), amountHigh: Money(dollars: 50_000),
                occurrence: 0, filedOn: known.day - 1, tradedOn: filed.tradedOn,
                ticker: filed.ticker, side: .sell, transaction: .sale, owner: filed.owner,
                format: filed.format, filer: filed.filer.uppercased(), filingID: "", amends: "",
                row: Array("amended,row".utf8)
            ).encoded()
        }
        let node = try #require(
            try run.ask("order", "\(order)").all.first { $0.event == filing })
        #expect(node.later.count == 1)
        let later = try #require(node.later.first)
        #expect(later.hasPrefix("Amended later") && later.contains("$15,001 to $50,000"))
        let others = try run.ask("order", "\(order)").all.filter {
            $0.type == DisclosureFiled.messageName && $0.event != filing
        }
        #expect(others.allSatisfy { $0.later.isEmpty })
    }
}
