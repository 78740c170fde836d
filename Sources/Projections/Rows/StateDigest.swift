import Digests
public import Events

/// The digest of a set of rows: the sum modulo 2^256 of one SHA-256 a row.
///
/// A sum does not depend on the order in which rows were added, changed and removed, so the digest
/// of a read model depends on the log's position alone: not on chunks, restarts or rebuilds. It is
/// an accidental-change detector, not a commitment: whoever may choose rows can forge a sum.
public struct StateDigest: Hashable, Sendable, CustomStringConvertible {
    /// The sum as 32 bytes, the least significant first.
    public private(set) var sum: Digest

    /// The digest of no rows.
    public init() {
        sum = .zero
    }

    /// A digest read back.
    public init(sum: Digest) {
        self.sum = sum
    }

    /// A row appeared.
    public mutating func add(_ row: Digest) {
        var carry = false
        func plus(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, over) = left.addingReportingOverflow(right)
            let (second, again) = first.addingReportingOverflow(carry ? 1 : 0)
            carry = over || again
            return second
        }
        sum.w0 = plus(sum.w0, row.w0)
        sum.w1 = plus(sum.w1, row.w1)
        sum.w2 = plus(sum.w2, row.w2)
        sum.w3 = plus(sum.w3, row.w3)
    }

    /// A row went.
    public mutating func remove(_ row: Digest) {
        var borrow = false
        func minus(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (first, under) = left.subtractingReportingOverflow(right)
            let (second, again) = first.subtractingReportingOverflow(borrow ? 1 : 0)
            borrow = under || again
            return second
        }
        sum.w0 = minus(sum.w0, row.w0)
        sum.w1 = minus(sum.w1, row.w1)
        sum.w2 = minus(sum.w2, row.w2)
        sum.w3 = minus(sum.w3, row.w3)
    }

    /// The SHA-256 of one row: the table's name, a zero byte, and the row's canonical bytes, which
    /// begin with its key.
    static func hash(table: [UInt8], row: UnsafeRawBufferPointer) -> Digest {
        var hasher = SHA256()
        hasher.update(table)
        hasher.update(row)
        return hasher.finalize()
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { sum.description }
}
