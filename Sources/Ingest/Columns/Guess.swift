import EventLog
import Events

/// What a file is taken for: a mapping of its columns, and its first rows as they are understood.
public struct Guess: CustomStringConvertible {
    /// YAML for `--map`, with what is understood as comments.
    public let description: String

    /// Reads the beginning of a file; all of it where its dates or its bars ask for it.
    public init(_ name: String, mapping: Mapping?, dates: DateOrder?) throws {
        let first = try InputFile.firstByte(name)
        let isJSON = first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        let outline = try isJSON ? nil : TextOutline(name)
        let header = try outline?.records.first ?? JSONOutline(name).names
        var lines: [String] = []
        if let outline, WideHeader(outline.records) != nil {
            lines = [
                "# Bars, several columns a ticker, as yfinance writes them; no mapping is needed."
            ]
        } else {
            let fields = Guess.fields(header, mapping)
            lines = Guess.comments(header, fields) + ["columns:"]
            lines += header.enumerated().map { index, column in
                "  \(Guess.quoted(column)): \(fields.found[index] ?? Mapping.ignored)"
            }
            if let dates { lines.append("dates: \(dates.rawValue)") }
        }
        lines += try Guess.rows(name, mapping, dates)
        description = lines.joined(separator: "\n")
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

    private static func comments(
        _ header: [String], _ fields: (found: [Int: String], missing: [String], kind: String)
    ) -> [String] {
        var lines = ["# \(fields.kind), by their columns."]
        if !fields.missing.isEmpty {
            lines.append("# No column says \(fields.missing.joined(separator: ", ")); put it here.")
        }
        return lines
    }

    private static func rows(
        _ name: String, _ mapping: Mapping?, _ dates: DateOrder?
    ) throws -> [String] {
        var lines: [String] = []
        for read in [Guess.filings, Guess.bars] {
            do {
                let rows = try read(name, mapping, dates)
                if !rows.isEmpty { return ["# Its first rows:"] + rows.map { "#   " + $0 } }
            } catch let error as IngestError {
                lines.append("# Not read: \(error.message)")
            }
        }
        return lines.isEmpty ? ["# No row of it was understood."] : lines
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
