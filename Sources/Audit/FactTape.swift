public import EventLog
public import Events
import Pipeline

/// The facts of a timeline at hand, so that thousands of replays read them without a log; of a
/// large timeline only when each became known.
public struct FactTape: Sendable {
    private var messages = MessageStore()
    private var knownAt: [Instant] = []
    /// What every event of a run over it is flagged with.
    public private(set) var world: EventFlags = []
    /// The tickers of its first session, for scrambled filings to name.
    public private(set) var tickers: [Ticker] = []

    /// Reads a timeline.
    public init(_ timeline: EventLog) throws {
        try self.init(timeline, mostBytes: MessageStore.mostBytes)
    }

    init(_ timeline: EventLog, mostBytes: Int) throws {
        knownAt.reserveCapacity(Int(try timeline.head().position))
        messages = try MessageStore(timeline, mostBytes: mostBytes) { try note($0) }
    }

    /// Takes messages in order of knowledge.
    public init(_ messages: [[UInt8]]) throws {
        for message in messages {
            try note(message.span.bytes)
            self.messages.append(message.span.bytes)
        }
    }

    private mutating func note(_ message: RawSpan) throws {
        let envelope = try Envelope(message: message)
        if knownAt.isEmpty { world = envelope.flags.intersection(.simulated) }
        if tickers.isEmpty, try MessageHeader(message).templateID == SessionClosed.templateID {
            tickers = SessionClosed(try SessionClosedView(message)).bars.map(\.ticker)
        }
        knownAt.append(envelope.knownAt)
    }

    /// Number of facts.
    public var count: Int { knownAt.count }

    /// When a fact became known; positions count from 1.
    public func knownAt(_ position: Int) -> Instant { knownAt[position - 1] }

    /// The message at a position, from 1.
    public func message(_ position: Int) throws -> ArraySlice<UInt8> {
        try messages.message(position)
    }

    /// Lends the message at a position, from 1.
    func lend<Result>(_ position: Int, _ body: (RawSpan) throws -> Result) throws -> Result {
        try messages.lend(position, body)
    }

    /// The tape whose facts known after a cut are scrambled.
    public func scrambled(after cut: Instant, seed: UInt64) -> ScrambledFacts {
        ScrambledFacts(self, after: cut, seed: seed)
    }
}

/// Facts as they are up to a cut, and scrambled after it.
public struct ScrambledFacts: Sendable {
    /// The facts as they are.
    public let tape: FactTape
    /// The last instant whose facts are as they are.
    public let cut: Instant
    private let scrambler: Scrambler

    init(_ tape: FactTape, after cut: Instant, seed: UInt64) {
        (self.tape, self.cut) = (tape, cut)
        scrambler = Scrambler(seed: seed, tickers: tape.tickers)
    }

    /// Number of facts.
    public var count: Int { tape.count }

    /// Lends a fact, scrambled if it became known after the cut.
    func lend<Result>(_ position: Int, _ body: (RawSpan) throws -> Result) throws -> Result {
        guard tape.knownAt(position) > cut else { return try tape.lend(position, body) }
        let changed = try tape.lend(position) {
            try scrambler.scrambled($0, at: UInt64(position))
        }
        return try body(changed.span.bytes)
    }

    /// All facts, for whoever asks for the future.
    public func messages() throws -> [[UInt8]] {
        try (1...max(count, 1)).prefix(count).map { position in
            try lend(position) { $0.withUnsafeBytes { Array($0) } }
        }
    }
}
