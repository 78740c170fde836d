import Events

/// Reads files of disclosures into a log.
public struct DisclosureImporter {
    let writer: IngestWriter
    private(set) var options: DisclosureOptions
    private let onReject: (RejectedRow) throws -> Void
    let onProgress: (InputFile, Int) -> Void

    /// An importer; `onReject` hears of each row left out, `onProgress` of bytes and rows.
    public init(
        _ writer: IngestWriter, options: DisclosureOptions,
        onReject: @escaping (RejectedRow) throws -> Void,
        onProgress: @escaping (InputFile, Int) -> Void
    ) {
        self.writer = writer
        self.options = options
        self.onReject = onReject
        self.onProgress = onProgress
    }

    /// The most bytes of a header line.
    static let maximumHeader = 16 << 10
    /// The most bytes of rows that one filing becomes.
    static let maximumRows = 64 << 20
    /// The most bytes that are kept of a row that is left out.
    static let maximumRejected = 64 << 10
    /// Rejected rows after which a file of which nearly nothing is taken is given up: it is not
    /// what it was taken for, and each such row is an event.
    static let hopeless = 200_000

    /// Reads one file to its end. What was accepted before a failure stays.
    public func run(_ name: String) throws -> FileReport {
        let survey = try InputFile.survey(name)
        try writer.begin(name, isSimulated: survey.isSimulated)
        var importer = self
        importer.options.today = writer.today
        return try importer.read(name, survey.digest)
    }

    private func read(_ name: String, _ digest: Digest) throws -> FileReport {
        let file = try InputFile(name)
        let session = Session(
            file: name, digest: digest, report: FileReport(file: name, format: ""))
        let first = try InputFile.firstByte(name)
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") {
            try readObjects(file, session)
        } else {
            try readCSV(file, session)
        }
        try writer.flush()
        try remarkOnEnded(session)
        precondition(session.report.addsUp, "every row is added, a duplicate or rejected")
        return session.report
    }

    /// The state of one file's import.
    final class Session {
        let file: String
        let digest: Digest
        var report: FileReport
        var occurrences = OccurrenceTable()
        /// What its rows amend and withdraw.
        var ended = EndedFilings()

        init(file: String, digest: Digest, report: FileReport) {
            self.file = file
            self.digest = digest
            self.report = report
        }

        private var members: (names: [String], columns: StatusColumns)?

        /// Where objects of these members say what their filing is: most have those of the last.
        func statusColumns(_ names: [String], _ layout: SourceLayout) -> StatusColumns {
            if let members, members.names == names { return members.columns }
            let columns = StatusColumns(names, besides: layout)
            members = (names, columns)
            return columns
        }

        func occurrence(_ digest: Digest) -> UInt32 { occurrences.next(digest) }
    }

    func readSenate(_ file: InputFile, isLines: Bool, _ session: Session) throws {
        let layout = SourceLayout.senate
        session.report.format = layout.name
        var scanner = isLines ? JSONScanner(linesOf: file) : JSONScanner(file)
        while try scanner.advance() {
            onProgress(file, session.report.rows)
            guard !scanner.isMalformed, let filing = try? JSONParser.parse(scanner.element) else {
                session.report.rows += 1
                try reject(
                    Rejection(.malformedRow), scanner.element, shown: scanner.element,
                    line: session.report.rows, layout, session)
                continue
            }
            try readFiling(filing, scanner.element, layout, session)
        }
    }

    private func readFiling(
        _ filing: JSONValue, _ bytes: [UInt8], _ layout: SourceLayout, _ session: Session
    ) throws {
        guard let list = filing["transactions"], case .array(let transactions) = list.content,
            !transactions.isEmpty
        else {
            session.report.rows += 1
            try reject(
                Rejection(.noTransactions, field: "transactions"), bytes, shown: bytes,
                line: session.report.rows, layout, session)
            return
        }
        // Each event keeps the filing with its one transaction: what they share is kept many times.
        let shared = bytes.count - list.range.count
        guard shared * transactions.count <= DisclosureImporter.maximumRows else {
            session.report.rows += 1
            try reject(
                Rejection(.malformedRow, field: "transactions"), bytes, shown: bytes,
                line: session.report.rows, layout, session)
            return
        }
        for transaction in transactions {
            session.report.rows += 1
            let source =
                Array(bytes[..<list.range.lowerBound]) + [UInt8(ascii: "[")]
                + Array(bytes[transaction.range]) + [UInt8(ascii: "]")]
                + Array(bytes[list.range.upperBound...])
            let values = layout.columns.map { column in
                let names = [column.name] + (column.alias.map { [$0] } ?? [])
                let value = names.lazy.compactMap { transaction[$0] ?? filing[$0] }.first
                return trimmed(value?.text ?? "")
            }
            let columns = session.statusColumns(transaction.names + filing.names, layout)
            try take(
                SourceRow(values: values), source, shown: source, line: session.report.rows,
                layout, session,
                status: columns.isEmpty
                    ? nil
                    : { () throws(Rejection) in
                        try columns.status(named: { (transaction[$0] ?? filing[$0])?.text })
                    })
        }
    }

    /// Judges a row; `source` is what its event carries, `shown` the row as the file has it.
    ///
    /// `status` gives what its filing is, where columns say so that are none of the layout.
    func take(
        _ row: SourceRow, _ source: [UInt8], shown: [UInt8], line: Int, _ layout: SourceLayout,
        _ session: Session, status: (() throws(Rejection) -> FilingStatus)? = nil
    ) throws {
        let statement: RowStatement
        do throws(Rejection) {
            let plain = try layout.interpret(row, options)
            statement = if let status { plain.with(try status()) } else { plain }
        } catch {
            try reject(error, source, shown: shown, line: line, layout, session)
            return
        }
        remark(on: statement, line, session)
        let digest = RowDigest.digest(of: row, layout: layout)
        let event = statement.event(
            digest: digest, occurrence: session.occurrence(digest), format: layout.format,
            options: options, source: source)
        try writer.put(event) { isNew in
            if isNew {
                session.report.added += 1
                session.report.events += 1
            } else {
                session.report.duplicates += 1
            }
        }
    }

    func reject(
        _ rejection: Rejection, _ source: [UInt8], shown: [UInt8], line: Int,
        _ layout: SourceLayout, _ session: Session
    ) throws {
        session.report.reject(rejection, line: line)
        try onReject(
            RejectedRow(
                file: session.file, line: line, reason: rejection.reason, field: rejection.field,
                value: rejection.value, row: shown))
        // A row outside the asked-for dates is no defect: it is reported and not recorded.
        if rejection.reason == .outsideRange { return }
        let digest = RowDigest.digest(ofRefused: source, layout: layout)
        let event = DisclosureRejected(
            envelope: Envelope(knownAt: .epoch, recordedAt: .epoch, actor: .importer),
            rowDigest: digest, source: session.digest, line: UInt64(line),
            occurrence: session.occurrence(digest), reason: rejection.reason,
            format: layout.format, field: optionalText(rejection.field, limit: 24),
            row: Array(source.prefix(DisclosureImporter.maximumRejected)))
        try writer.put(event) { isNew in if isNew { session.report.events += 1 } }
        let report = session.report
        if report.rejected % DisclosureImporter.hopeless == 0,
            10 * (report.rows - report.rejected) < report.rows
        {
            throw IngestError(
                .wrongFormat, file: session.file,
                "line \(line): \(report.rejected) of \(report.rows) rows are rejected, this one as "
                    + "\(rejection.reason); it is not what it was taken for (\(layout.name)): look "
                    + "at the file, or name another --format")
        }
    }
}
