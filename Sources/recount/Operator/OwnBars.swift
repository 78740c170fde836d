import EventLog
import Events
import Foundation
import Ingest
import Market

/// Bars that a person brings, in any shape that `recount ingest prices` takes; no log is written.
struct OwnBars {
    let bars: [Bar]
    /// The day of the latest.
    let last: Day

    /// The bars of a ticker in a file: adjusted for the splits and dividends that stand beside
    /// them, as a run has them on the last day.
    init(_ file: String, of ticker: Ticker, historySessions: Int) throws {
        let log: MemoryLog
        do {
            log = try OwnBars.read(file, symbol: ticker)
        } catch let error as IngestError where error.code == .badOption {
            // The file says itself of which tickers its bars are.
            log = try OwnBars.read(file, symbol: nil)
        }
        var events: [(knownAt: Instant, position: UInt64)] = []
        try log.read { record in
            events.append((try Envelope(message: record.message).knownAt, record.position))
            return .proceed
        }
        events.sort { ($0.knownAt, $0.position) < ($1.knownAt, $1.position) }
        var (book, last) = (PriceBook(historySessions: historySessions), Day?.none)
        for event in events {
            try log.read(from: event.position, through: event.position) { record in
                switch try MessageHeader(record.message).templateID {
                case SessionClosed.templateID:
                    let session = try SessionClosedView(record.message)
                    book.close(session.bars, of: session.day)
                    let slot = book.slot(of: ticker)
                    if let slot, book.bar(slot) != nil { last = session.day }
                case CorporateActionAnnounced.templateID:
                    book.announce(
                        AnnouncedAction(try CorporateActionAnnouncedView(record.message)))
                default: break
                }
                return .stop
            }
        }
        guard let slot = book.slot(of: ticker), let last else {
            let known = book.tickers.prefix(8).map { "\($0)" }.joined(separator: ", ")
            throw OutputRefusal(
                .data, "\(file) has no bars of \(ticker)\(known.isEmpty ? "" : "; it has \(known)")"
            )
        }
        (bars, self.last) = (book.kept(slot).bars, last)
    }
    private static func read(_ file: String, symbol: Ticker?) throws -> MemoryLog {
        var options = PriceImporter.Options()
        options.symbol = symbol
        let log = MemoryLog(
            identity: LogIdentity(kind: .data, logID: .zero, schemaVersion: EventSchema.version))
        let report = try PriceImporter(
            IngestWriter(log, marksSimulated: false, clock: wallClock), options: options,
            onReject: { _ in }, onProgress: { _, _ in }
        ).run(file)
        if report.rejected > 0 {
            note("\(file): \(report.rejected) of \(report.rows) rows are left out")
        }
        return log
    }
}
