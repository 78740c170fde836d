import Events

/// How the filings of one file with recognised or mapped columns are read.
struct FilingReading: Sendable {
    /// Columns of the header by field; of JSON, members in the order in which they are tried.
    var fields: [FilingField: Int] = [:]
    /// The recognised source.
    var source: FilingSource?
    var dates = DateReading.american
    var mapping: Mapping?
    /// The columns that may say that a filing amends.
    var titles: [Int] = []
    /// The name of the column of the filing date.
    var filedColumn = ""
    /// The key of the column that names the filer: `representative` says the chamber too.
    var filerKey = ""
    /// The ticker of all rows, where it stands beside them.
    var symbol = ""

    /// Fields without which a file says no filings; one of each group.
    static let needed: [[FilingField]] = [
        [.filed], [.traded], [.ticker], [.side], [.filer, .lastName],
    ]

    /// Finds the fields of columns.
    ///
    /// - Throws: `IngestError.unknownHeader` when a field that is needed has no column, or two have
    ///   one.
    init(
        _ header: [String], file: String, mapping: Mapping?, symbol: String? = nil
    ) throws(IngestError) {
        self.mapping = mapping
        self.symbol = symbol ?? ""
        let keys = header.map(columnKey)
        source = mapping == nil ? FilingSource.of(Set(keys)) : nil
        var names = mapping?.filings ?? FilingField.names
        if let source {
            names = names.without(source.ignored).with(source.meanings)
        }
        let mapped = keys.filter { mapping?.columns[$0] == FilingField.title.description }
        names = names.without(Set(mapped))
        do throws(ColumnConflict<FilingField>) {
            fields = try names.resolve(header)
        } catch {
            throw error.error(file)
        }
        titles = keys.indices.filter {
            mapped.contains(keys[$0])
                || (FilingField.titles.contains(keys[$0]) && !fields.values.contains($0)
                    && mapping?.columns[keys[$0]] == nil)
        }
        let constants = mapping?.constants ?? [:]
        for group in FilingReading.needed
        where !group.contains(where: { fields[$0] != nil || constants[$0.description] != nil })
            && !(group == [.ticker] && symbol != nil)
        {
            throw IngestError(
                .unknownHeader, file: file,
                "line 1: no column says \(group[0]) (found \(header.joined(separator: ","))); "
                    + "say with --map which one does (recount ingest guess FILE prints one)")
        }
        if let index = fields[.filed] { filedColumn = header[index] }
        if let index = fields[.filer] { filerKey = keys[index] }
    }

    /// Reads columns in their canonical order.
    init() {}

    /// What precedes the source row in an event: how the filing date is found there.
    var prefix: [UInt8] {
        Array("#filed=\(filedColumn);dates=\(dates.order?.rawValue ?? "iso")\n".utf8)
    }

    /// The columns of the fields that have one.
    var columns: [(field: FilingField, index: Int)] {
        fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The row's values in the canonical order of fields, `columns` as above.
    func row(
        _ columns: [(field: FilingField, index: Int)], _ value: (Int) -> String
    ) -> SourceRow {
        var values = FilingReading.noValues
        for (field, index) in columns { values[field.rawValue] = value(index) }
        values[FilingField.title.rawValue] = title(value)
        return filled(values)
    }

    /// What the columns of titles say, one behind the other.
    func title(_ value: (Int) -> String) -> String {
        titles.isEmpty ? "" : titles.map(value).filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A row without values.
    static let noValues = [String](repeating: "", count: FilingField.allCases.count)

    /// Constants, and the ticker beside the rows, where the row says none.
    func filled(_ values: consuming [String]) -> SourceRow {
        for (name, constant) in mapping?.constants ?? [:] {
            guard let field = FilingField(name), values[field.rawValue].isEmpty else { continue }
            values[field.rawValue] = constant
        }
        let ticker = FilingField.ticker.rawValue
        if values[ticker].isEmpty { values[ticker] = symbol }
        return SourceRow(values: values)
    }
}
