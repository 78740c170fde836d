public import Events

/// Reads files of daily bars into a log: one SessionClosed a date and file.
///
/// Columns are found by header (`PriceField.names`): ticker, date, open, high, low, close, volume
/// and perhaps adj_close, by which all prices are then scaled; `Documentation/formats.md` lists the
/// shapes. A file larger than `maximumBars` is written in parts.
public struct PriceImporter {
    /// What a caller may say about price files.
    public struct Options: Sendable {
        /// Bars to leave out.
        public var exclusions = Exclusions()
        /// The hour of the date at which bars are known; nil: 21:00.
        public var knownAt: ClockTime?
        /// What prices without adj_close are adjusted for.
        public var adjustment = Adjustment.splitsAndDividends
        /// The ticker of files that have no column of tickers; nil: their names say it.
        public var symbol: Ticker?
        /// The order of dates like 01/02/2020; nil: the whole file decides.
        public var dates: DateOrder?
        /// What the columns mean, where that cannot be told by their names.
        public var mapping: Mapping?

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
        let layout: PriceLayout
        let adjustment: Adjustment
        let spool: BarSpool
        var part: UInt32 = 0
        /// Parts that the chunk at hand took: one, but for days of more bars than an event holds.
        var partsOfChunk: UInt32 = 1
        /// The last day that a bar can be of; nil in a simulated world.
        var today: Day?
        /// Rows equal to an earlier one of the file.
        var repeats = 0

        init(_ file: String, _ source: Digest, _ layout: PriceLayout, _ adjustment: Adjustment) {
            report = FileReport(file: file, format: "prices")
            spool = BarSpool(file)
            self.source = source
            self.layout = layout
            self.adjustment = adjustment
        }
    }

    /// Reads one file to its end. What was accepted before a failure stays.
    public func run(_ name: String) throws -> FileReport {
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        let file = try InputFile(name)
        let layout = try PriceLayout.of(name, options)
        var reader = try layout.reader(file)
        let isAdjusted = layout.columns.allSatisfy { $0.adjusted != nil }
        let session = Session(
            name, importDigest(survey.digest, layout), layout,
            isAdjusted ? .splitsAndDividends : options.adjustment)
        session.today = writer.today
        reader.expectedFields = layout.columns[0].count
        while try reader.advance() {
            for columns in layout.columns where columns.hasBar(reader) {
                session.report.rows += 1
                if session.report.rows % 4_096 == 0 { onProgress(file, session.report.rows) }
                try take(reader, columns, session)
                // A line that is broken is one row, however many tickers it should hold.
                if reader.isMalformed || reader.count != columns.count { break }
            }
            if session.spool.count >= PriceImporter.maximumBars { try write(session) }
        }
        try write(session)
        try finish(session)
        return session.report
    }

    /// The file's content and whatever changes what is read from it.
    private func importDigest(_ content: Digest, _ layout: PriceLayout) -> Digest {
        let text =
            "\(content) \(options.exclusions.digest) \(options.knownAt.map { "\($0)" } ?? "-") "
            + "\(options.adjustment)\(layout.remark)"
        return sha256(Array(text.utf8))
    }

    private func take(
        _ reader: borrowing CSVReader, _ columns: PriceColumns, _ session: Session
    ) throws {
        let row: PriceRow
        let day: Day
        do throws(Rejection) {
            (day, row) = try columns.row(reader)
            if let today = session.today, day > today {
                throw Rejection(.badDate, field: "date", value: "\(day) (lies in the future)")
            }
            if options.exclusions.contains(row.ticker, day) {
                throw Rejection(.excluded, field: "ticker", value: "\(row.ticker) \(day)")
            }
        } catch {
            try reject(error, reader.line, reader.record, session)
            return
        }
        if columns.hasAction(reader) { session.report.note(.actionNotRead, line: row.line) }
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
                    try refuseTimes(row, day, session)
                    let text = "\(row.ticker),\(day)"
                    try reject(
                        Rejection(.conflictingRow, field: "ticker,date", value: text), row.line,
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

    /// Refuses a file of bars of minutes: the first of a day is no day's bar.
    private func refuseTimes(_ row: PriceRow, _ day: Day, _ session: Session) throws(IngestError) {
        guard session.layout.hasTimes else { return }
        throw IngestError(
            .wrongFormat, file: session.report.file,
            "line \(row.line): a second bar of \(row.ticker) on \(day), at another time; bars of "
                + "days are read: download daily bars, or sum these up by day")
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
        session.report.reject(rejection, line: line)
        try onReject(
            RejectedRow(
                file: session.report.file, line: line, reason: rejection.reason,
                field: rejection.field, value: rejection.value, row: bytes))
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
