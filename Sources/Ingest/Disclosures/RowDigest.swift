import Digests
import Events

/// The digests that name a row, see `Schemas/README.md`.
enum RowDigest {
    /// SHA-256 of the format's name and the row's own values in canonical order, trimmed, joined by
    /// the unit separator.
    static func digest(of row: SourceRow, layout: SourceLayout) -> Digest {
        var text = Array(layout.name.utf8)
        text.reserveCapacity(512)
        // By places: a column is not copied for each value.
        for place in row.values.indices where layout.columns[place].isDigested {
            if layout.columns[place].isAppended, row.values[place].isEmpty { continue }
            text.append(0x1F)
            text.append(contentsOf: row.values[place].utf8)
        }
        return sha256(text)
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
