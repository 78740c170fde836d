import Events

/// What a history keeps of a table's rows, so that it repeats nothing that a row has for ever.
///
/// What never changes once a row is there is read from the read model, which has every key that
/// ever was: nothing leaves it. A history refuses a change of such a value.
public enum RowHistory: Hashable, Sendable {
    /// Each version: all columns but the key and those named, which never change.
    case changing(but: [String])
    /// A row is made by the event whose position one of its columns has. Of each version the columns
    /// named are kept, but nothing of a first version that has the values given here; where no
    /// column is named, nothing at all.
    case since(String, changing: [ChangingColumn] = [])
    /// A row never changes, and is made by the event that makes the row of another table whose key
    /// is the first column of this one's. Nothing is kept.
    case alongside(String)
}

/// A column that changes, and the value that it has in most new rows.
public struct ChangingColumn: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// The value.
    public let first: RowValue

    /// A column and its value in a new row.
    public init(_ name: String, first: RowValue = .null) {
        (self.name, self.first) = (name, first)
    }
}
