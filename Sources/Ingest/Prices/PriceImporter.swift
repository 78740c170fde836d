public import Events
import Market

/// Reads files of daily bars into a log: one SessionClosed a date and file.
///
/// Columns are found by header (`PriceField.names`): ticker, date, open, high, low, close, volume
/// and perhaps adj_close, by which all prices are then scaled; `Documentation/formats.md` lists the
/// shapes. Of a file with splits and dividends beside its bars both are taken as they stand, and
/// adj_close only checks them. A file larger than `maximumBars` is written in parts.
public struct PriceImporter {
    /// What a caller may say about price files.
    public struct Options: Sendable {
        /// Bars to leave out.
        public var exclusions = Exclusions()
        /// The hour of the date at which bars are known; nil: 21:00.
        public var knownAt: ClockTime?
        /// What prices are adjusted for; nil: for nothing where splits and dividends stand beside
        /// the bars, unless the bars themselves show it; all others for both.
        public var adjustment: Adjustment?
        /// What prices are taken to be adjusted for where nothing is said and the file shows
        /// nothing.
        public var assumed = Adjustment.splitsAndDividends
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
        var adjustment: Adjustment
        /// What the bars are, where splits and dividends stand beside them; nil before any is
        /// written.
        var bars: ActionCheck.Bars?
        var check = ActionCheck()
        let spool: BarSpool
        var part: UInt32 = 0
        /// Parts that the chunk at hand took: one, but for days of more bars than an event holds.
        var partsOfChunk: UInt32 = 1
        /// The last day that a bar can be of; nil in a simulated world.
        var today: Day?
        var jumps = JumpFinder()
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
        var layout = try PriceLayout.of(name, options)
        let keepsActions =
            layout.columns.allSatisfy(\.hasActions) && options.adjustment != .splitsAndDividends
        for index in layout.columns.indices { layout.columns[index].keepsActions = keepsActions }
        var reader = try layout.reader(file)
        let isAdjusted = layout.columns.allSatisfy { $0.adjusted != nil }
        let session = Session(
            name, importDigest(survey.digest, layout), layout,
            isAdjusted || keepsActions
                ? .splitsAndDividends : options.adjustment ?? options.assumed)
        session.today = writer.today
        session.report.source = session.source
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
            + "\(options.adjustment ?? options.assumed)\(layout.remark)"
            + (layout.columns[0].keepsActions ? " actions" : "")
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
        try session.spool.append(row, on: day)
    }

    /// Writes what is held as one part.
    private func write(_ session: Session) throws {
        if session.layout.columns[0].keepsActions { try judge(session) }
        if session.spool.count > 0 { writer.dates = session.spool.dates() }
        try session.spool.takeAll { day, rows in try write(day, rows, session) }
        session.part += session.partsOfChunk
        session.partsOfChunk = 1
    }

    /// Tells what the bars are adjusted for, by those that are held.
    private func judge(_ session: Session) throws {
        try session.spool.each { _, rows in for row in rows { session.check.take(row) } }
        if session.bars == nil {
            let columns = session.layout.columns
            let hasAdjusted = columns.contains { $0.adjusted != nil }
            session.bars =
                options.adjustment == nil
                ? session.check.bars(hasAdjusted: hasAdjusted, isYahoo: session.layout.isYahoo)
                : options.adjustment == .splits ? .adjustedForSplits : .asTraded
        }
        switch session.bars {
        case .asTraded: session.adjustment = .none
        case .adjustedForSplits: session.adjustment = .splits
        default: session.adjustment = .splitsAndDividends
        }
    }

    /// Records the actions that stand beside a bar, as far as it is not adjusted for them.
    private func putActions(_ row: PriceRow, _ day: Day, _ session: Session) throws {
        guard row.split != 1 || row.dividend != 0, let bars = session.bars else { return }
        if row.split != 1 {
            if bars == .asTraded, session.check.refuses(row, isSplit: true) {
                session.report.note(.actionNotShown, line: row.line)
            } else if bars == .asTraded {
                try put(
                    SplitRatio.kind(row.split), ratio: row.split, amount: nil, row, day, session)
            } else {
                session.report.note(.actionInPrices, line: row.line)
            }
        }
        guard row.dividend != 0 else { return }
        if bars == .adjusted {
            session.report.note(.actionInPrices, line: row.line)
        } else if session.check.refuses(row, isSplit: false) {
            session.report.note(.spinOffTwice, line: row.line)
        } else {
            try put(.dividend, ratio: nil, amount: row.dividend, row, day, session)
        }
    }

    private func put(
        _ kind: CorporateActionKind, ratio: Double?, amount: Double?, _ row: PriceRow, _ day: Day,
        _ session: Session
    ) throws {
        let event = CorporateActionAnnounced(
            envelope: Envelope(
                knownAt: Instant(day, hour: 5), recordedAt: .epoch, actor: .importer),
            ratio: ratio, amount: amount, exDay: day, ticker: row.ticker, newTicker: nil,
            kind: kind, source: session.source)
        try writer.put(event) { isNew in
            if isNew {
                session.report.actions += 1
                session.report.events += 1
            }
        }
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
            try putActions(row, day, session)
            let isShown = session.bars == .asTraded && !session.check.refuses(row, isSplit: true)
            session.jumps.take(
                row.ticker, day, open: row.bar.open, close: row.bar.close,
                split: isShown ? row.split : 1,
                dividend: session.bars == .asTraded ? row.dividend : 0)
        }
        for jump in session.jumps.end() {
            let line = rows.first { $0.ticker == jump.ticker }?.line ?? 0
            session.report.note(.unexplainedJump, line: line)
            if session.report.jumps.count < 5 { session.report.jumps.append(jump) }
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
        if let bars = session.bars {
            let (count, first) = session.check.differences(bars)
            session.report.note(.adjustedDiffers, line: first, count: count)
        }
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
