import Events
import RawLoops

/// Order requests and fills of made-up trades, encoded, back to back: what the log's rows append
/// and scan.
final class TradingMessages {
    /// The instant of all of them.
    static let instant = Instant(rawValue: 1_700_000_000_000_000_000)

    /// Number of messages.
    let count: Int
    private let bytes: UnsafeRawBufferPointer
    private let ends: [Int64]

    /// `count` messages over 500 tickers: a buy and its fill, later the sale and its fill.
    init(count: Int) {
        var buffer = EventBuffer(capacity: count * 216)
        var ends: [Int64] = []
        ends.reserveCapacity(count)
        for index in 0..<count {
            TradingMessages.put(index, into: &buffer)
            ends.append(Int64(buffer.count))
        }
        self.count = count
        bytes = buffer.withUnsafeBytes { encoded in
            let memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: encoded.count, alignment: 8)
            memory.copyMemory(from: encoded)
            return UnsafeRawBufferPointer(memory)
        }
        self.ends = ends
    }

    deinit {
        bytes.deallocate()
    }

    /// Bytes of all messages.
    var byteCount: Int { bytes.count }

    /// The messages from one index up to another.
    subscript(index: Int) -> RawSpan {
        @_lifetime(borrow self)
        get {
            let start = index == 0 ? 0 : Int(ends[index - 1])
            let span = RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<Int(ends[index])]))
            return _overrideLifetime(span, borrowing: self)
        }
    }

    /// Lends them to a C loop.
    func withRaw<Result>(_ body: (raw_messages) throws -> Result) rethrows -> Result {
        try ends.withUnsafeBufferPointer { ends in
            try body(
                raw_messages(
                    bytes: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    ends: ends.baseAddress, count: Int64(count)))
        }
    }

    private static func put(_ index: Int, into buffer: inout EventBuffer) {
        let trade = index / 4
        let ticker = Ticker("T\(trade * 7 % 500)")!
        let isSale = index % 4 >= 2
        let envelope = Envelope(
            knownAt: instant, recordedAt: instant, causation: .own(UInt64(index)),
            correlation: .own(UInt64(trade * 4 + 1)), through: UInt64(trade), ordinal: 0,
            actor: .loop, flags: .simulated)
        let price = 20 + Double(trade % 977) * 0.25
        let quantity = Quantity(shares: Int64(10 + trade % 90))
        if index % 2 == 0 {
            OrderSubmitted(
                envelope: envelope, signal: .none, holding: .none, trigger: .none,
                quantity: quantity, referencePrice: price, reservedCash: .zero,
                calibration: .none, day: Day(rawValue: 19_000), timeoutDays: 0, attempt: 0,
                ticker: ticker, side: isSale ? .sell : .buy, leg: isSale ? .closeOut : .entry,
                orderType: .market, timing: .nextOpen
            ).encode(into: &buffer)
            return
        }
        let amount = Money(dollars: quantity.shares * price)
        OrderFilled(
            envelope: envelope, order: .own(UInt64(index)), trigger: .none, quantity: quantity,
            remaining: .zero, price: price, marketPrice: price, commission: .zero,
            cashChange: isSale ? amount : -amount, executedAt: instant,
            decidedOn: Day(rawValue: 19_000), filledOn: Day(rawValue: 19_001), ticker: ticker,
            side: isSale ? .sell : .buy, leg: isSale ? .closeOut : .entry, timing: .nextOpen
        ).encode(into: &buffer)
    }
}
