import EventLog
import Events

/// What a file is taken for: a mapping of its columns, and its first rows as they are understood.
public struct Guess: CustomStringConvertible {
    /// What a file is read as: `filings`, `bars`, or `wide bars`, several columns a ticker, which
    /// no mapping is for.
    public let kind: String
    /// Its columns in order, each with the field that it is taken for, nil for none.
    public let columns: [(name: String, field: String?)]
    /// The needed fields that no column says.
    public let missing: [String]
    /// Its first rows, as they are understood.
    public let rows: [String]
    /// Why it was read neither as filings nor as bars, where no row was understood.
    public let refusals: [String]
    private let dates: DateOrder?

    /// Reads the beginning of a file; all of it where its dates or its bars ask for it.
    public init(_ name: String, mapping: Mapping?, dates: DateOrder?) throws {
        let first = try InputFile.firstByte(name)
        let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        let outline = try isJSON ? nil : TextOutline(name)
        let header = try outline?.records.first ?? JSONOutline(name).names
        if let outline, WideHeader(outline.records) != nil {
            (kind, columns, missing) = ("wide bars", [], [])
        } else {
            let fields = Guess.fields(header, mapping)
            (kind, missing) = (fields.kind.lowercased(), fields.missing)
            columns = header.enumerated().map { ($1, fields.found[$0]) }
        }
        self.dates = dates
        (rows, refusals) = try Guess.rows(name, mapping, dates)
    }

    /// YAML for `--map`, with what is understood as comments.
    public var description: String {
        var lines: [String] = []
        if kind == "wide bars" {
            lines = [
                "# Bars, several columns a ticker, as yfinance writes them; no mapping is needed."
            ]
        } else {
            lines.append("# \(kind == "bars" ? "Bars" : "Filings"), by their columns.")
            if !missing.isEmpty {
                lines.append("# No column says \(missing.joined(separator: ", ")); put it here.")
            }
            lines.append("columns:")
            lines += columns.map { "  \(Guess.quoted($0.name)): \($0.field ?? Mapping.ignored)" }
            if let dates { lines.append("dates: \(dates.rawValue)") }
        }
        if !rows.isEmpty {
            lines += ["# Its first rows:"] + rows.map { "#   " + $0 }
        } else if refusals.isEmpty {
            lines.append("# No row of it was understood.")
        } else {
            lines += refusals.map { "# Not read: \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// The fields of columns, of filings or of bars, whichever explains more of the file.
    private static func fields(
        _ header: [String], _ mapping: Mapping?
    ) -> (found: [Int: String], missing: [String], kind: String) {
        var names = mapping?.filings ?? FilingField.names
        if mapping == nil, let source = FilingSource.of(Set(header.map(columnKey))) {
            names = names.without(source.ignored).with(source.meanings)
        }
        let filings = lenient(names, header)
        let bars = lenient(mapping?.prices ?? PriceField.names, header)
        let noFiling = FilingReading.needed.filter { group in
            !group.contains { filings[$0] != nil }
        }.map { $0[0].description }
        let noBar = PriceColumns.ofBars.filter { bars[$0] == nil }.map(\.rawValue)
        if noFiling.count <= noBar.count {
            var found = Dictionary(uniqueKeysWithValues: filings.map { ($1, $0.description) })
            for (index, name) in header.enumerated() where found[index] == nil {
                let key = columnKey(name)
                let isTitle =
                    FilingField.titles.contains(key) && mapping?.columns[key] == nil
                    || mapping?.columns[key] == FilingField.title.description
                if isTitle { found[index] = FilingField.title.description }
            }
            return (found, noFiling, "Filings")
        }
        return (Dictionary(uniqueKeysWithValues: bars.map { ($1, $0.rawValue) }), noBar, "Bars")
    }

    /// How many needed fields of filings, of bars and of an index no column says.
    static func missing(_ header: [String]) -> (filings: Int, bars: Int, index: Int) {
        var names = FilingField.names
        if let source = FilingSource.of(Set(header.map(columnKey))) {
            names = names.without(source.ignored).with(source.meanings)
        }
        let (filings, bars) = (lenient(names, header), lenient(PriceField.names, header))
        return (
            FilingReading.needed.count { group in !group.contains { filings[$0] != nil } },
            PriceColumns.ofBars.count { bars[$0] == nil },
            PriceColumns.ofIndex.count { bars[$0] == nil }
        )
    }

    /// Columns by field; of two that say one field the first.
    private static func lenient<Field>(
        _ names: ColumnNames<Field>, _ header: [String]
    ) -> [Field: Int] {
        var kept: [String] = []
        for name in header {
            let isFirst = (try? names.resolve(kept + [name])) != nil
            // A column that would be a second one keeps its place under no name.
            kept.append(isFirst ? name : "")
        }
        return (try? names.resolve(kept)) ?? [:]
    }

    private static func rows(
        _ name: String, _ mapping: Mapping?, _ dates: DateOrder?
    ) throws -> (rows: [String], refusals: [String]) {
        var refusals: [String] = []
        for read in [Guess.filings, Guess.bars] {
            do {
                let rows = try read(name, mapping, dates)
                if !rows.isEmpty { return (rows, []) }
            } catch let error as IngestError {
                refusals.append(error.message)
            }
        }
        return ([], refusals)
    }

    private static func filings(
        _ name: String, _ mapping: Mapping?, _ dates: DateOrder?
    ) throws -> [String] {
        let log = FirstRows()
        let options = DisclosureOptions(
            dates: dates, mapping: mapping, acceptsUnverifiedDates: true)
        try log.fill { log in
            _ = try DisclosureImporter(
                IngestWriter(log, clock: { Instant(rawValue: .max) }), options: options,
                onReject: { _ in }, onProgress: { _, _ in }
            ).run(name)
        }
        var rows: [String] = []
        try log.read(from: 1, through: .max, check: .checksum) { record in
            if try MessageHeader(record.message).templateID == DisclosureFiled.templateID {
                let filed = try DisclosureFiled(message: record.message)
                let low = filed.amountLow.map { "\(Int($0.dollars))" } ?? "?"
                let high = filed.amountHigh.map { "\(Int($0.dollars))" } ?? "open"
                rows.append(
                    "\(filed.filer): \(filed.side) \(filed.ticker), traded \(filed.tradedOn), "
                        + "filed \(filed.filedOn), \(low) to \(high)")
            }
            return rows.count < 3 ? .proceed : .stop
        }
        return rows
    }

    private static func bars(
        _ name: String, _ mapping: Mapping?, _ dates: DateOrder?
    ) throws -> [String] {
        let log = FirstRows()
        var options = PriceImporter.Options()
        options.mapping = mapping
        options.dates = dates
        try log.fill { log in
            _ = try PriceImporter(
                IngestWriter(log, clock: { Instant(rawValue: .max) }), options: options,
                onReject: { _ in }, onProgress: { _, _ in }
            ).run(name)
        }
        var rows: [String] = []
        try log.read(from: 1, through: .max, check: .checksum) { record in
            if try MessageHeader(record.message).templateID == SessionClosed.templateID {
                let session = try SessionClosed(message: record.message)
                for bar in session.bars.prefix(3 - rows.count) {
                    rows.append(
                        "\(bar.ticker) \(session.day): open \(bar.open), high \(bar.high), low "
                            + "\(bar.low), close \(bar.close), volume \(bar.volume)")
                }
            }
            return rows.count < 3 ? .proceed : .stop
        }
        return rows
    }

    /// A name as YAML takes it, whatever it holds.
    private static func quoted(_ name: String) -> String {
        var text = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
