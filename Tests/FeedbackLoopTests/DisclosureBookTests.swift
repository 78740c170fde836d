import Events
import Testing

@testable import FeedbackLoop

/// What is remembered of filings is bounded by the look-back, and not by how many there ever were.
@Suite("The book of disclosures")
struct DisclosureBookTests {
    private static let start = Day("2012-01-02")!

    /// A row that was filed so many days after the start, ten days after its trade.
    private func row(_ number: Int, of filing: String?, filed day: Int) -> [UInt8] {
        let filedOn = DisclosureBookTests.start + day
        return DisclosureFiled(
            envelope: Envelope(
                knownAt: Instant(filedOn, hour: 5), recordedAt: Instant(filedOn, hour: 5),
                actor: .importer),
            rowDigest: Digest(w0: UInt64(number), w1: 1, w2: 2, w3: 3), occurrence: 0,
            filedOn: filedOn, tradedOn: filedOn - 10, ticker: Ticker("ACME")!, side: .buy,
            transaction: .purchase, owner: .filer, format: .normalizedCSV, filer: "Ann",
            filingID: filing, row: []
        ).encoded()
    }

    private func take(_ message: [UInt8], _ number: Int, _ book: inout DisclosureBook) throws {
        let span = message.span
        try book.learn(
            span.bytes, templateID: try MessageHeader(span.bytes).templateID,
            at: .timeline(UInt64(number)), delayDays: 0)
    }

    @Test("rows of a ticker that nobody evaluates are forgotten when none can count them")
    func forgotten() throws {
        var book = DisclosureBook()
        let lookback = 90
        for day in 0..<3_000 {
            let first = DisclosureBookTests.start + day - lookback
            for part in 0..<2 {
                try take(row(2 * day + part, of: "F\(day)", filed: day), 2 * day + part + 1, &book)
            }
            book.release(at: Instant(DisclosureBookTests.start + day, hour: 6), forgetting: first)
            book.passOver()
            let entry = try #require(book.entry(of: Ticker("ACME")!))
            #expect(entry.rows.count <= 4 * lookback)
            #expect(book.heldFilings <= 2 * lookback)
            let counted = entry.rows.filter { $0.tradedOn > first }
            #expect(counted.count == 2 * min(day + 1, lookback - 10))
        }
    }

    @Test("what an amendment replaces is forgotten by its number, whichever filing has that now")
    func reused() {
        var held = HeldFilings()
        let first = held.hold("first", in: 3)
        #expect(held.hold("first", in: 4) == first && held.hold("first", in: 4) == first)
        for _ in 0..<3 { held.release(first) }
        var gone = held.remove("first")
        #expect(held.count == 0 && gone == nil)
        let second = held.hold("second", in: 5)
        #expect(second == first, "the number is free again")
        gone = held.remove("first")
        #expect(gone == nil)
        gone = held.remove("second")
        #expect(gone?.entries == [5])
        #expect(held.count == 0)
    }
}
