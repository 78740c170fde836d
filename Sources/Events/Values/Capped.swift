extension FixedWidthInteger where Self: SignedInteger {
    /// The least number that values of a log take: the one below it is a null on the wire.
    @inlinable
    public static var least: Self { .min + 1 }

    /// The sum, or the end of the range that it lies beyond: what a log says may be any number.
    @inlinable
    public func adding(capped other: Self) -> Self {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other < 0 ? .least : .max) : Swift.max(sum, .least)
    }

    /// The difference, or the end of the range that it lies beyond.
    @inlinable
    public func subtracting(capped other: Self) -> Self {
        let (difference, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other < 0 ? .max : .least) : Swift.max(difference, .least)
    }
}

// Of these two types, not of all: a generic conversion takes the number apart bit by bit.
extension Int64 {
    /// The number towards zero, or the end of the range that it lies beyond; 0 for what is no
    /// number.
    @inlinable
    public init(capped number: Double) {
        if number > Double(Int64.min), number < Double(Int64.max) {
            self = Int64(number)
        } else {
            self = number.isNaN ? 0 : number < 0 ? .least : .max
        }
    }
}

extension Int {
    /// The number towards zero, or the end of the range that it lies beyond; 0 for what is no
    /// number.
    @inlinable
    public init(capped number: Double) {
        self.init(clamping: Int64(capped: number))
    }
}
