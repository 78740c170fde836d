public import Events

/// A column of a format in canonical order.
struct SourceColumn {
    var name: String
    /// Another spelling that files use.
    var alias: String?
    /// Whether a file without it is not of this format.
    var isRequired = false
    /// Whether it is part of what the row says; bookkeeping of a converter is not.
    var isDigested = true
    /// Whether earlier programs did not know it: without a value it is no part of the digest, so
    /// that rows which they took are the same rows.
    var isAppended = false
}

/// The columns of a format and how a row of it is read.
struct SourceLayout {
    var format: SourceFormat
    /// The word for `--format`.
    var name: String
    var columns: [SourceColumn]
    var interpret: @Sendable (SourceRow, DisclosureOptions) throws(Rejection) -> RowStatement

    /// Every layout, in the order in which headers are tried.
    static let all: [SourceLayout] = [.senate, .congress, .house, .normalized, .bench]

    /// Every layout that has a name, that of recognised columns too.
    static let named = all + [.columns(FilingReading())]

    /// The layout of `format`.
    static func layout(of format: SourceFormat) -> SourceLayout {
        guard let layout = named.first(where: { $0.format == format }) else {
            preconditionFailure("every format that is asked for has a layout")
        }
        return layout
    }

    /// For each canonical column, the index of the header's column, or −1.
    ///
    /// Nil when a required column is missing.
    ///
    /// - Throws: `ColumnConflict` when two columns of the header are one of these.
    func indices(inHeader header: [String]) throws(ColumnConflict<String>) -> [Int]? {
        var indices: [Int] = []
        var conflict: ColumnConflict<String>?
        for column in columns {
            let found = header.indices.filter {
                header[$0] == column.name || header[$0] == column.alias
            }
            if found.isEmpty, column.isRequired { return nil }
            if found.count > 1 {
                conflict =
                    conflict
                    ?? ColumnConflict(field: column.name, columns: found.map { header[$0] })
            }
            indices.append(found.first ?? -1)
        }
        if let conflict { throw conflict }
        return indices
    }

    /// The names of the columns that a file must have.
    var required: [String] { columns.filter(\.isRequired).map(\.name) }
}

extension SourceFormat {
    /// The format that `--format` names: senate, congress, house, normalized, bench or columns.
    public init?(optionName: String) {
        guard let layout = SourceLayout.named.first(where: { $0.name == optionName }) else {
            return nil
        }
        self = layout.format
    }

    /// The words that `--format` takes.
    public static var optionNames: [String] { SourceLayout.named.map(\.name) }

    /// The word that `--format` takes for this format.
    public var optionName: String { SourceLayout.layout(of: self).name }
}
