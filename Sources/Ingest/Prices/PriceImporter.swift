public import Events

/// Reads files of daily bars into a log: one SessionClosed a date and file.
///
/// Columns are found by header: ticker (or symbol), date, open, high, low, close, volume and
/// perhaps adj_close, by which all prices are then scaled. A file larger than `maximumBars` is
/// written in parts.
public struct PriceImporter {
    /// What a caller may say about price files.
    public struct Options: Sendable {
        /// Bars to leave out.
        public var exclusions = Exclusions()
        /// The hour of the date at which bars are known; nil: 21:00.
        public var knownAt: ClockTime?
        /// What prices without adj_close are adjusted for.
        public var adjustment = Adjustment.splitsAndDividends

        /// The defaults.
        public init() {}
    }

    /// Bars that are put by date before they are written.
    public static let maximumBars = 4_000_000
    /// Most bars of one event, which is what a group of the schema holds.
    static let maximumGroup = 65_534

    private let writer: IngestWriter
    private let options: Options
    private let onReject: (RejectedRow) throws -> Void
    private let onProgress: (InputFile, Int) -> Void

    /// An importer; `onReject` hears of each row left out, `onProgress` of bytes and rows.
    public init(
        _ writer: IngestWriter, options: Options,
        onReject: @escaping (RejectedRow) throws -> Void,
        onProgress: @escaping (InputFile, Int) -> Void
    ) {
        self.writer = writer
        self.options = options
        self.onReject = onReject
        self.onProgress = onProgress
    }

    /// The state of one file's import.
    private final class Session {
        var report: FileReport
        let source: Digest
        let columns: PriceColumns
        let adjustment: Adjustment
        let spool: BarSpool
        var part: UInt32 = 0
        /// Parts that the chunk at hand took: one, but for days of more bars than an event holds.
        var partsOfChunk: UInt32 = 1
        /// Rows equal to an earlier one of the file.
        var repeats = 0

        init(_ file: String, _ source: Digest, _ columns: PriceColumns, _ adjustment: Adjustment) {
            report = FileReport(file: file, format: "prices")
            spool = BarSpool(file)
            self.source = source
            self.columns = columns
            self.adjustment = adjustment
        }
    }

    /// Reads one file to its end. What was accepted before a failure stays.
    public func run(_ name: String) throws -> FileReport {
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        let file = try InputFile(name)
        var reader = CSVReader(file)
        guard try reader.advance() else {
            throw IngestError(.unknownHeader, file: name, "has no header line")
        }
        let columns = try PriceColumns(reader, file: name)
        let adjustment = columns.adjusted == nil ? options.adjustment : .splitsAndDividends
        let session = Session(name, importDigest(survey.digest), columns, adjustment)
        reader.expectedFields = columns.count
        while try reader.advance() {
            session.report.rows += 1
            if session.report.rows % 4_096 == 0 { onProgress(file, session.report.rows) }
            try take(reader, session)
            if session.spool.count >= PriceImporter.maximumBars { try write(session) }
        }
        try write(session)
        try finish(session)
        return session.report
    }

    /// The file's content and whatever changes what is read from it.
    private func importDigest(_ content: Digest) -> Digest {
        let text =
            "\(content) \(options.exclusions.digest) \(options.knownAt.map { "\($0)" } ?? "-") "
            + "\(options.adjustment)"
        return sha256(Array(text.utf8))
    }

    private func take(_ reader: borrowing CSVReader, _ session: Session) throws {
        let row: PriceRow
        let day: Day
        do throws(Rejection) {
            (day, row) = try session.columns.row(reader)
            if options.exclusions.contains(row.ticker, day) { throw Rejection(.excluded) }
        } catch {
            try reject(error, reader.line, reader.record, session)
            return
        }
        try session.spool.append(row, on: day)
    }

    /// Writes what is held as one part.
    private func write(_ session: Session) throws {
        try session.spool.takeAll { day, rows in try write(day, rows, session) }
        session.part += session.partsOfChunk
        session.partsOfChunk = 1
    }

    private func write(_ day: Day, _ rows: [PriceRow], _ session: Session) throws {
        let rows = rows.sorted { ($0.ticker, $0.line) < ($1.ticker, $1.line) }
        var bars: [SessionClosed.Bar] = []
        bars.reserveCapacity(rows.count)
        for row in rows {
            if let last = bars.last, last.ticker == row.ticker {
                if last == row.bar {
                    session.report.duplicates += 1
                    session.repeats += 1
                } else {
                    let text = "\(row.ticker),\(day)"
                    try reject(
                        Rejection(.conflictingRow, field: "ticker,date"), row.line,
                        Array(text.utf8), session)
                }
                continue
            }
            bars.append(row.bar)
        }
        var start = 0
        var part = session.part
        while start < bars.count {
            let end = min(start + PriceImporter.maximumGroup, bars.count)
            try put(day, part: part, Array(bars[start..<end]), session)
            start = end
            part += 1
        }
        session.partsOfChunk = max(session.partsOfChunk, part - session.part)
    }

    private func put(
        _ day: Day, part: UInt32, _ bars: [SessionClosed.Bar], _ session: Session
    ) throws {
        let isAdjusted = session.adjustment != .none
        let time = options.knownAt ?? ClockTime(hour: 21, minute: 0)
        let count = bars.count
        let event = SessionClosed(
            envelope: Envelope(
                knownAt: Instant(day, hour: time.hour, minute: time.minute), recordedAt: .epoch,
                actor: .importer, flags: isAdjusted ? .hindsight : []),
            source: session.source, day: day, part: part, conflicts: 0,
            unadjusted: session.adjustment == .splitsAndDividends ? 0 : UInt32(count),
            adjustment: session.adjustment, bars: bars)
        try writer.put(event) { isNew in
            if isNew {
                session.report.added += count
                session.report.events += 1
            } else {
                session.report.duplicates += count
            }
        }
    }

    private func reject(
        _ rejection: Rejection, _ line: Int, _ bytes: [UInt8], _ session: Session
    ) throws {
        session.report.reject(rejection.reason, line: line)
        try onReject(
            RejectedRow(
                file: session.report.file, line: line, reason: rejection.reason,
                field: rejection.field, row: bytes))
    }

    /// Commits, and records the summary of what was left out.
    private func finish(_ session: Session) throws {
        try writer.flush()
        let report = session.report
        let event = PricesRejected(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .importer),
            source: session.source, rows: UInt64(report.rows),
            accepted: UInt64(report.rows - report.rejected - session.repeats),
            duplicates: UInt64(session.repeats),
            reasons: report.reasons.map {
                PricesRejected.Reason(
                    count: UInt64($0.count), firstLine: UInt64($0.firstLine), reason: $0.reason)
            })
        try writer.put(event) { isNew in if isNew { session.report.events += 1 } }
        try writer.flush()
        precondition(session.report.addsUp, "every row is added, a duplicate or rejected")
    }
}
