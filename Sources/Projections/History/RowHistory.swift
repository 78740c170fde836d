import Events

/// What a history keeps of a table's rows, so that it repeats nothing that a row has for ever.
///
/// What never changes once a row is there is read from the read model, which has every key that
/// ever was: nothing leaves it. A history refuses a change of such a value.
public enum RowHistory: Hashable, Sendable {
    /// Each version whole: of rows that are few.
    case whole
    /// Each version, of these columns; the others never change.
    case versions(changing: [String], once: [FirstValue] = [])
    /// A row is made by the event whose position one of its columns has. Each version, of these
    /// columns, but nothing of a first version that has the values given here; where no column is
    /// named, nothing at all.
    case since(String, changing: [FirstValue] = [], once: [FirstValue] = [])
    /// A row never changes, and is made by the event that makes the row of another table whose key
    /// is the first column of this one's. Nothing is kept.
    case alongside(String)
}

/// A column that changes, and the value that it has at first.
///
/// One that changes `once` has this value up to some version, and another for ever after, of which
/// a history keeps only that it is there.
public struct FirstValue: Hashable, Sendable {
    /// The column.
    public let column: String
    /// The value.
    public let value: RowValue

    /// A column and its value at first.
    public init(_ column: String, _ value: RowValue = .null) {
        (self.column, self.value) = (column, value)
    }
}
