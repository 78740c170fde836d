import EventLog
import Events
import TestKit
import TestWorlds
import Testing

@testable import FeedbackLoop
@testable import Projections

/// Rows that are amended and withdrawn, with and without the id of a filing.
@Suite("Filed rows that end")
struct EndedRowTests {
    private static let start = Day("2020-01-06")!
    private static let people = ["Ann Roe", "Bob Poe"]
    private static let (acme, other) = (Ticker("ACME")!, Ticker("OTHER")!)

    /// Random filings, amendments and withdrawals of few people, tickers and trade dates, in order
    /// of their days.
    private func facts(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        var ids: [String] = ["F0"]
        return (0..<count).map { number in
            let filedOn = Self.start + number / 6
            let known = Instant(filedOn + 1, hour: 5)
            let envelope = Envelope(knownAt: known, recordedAt: known, actor: .importer)
            let digest = Digest(w0: UInt64(number), w1: 3, w2: 5, w3: 7)
            let ticker: Ticker = Bool.random(using: &generator) ? Self.acme : Self.other
            let tradedOn = Self.start - Int.random(in: 1...2, using: &generator)
            let side: TradeSide = Bool.random(using: &generator) ? .buy : .sell
            let owner: Owner = Bool.random(using: &generator) ? .filer : .spouse
            let filer = Self.people.randomElement(using: &generator)!
            let id = "F\(number / 2)"
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...4:
                ids.append(id)
                return DisclosureFiled(
                    envelope: envelope, rowDigest: digest, occurrence: 0, filedOn: filedOn,
                    tradedOn: tradedOn, ticker: ticker, side: side, transaction: .purchase,
                    owner: owner, format: .columns, filer: filer,
                    filingID: Bool.random(using: &generator) ? id : nil
                ).encoded()
            case 5...7:
                let isNamed = Int.random(in: 0..<3, using: &generator) == 0
                return DisclosureAmended(
                    envelope: envelope, rowDigest: digest, occurrence: 0, filedOn: filedOn,
                    tradedOn: tradedOn, ticker: ticker, side: side, transaction: .purchase,
                    owner: owner, format: .columns, filer: filer,
                    filingID: isNamed ? "\(id)a" : "",
                    amends: isNamed ? ids.randomElement(using: &generator)! : ""
                ).encoded()
            case 8:
                return DisclosureWithdrawn(
                    envelope: envelope, rowDigest: digest, occurrence: 0, filedOn: filedOn,
                    format: .columns, filingID: ids.randomElement(using: &generator)!
                ).encoded()
            default:
                return DisclosureWithdrawn(
                    envelope: envelope, rowDigest: digest, occurrence: 0, filedOn: filedOn,
                    format: .columns, filingID: "", tradedOn: tradedOn, ticker: ticker, side: side,
                    owner: owner, filer: filer
                ).encoded()
            }
        }
    }

    /// The positions of the rows that count for the loop.
    private func counted(_ facts: [[UInt8]]) throws -> [UInt64] {
        var book = DisclosureBook()
        for (index, fact) in facts.enumerated() {
            let span = fact.span
            try book.learn(
                span.bytes, templateID: try MessageHeader(span.bytes).templateID,
                at: .timeline(UInt64(index + 1)), delayDays: 0)
        }
        book.release(at: Instant(Self.start + 10_000, hour: 0), forgetting: Self.start - 1_000)
        return book.entries.flatMap(\.rows).map(\.filing.position).sorted()
    }

    @Test("the read model's active rows are those that the loop counts, at every stop")
    func active() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let facts = facts(240, seed: seed)
            let fixture = try DataFixture(count: 0)
            var taken = 0
            for stop in [facts.count / 3, facts.count / 2, facts.count] {
                try fixture.append(facts[taken..<stop])
                taken = stop
                for report in try fixture.group().project(rebuild: false) {
                    #expect(report.failure == nil)
                }
                let rows = try ReadModelQuery.run(
                    "SELECT position FROM disclosures WHERE status = 'active' ORDER BY position",
                    data: fixture.data, run: nil
                ).rows.map { $0[0] }
                let expected = try counted(Array(facts.prefix(stop)))
                #expect(rows == expected.map { .integer(Int64($0)) }, "seed \(seed), \(stop)")
                #expect(expected.count < stop * 2 / 3 && expected.count > 5)
            }
            let grown = try fixture.group().project(rebuild: false).map(\.checkpoint.digest)
            let made = try fixture.group().project(rebuild: true).map(\.checkpoint.digest)
            #expect(grown == made, "rows that ended are remembered over a stop")
        }
    }

    @Test("a row that ended says how, from which position, and what ended it says so too")
    func endings() throws {
        let fixture = try DataFixture(count: 0)
        let known = Instant(Self.start, hour: 5)
        let envelope = Envelope(knownAt: known, recordedAt: known, actor: .importer)
        let filed = DisclosureFiled(
            envelope: envelope, rowDigest: .zero, occurrence: 0, filedOn: Self.start,
            tradedOn: Self.start - 9, ticker: Self.acme, side: .buy, transaction: .purchase,
            owner: .filer, format: .columns, filer: "Ann Roe")
        let amended = DisclosureAmended(
            envelope: envelope, rowDigest: Digest(w0: 1, w1: 0, w2: 0, w3: 0), occurrence: 0,
            filedOn: Self.start + 3, tradedOn: Self.start - 9, ticker: Self.acme, side: .sell,
            transaction: .sale, owner: .filer, format: .columns, filer: "ANN A. ROE", filingID: "",
            amends: "")
        try fixture.append([filed.encoded(), amended.encoded()])
        _ = try fixture.group().project(rebuild: false)
        let rows = try ReadModelQuery.run(
            "SELECT status, to_position, amends, filing_id FROM disclosures ORDER BY position",
            data: fixture.data, run: nil
        ).rows
        #expect(
            rows == [
                [.text("amended"), .integer(2), .null, .null],
                [.text("active"), .null, .text(""), .null],
            ])
    }
}
