import Digests
import Events

/// The digests that name a row, see `Schemas/README.md`.
enum RowDigest {
    /// SHA-256 of the format's name and the row's own values in canonical order, trimmed, joined by
    /// the unit separator.
    static func digest(of row: SourceRow, layout: SourceLayout) -> Digest {
        var text = layout.name
        for (column, value) in zip(layout.columns, row.values)
        where column.isDigested && !(column.isAppended && value.isEmpty) {
            text += "\u{1F}"
            text += value
        }
        return sha256(Array(text.utf8))
    }

    /// SHA-256 of the format's name and a source row's bytes, for rows that were refused.
    static func digest(ofRefused row: [UInt8], layout: SourceLayout) -> Digest {
        sha256(Array(layout.name.utf8) + [0x1F] + row)
    }
}

/// The SHA-256 of `bytes`.
func sha256(_ bytes: [UInt8]) -> Digest {
    SHA256.hash(bytes)
}
