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

    /// The layout of `format`.
    static func layout(of format: SourceFormat) -> SourceLayout {
        guard let layout = all.first(where: { $0.format == format }) else {
            preconditionFailure("every format that is asked for has a layout")
        }
        return layout
    }

    /// For each canonical column, the index of the header's column, or −1.
    ///
    /// Nil when a required column is missing.
    func indices(inHeader header: [String]) -> [Int]? {
        var indices: [Int] = []
        for column in columns {
            let index = header.firstIndex { $0 == column.name || $0 == column.alias }
            if index == nil, column.isRequired { return nil }
            indices.append(index ?? -1)
        }
        return indices
    }

    /// The names of the columns that a file must have.
    var required: [String] { columns.filter(\.isRequired).map(\.name) }
}

extension SourceFormat {
    /// The format that `--format` names: senate, congress, house, normalized or bench.
    public init?(optionName: String) {
        guard let layout = SourceLayout.all.first(where: { $0.name == optionName }) else {
            return nil
        }
        self = layout.format
    }

    /// The words that `--format` takes.
    public static var optionNames: [String] { SourceLayout.all.map(\.name) }

    /// The word that `--format` takes for this format.
    public var optionName: String { SourceLayout.layout(of: self).name }
}
