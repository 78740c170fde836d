/// What the columns of files are called, for each field that they can say.
///
/// Names are compared by `columnKey`, so that case, blanks and punctuation say nothing.
struct ColumnNames<Field: Hashable & Comparable & CustomStringConvertible & Sendable>: Sendable {
    /// Names that mean one field and nothing else.
    let strong: [String: Field]
    /// Names that mean a field where no strong name says it.
    let weak: [String: Field]

    /// Columns by field. A name that means nothing is passed over.
    ///
    /// - Throws: `ColumnConflict` when two columns say one field.
    func resolve(_ header: [String]) throws(ColumnConflict<Field>) -> [Field: Int] {
        let keys = header.map(columnKey)
        var result = try ColumnNames.resolve(keys, header, by: strong)
        let open = weak.filter { result[$0.value] == nil }
        for (field, index) in try ColumnNames.resolve(keys, header, by: open) {
            result[field] = index
        }
        return result
    }

    /// The same, with other meanings of some keys.
    func with(_ meanings: [String: Field]) -> ColumnNames {
        let others = without(Set(meanings.keys))
        return ColumnNames(
            strong: others.strong.merging(meanings) { $1 }, weak: others.weak)
    }

    /// The same without these keys.
    func without(_ keys: Set<String>) -> ColumnNames {
        ColumnNames(
            strong: strong.filter { !keys.contains($0.key) },
            weak: weak.filter { !keys.contains($0.key) })
    }

    private static func resolve(
        _ keys: [String], _ header: [String], by names: [String: Field]
    ) throws(ColumnConflict<Field>) -> [Field: Int] {
        var result: [Field: Int] = [:]
        for (index, key) in keys.enumerated() {
            guard let field = names[key] else { continue }
            if let other = result[field] {
                throw ColumnConflict(field: field, columns: [header[other], header[index]])
            }
            result[field] = index
        }
        return result
    }
}

/// Two columns that say one field.
struct ColumnConflict<Field: CustomStringConvertible & Sendable>: Error {
    var field: Field
    var columns: [String]

    /// The refusal of a file.
    func error(_ file: String) -> IngestError {
        let names = columns.map { "\"\($0)\"" }.joined(separator: " and ")
        return IngestError(
            .unknownHeader, file: file,
            "the columns \(names) both say \(field); take one out, or say which it is with --map "
                + "(recount ingest guess FILE prints one)")
    }
}

/// A column's name without case, blanks and punctuation: `Adj Close`, `adj_close`, `adjClose` and
/// `<ADJ_CLOSE>` are one name.
func columnKey(_ name: String) -> String {
    var bytes: [UInt8] = []
    for byte in name.utf8 {
        switch byte {
        case 0x41...0x5A: bytes.append(byte + 0x20)
        case 0x61...0x7A, 0x30...0x39, 0x80...: bytes.append(byte)
        default: continue
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// A table of names from one line a field, each a list of keys.
func columnTable<Field: Hashable>(_ lines: [(Field, String)]) -> [String: Field] {
    var table: [String: Field] = [:]
    for (field, names) in lines {
        for name in names.split(separator: " ") { table[String(name)] = field }
    }
    return table
}
