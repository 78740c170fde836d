import Events

extension DisclosureImporter {
    /// Reads a file of fields between delimiters.
    func readCSV(_ file: InputFile, _ session: Session) throws {
        let outline = try TextOutline(file.name)
        var reader = CSVReader(file, delimiter: outline.delimiter)
        guard try reader.advance(), !reader.isMalformed else {
            throw IngestError(.unknownHeader, file: file.name, "has no header line")
        }
        let headerBytes = reader.record
        guard headerBytes.count <= DisclosureImporter.maximumHeader else {
            throw IngestError(
                .unknownHeader, file: file.name,
                "line 1: its header has \(headerBytes.count) bytes; at most "
                    + "\(DisclosureImporter.maximumHeader) are read, since each event keeps it")
        }
        let header = (0..<reader.count).map { reader.text($0) }
        let (layout, reading, indices) = try layout(of: header, outline, file: file.name)
        session.report.format = layout.name
        reader.expectedFields = header.count
        let prefix = (reading?.prefix ?? []) + headerBytes + [0x0A]
        let columns = reading?.columns ?? []
        let status = StatusColumns(reading == nil ? header : [], besides: layout)
        while try reader.advance() {
            session.report.rows += 1
            onProgress(file, session.report.rows)
            let record = reader.record
            let source = prefix + record
            guard !reader.isMalformed, reader.count == header.count else {
                try reject(
                    Rejection(.malformedRow), source, shown: record, line: reader.line, layout,
                    session)
                continue
            }
            let row: SourceRow
            if let reading {
                row = reading.row(columns) { reader.text($0) }
            } else {
                row = SourceRow(values: indices.map { $0 < 0 ? "" : reader.text($0) })
            }
            let cells = status.isEmpty ? [] : (0..<reader.count).map { reader.text($0) }
            try take(
                row, source, shown: record, line: reader.line, layout, session,
                status: status.isEmpty
                    ? nil : { () throws(Rejection) in try status.status { cells[$0] } })
        }
    }

    /// The layout of a header: one whose columns have these very names, else what they are called.
    private func layout(
        of header: [String], _ outline: TextOutline, file: String
    ) throws -> (SourceLayout, FilingReading?, [Int]) {
        let names = header.map { $0.lowercased() }
        // The named layouts are of sources that write months first.
        let isNamed = options.format != .columns && options.dates != .dayFirst
        if options.mapping == nil, isNamed {
            let candidates =
                options.format.map { [SourceLayout.layout(of: $0)] } ?? SourceLayout.all
            for layout in candidates {
                // The watcher's own files vouch for their filing dates; what was read from PDFs,
                // under the same names, does not.
                if options.format == nil, layout.format == .houseCSV, names.contains("ptr_link") {
                    continue
                }
                do throws(ColumnConflict<String>) {
                    if let indices = try layout.indices(inHeader: names) {
                        return (layout, nil, indices)
                    }
                } catch {
                    throw error.error(file)
                }
            }
            if options.format != nil {
                let needs = candidates.map { "\($0.name): \($0.required.joined(separator: ", "))" }
                throw IngestError(
                    .unknownHeader, file: file,
                    "line 1: the header \"\(header.joined(separator: ","))\" is not of the format "
                        + "asked for; columns needed are " + needs.joined(separator: "; "))
            }
        }
        var reading = try FilingReading(header, file: file, mapping: options.mapping)
        reading.dates = try dates(reading, outline, header.count, file)
        return (.columns(reading), reading, [])
    }

    /// The order of a file's dates: asked for, its source's, or what the whole file tells.
    private func dates(
        _ reading: FilingReading, _ outline: TextOutline, _ count: Int, _ file: String
    ) throws(IngestError) -> DateReading {
        if let order = options.dates ?? options.mapping?.dates { return DateReading(order: order) }
        if reading.source != nil { return .american }
        guard let filed = reading.fields[.filed], let traded = reading.fields[.traded] else {
            return DateReading()
        }
        var sample = DateEvidence()
        for record in outline.records.dropFirst() where record.count == count {
            sample.note(filed: record[filed], traded: record[traded])
        }
        guard sample.isNeeded else { return DateReading() }
        var evidence = DateEvidence()
        var reader = CSVReader(try InputFile(file), delimiter: outline.delimiter)
        _ = try reader.advance()
        while try reader.advance() {
            guard reader.count == count else { continue }
            evidence.note(filed: reader.text(filed), traded: reader.text(traded))
        }
        return DateReading(order: try evidence.order(file))
    }
}
