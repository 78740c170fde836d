import Events

/// What the dates of a whole file say of their order.
struct DateEvidence {
    private var monthFirst = 0
    private var dayFirst = 0
    private var open = 0
    /// Rows that were filed before they were traded, were the dates read so.
    private var absurdMonthFirst = 0
    private var absurdDayFirst = 0
    /// A date that can be read both ways.
    private(set) var example = ""

    /// Whether the file has dates whose order must be known.
    var isNeeded: Bool { monthFirst + dayFirst + open > 0 }

    /// Takes one date.
    mutating func note(_ text: String) {
        guard let parts = DateEvidence.parts(text), parts.order == .yearLast(isDotted: false)
        else { return }
        if parts.first == parts.second { return }
        switch parts.onlyOrder {
        case .monthFirst: monthFirst += 1
        case .dayFirst: dayFirst += 1
        case nil:
            if open == 0 { example = trimmed(text) }
            open += 1
        }
    }

    /// Takes the dates of a filing, which is filed on the day of the trade or later.
    mutating func note(filed: String, traded: String) {
        note(filed)
        note(traded)
        func isAbsurd(_ order: DateOrder) -> Bool {
            guard let filed = DateReading(order: order).day(filed),
                let traded = DateReading(order: order).day(traded)
            else { return false }
            return filed < traded
        }
        if isAbsurd(.monthFirst) { absurdMonthFirst += 1 }
        if isAbsurd(.dayFirst) { absurdDayFirst += 1 }
    }

    /// The order, where the file has one and needs it.
    ///
    /// - Throws: `IngestError.wrongFormat` when its dates contradict each other or leave it open.
    func order(_ file: String) throws(IngestError) -> DateOrder? {
        guard isNeeded else { return nil }
        if monthFirst > 0, dayFirst > 0 {
            // Of mixed kinds each is read in the one way in which it can be.
            if open == 0 { return nil }
            throw IngestError(
                .wrongFormat, file: file,
                "\(monthFirst) of its dates can only be month/day/year and \(dayFirst) only "
                    + "day/month/year; write them YYYY-MM-DD, or say --dates month-first or "
                    + "--dates day-first to take one kind and have the others rejected")
        }
        if monthFirst > 0 { return .monthFirst }
        if dayFirst > 0 { return .dayFirst }
        if absurdMonthFirst > 0, absurdDayFirst == 0 { return .dayFirst }
        if absurdDayFirst > 0, absurdMonthFirst == 0 { return .monthFirst }
        throw IngestError(
            .wrongFormat, file: file,
            "nothing tells whether \"\(example)\" is month or day first; say --dates month-first "
                + "or --dates day-first")
    }

    private static func parts(_ text: String) -> DateParts? {
        let bytes = Array(trimmed(text).utf8)
        let end = bytes.firstIndex { [0x20, 0x54].contains($0) } ?? bytes.count
        return DateParts(bytes[..<end])
    }
}
