public import Events

/// Rows for a trainer: features, class, weight, in canonical order.
///
/// Features are row-major Float32 in catalogue order, NaN where unknown; the class of a row is the
/// raw value of its `OutcomeClass` (loss 0, breakeven 1, win 2).
public struct TrainingMatrix: Hashable, Sendable {
    /// Number of features a row.
    public let columns: Int
    /// All rows' features, one row after another.
    public private(set) var features: [Float] = []
    /// Class of each row.
    public private(set) var classes: [OutcomeClass] = []
    /// Weight of each row, 1 for an average one.
    public private(set) var weights: [Float] = []

    /// No rows, of so many features.
    public init(columns: Int) {
        self.columns = columns
    }

    /// Number of rows.
    public var rows: Int { classes.count }

    /// Makes room for so many rows.
    public mutating func reserveCapacity(_ rows: Int) {
        features.reserveCapacity(rows * columns)
        classes.reserveCapacity(rows)
        weights.reserveCapacity(rows)
    }

    /// Adds a row.
    ///
    /// - Precondition: it has `columns` features.
    public mutating func append(_ row: [Float], _ outcome: OutcomeClass, weight: Float) {
        precondition(row.count == columns, "a row has as many features as the catalogue")
        features += row
        classes.append(outcome)
        weights.append(weight)
    }

    /// Lends the canonical bytes, of which a training set's digest is taken: the features' bits,
    /// the classes, the weights' bits, little-endian.
    public func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void) {
        features.withUnsafeBytes(body)
        classes.map(\.rawValue).withUnsafeBytes(body)
        weights.withUnsafeBytes(body)
    }
}
