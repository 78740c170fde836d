public import EventLog
import Events

/// The rows of a timeline that somebody names, by a filing or one by one.
public struct FilingSelection: Sendable {
    /// What is left out of the facts.
    public private(set) var edit = FactEdit()
    /// Rows of the filings.
    public private(set) var rows = 0
    /// Withdrawals of the filings.
    public private(set) var withdrawals = 0
    /// Rows that amend them and stay: nothing is left that they replace.
    public private(set) var amendments = 0

    /// Finds filings in a timeline: each is named by the id that its source gives it, or by one of
    /// its rows (`t123`), which then goes alone.
    ///
    /// - Throws: `ForkError.unknownFiling` for the first that is not there.
    public init(_ names: [String], in timeline: EventLog, of run: String) throws {
        var rowsNamed: Set<UInt64> = []
        var ids: Set<String> = []
        for name in names {
            if case .event(let reference)? = try? AsOf(name).moment, reference.isTimeline {
                rowsNamed.insert(reference.position)
            } else {
                ids.insert(name)
            }
        }
        var found: Set<String> = []
        try timeline.read { record in
            switch try MessageHeader(record.message).templateID {
            case DisclosureFiled.templateID:
                let id = try DisclosureFiledView(record.message).filingID
                try take(record, id, isRow: true, rowsNamed, ids, &found)
            case DisclosureAmended.templateID:
                let view = try DisclosureAmendedView(record.message)
                try take(record, view.filingID, isRow: true, rowsNamed, ids, &found)
                if ids.contains(view.amends), !ids.contains(view.filingID) { amendments += 1 }
            case DisclosureWithdrawn.templateID:
                let id = try DisclosureWithdrawnView(record.message).filingID
                try take(record, id, isRow: false, rowsNamed, ids, &found)
            default: break
            }
            return .proceed
        }
        for name in names where !found.contains(name) {
            throw ForkError.unknownFiling(name, run: run)
        }
    }

    private mutating func take(
        _ record: borrowing Record, _ id: String?, isRow: Bool, _ positions: Set<UInt64>,
        _ ids: Set<String>, _ found: inout Set<String>
    ) throws {
        let isNamed = id.map { ids.contains($0) } ?? false
        let isAlone = positions.contains(record.position)
        guard isNamed || isAlone else { return }
        if isNamed, let id { found.insert(id) }
        if isAlone { found.insert("t\(record.position)") }
        if isRow { rows += 1 } else { withdrawals += 1 }
        try edit.leaveOut(record.message)
    }

    /// One line for the person who asked.
    public var summary: String {
        func count(_ number: Int, _ one: String, _ more: String) -> String {
            "\(number) \(number == 1 ? one : more)"
        }
        var text = "left out: \(count(rows, "row", "rows")) of filings"
        if withdrawals > 0 {
            text += ", \(count(withdrawals, "withdrawal", "withdrawals")) of them"
        }
        if amendments > 0 {
            text +=
                "; \(count(amendments, "row that amends", "rows that amend")) them "
                + "\(amendments == 1 ? "stays" : "stay"), with nothing left to replace"
        }
        return text
    }
}
