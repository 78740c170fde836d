public import Events

/// The read model `disclosures`: filed rows as the log knows them, and rows that were refused.
///
/// A row holds from the position that filed it until an amendment or a withdrawal of its filing.
public struct DisclosuresProjection: Projection {
    /// Its name.
    public static let name = "disclosures"
    /// Raised with every change.
    public static let version = 4
    /// The events that it acts on.
    public static let consumed: [any EventMessage.Type] = [
        DisclosureFiled.self, DisclosureAmended.self, DisclosureWithdrawn.self,
        DisclosureRejected.self, PoliticianDescribed.self, CommitteeAssigned.self,
    ]
    /// Its tables.
    public static let tables = [
        ProjectionTable(
            "disclosures", columns: 28,
            history: .since(
                "position",
                once: [
                    FirstValue("status", .text("active")), FirstValue("to_position"),
                ])),
        ProjectionTable("disclosure_endings", columns: 3, history: .since("position")),
        ProjectionTable("disclosure_rejections", columns: 7, history: .since("position")),
        ProjectionTable("option_filings", columns: 9, history: .since("position")),
        ProjectionTable("filer_descriptions", columns: 8, history: .since("position")),
        ProjectionTable("committee_seats", columns: 8, history: .since("position")),
    ]

    private static let statusColumn = 25
    private static let toPositionColumn = 27

    /// Rows seen, by the digest of what they say.
    private var seen = DigestSet()
    /// Positions of the rows that hold, by filing; a row that comes after its filing's withdrawal
    /// never held.
    private var filings = FilingPositions()
    /// The rows by ticker: what ends rows may name no filing.
    private var rowsOfTickers = TickerRows()
    /// The positions of the rows that have ended: a row ends once.
    private var ended = Lookup<UInt64, Bool>()

    /// Before the first event.
    public init() {}

    /// Takes an event.
    public mutating func evolve(_ event: borrowing ProjectedEvent, _ rows: inout RowChanges) throws
    {
        switch event.templateID {
        case DisclosureFiled.templateID:
            let row = try FiledRow(DisclosureFiled(message: event.message))
            file(row, event, &rows)
        case DisclosureAmended.templateID:
            let amendment = try DisclosureAmended(message: event.message)
            let row = try FiledRow(amendment)
            if amendment.amends.isEmpty {
                endRows(held(row.matched), "amended", event, &rows)
            } else {
                end(amendment.amends, "amended", event, &rows)
            }
            file(row, event, &rows)
        case DisclosureWithdrawn.templateID:
            let withdrawal = try DisclosureWithdrawn(message: event.message)
            if let row = MatchedRow(withdrawal) {
                endRows(held(row), "withdrawn", event, &rows)
            } else {
                end(withdrawal.filingID, "withdrawn", event, &rows)
            }
        case DisclosureRejected.templateID:
            try reject(try DisclosureRejected(message: event.message), event, &rows)
        case PoliticianDescribed.templateID:
            try describe(try PoliticianDescribed(message: event.message), event, &rows)
        case CommitteeAssigned.templateID:
            try assign(try CommitteeAssigned(message: event.message), event, &rows)
        default: break
        }
    }

    private mutating func file(
        _ row: FiledRow, _ event: borrowing ProjectedEvent, _ rows: inout RowChanges
    ) {
        let position = event.position
        let isRepeat = !seen.insert(row.digest)
        let hasEnded = row.filingID.map { !filings.add(position, to: $0) } ?? false
        if hasEnded { ended[position] = true }
        rowsOfTickers.add(position, row.matched)
        let reference = event.reference
        rows.insert(0, .position(position)) {
            row.encode(position, reference, isRepeat: isRepeat, hasEnded: hasEnded, into: &$0)
        }
    }

    private mutating func end(
        _ filing: String, _ status: String, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) {
        guard let held = filings.end(filing) else { return }
        let position = event.position
        rows.insert(1, .text(filing)) { row in
            row.text(filing)
            row.integer(position)
            row.text(status)
        }
        endRows(held, status, event, &rows)
    }

    /// The rows that end with a row that names no filing.
    private mutating func held(_ end: MatchedRow) -> [UInt64] {
        let ended = ended
        return rowsOfTickers.matches(end) { ended[$0] == nil }
    }

    private mutating func endRows(
        _ held: [UInt64], _ status: String, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) {
        for position in held where ended[position] == nil {
            ended[position] = true
            rows.patch(
                0, .position(position),
                [
                    (DisclosuresProjection.statusColumn, .text(status)),
                    (DisclosuresProjection.toPositionColumn, .integer(Int64(event.position))),
                ])
        }
    }

    private func reject(
        _ rejection: DisclosureRejected, _ event: borrowing ProjectedEvent,
        _ rows: inout RowChanges
    ) throws {
        let reason: String = try Word.rowRejection(rejection.reason)
        let format: String = try Word.format(rejection.format)
        let position = event.position
        rows.insert(2, .position(position)) { row in
            row.integer(position)
            row.digest(rejection.source)
            row.integer(rejection.line)
            row.text(reason)
            row.text(rejection.field)
            row.text(format)
            row.digest(rejection.rowDigest)
        }
        guard let option = FiledOption(row: rejection.row) else { return }
        let side: String? = try option.side.map { try Word.side($0) }
        rows.insert(3, .position(position)) { row in
            row.integer(position)
            row.text(option.filer)
            row.text(option.underlying)
            row.text(option.right.rawValue)
            row.text(side)
            row.text(option.traded)
            row.text(option.amount)
            row.text(option.asset)
            row.text(reason)
        }
    }

    /// Writes nothing: the state is as large as the rows, and is read back from them.
    public func snapshot(_ writer: inout SnapshotWriter) {}

    /// The state as the rows say it.
    public init(snapshot reader: inout SnapshotReader, rows: some RowSource) throws {
        try rows.forEach(
            """
            SELECT row_digest, filing_id, to_position, position, ticker, filer, traded_on, filed_on,
                owner, side, amends
            FROM disclosures ORDER BY position
            """
        ) {
            guard case .text(let text) = $0[0], let digest = Digest(text),
                case .integer(let place) = $0[3], let position = UInt64(exactly: place),
                let row = MatchedRow(columns: Array($0[4...]))
            else { throw SnapshotError(offset: 0) }
            _ = seen.insert(digest)
            rowsOfTickers.add(position, row)
            if $0[2] != .null { ended[position] = true }
            if case .text(let filing) = $0[1], $0[2] == .null {
                _ = filings.add(position, to: filing)
            }
        }
        try rows.forEach("SELECT filing_id FROM disclosure_endings") {
            if case .text(let filing) = $0[0] { _ = filings.end(filing) }
        }
    }
}
