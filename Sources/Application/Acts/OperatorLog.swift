public import Pipeline
import Synchronization

/// What people asked for of a data folder, kept between acts: each reads what is new alone, and the
/// acts of one service come one after another.
public final class OperatorLog: Sendable {
    private let ledger = Mutex(OperatorLedger())

    /// Nothing read yet.
    public init() {}

    /// Lends the ledger as far as it was read.
    public func lend<Answer: Sendable>(
        _ body: (inout OperatorLedger) throws -> Answer
    ) rethrows -> Answer {
        try ledger.withLock { try body(&$0) }
    }
}
