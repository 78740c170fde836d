public import Events

/// What a live run is in custody for: a fold of facts of the world and of people. No backtest has
/// any.
///
/// In custody nothing is decided but what guards exits. Under another account, or in a copy of a
/// folder, nothing at all is sent.
public struct CustodyBook: Hashable, Sendable {
    /// A cause that has not ended.
    public struct Custody: Hashable, Sendable {
        /// Why.
        public let cause: CustodyCause
        /// When it became known.
        public let since: Instant
        /// The account that the broker showed; nil where it is not about one.
        public let account: String?
        /// Why, in words.
        public let text: String
    }

    /// The causes that stand, in order of knowledge; each once.
    public private(set) var standing: [Custody] = []

    /// No custody.
    public init() {}

    /// Whether nothing is decided but what guards exits.
    public var isInCustody: Bool { !standing.isEmpty }

    /// Whether nothing at all is sent to the broker.
    public var sendsNothing: Bool { standing.contains { $0.cause.sendsNothing } }

    /// The custody of a cause that stands; nil without.
    public func custody(_ cause: CustodyCause) -> Custody? {
        standing.first { $0.cause == cause }
    }

    /// A cause has come.
    public mutating func apply(_ event: CustodyBegan) {
        guard custody(event.cause) == nil else { return }
        standing.append(
            Custody(
                cause: event.cause, since: event.envelope.knownAt, account: event.account,
                text: String(decoding: event.text, as: UTF8.self)))
    }

    /// A cause is over.
    public mutating func apply(_ event: CustodyEnded) {
        standing.removeAll { $0.cause == event.cause }
    }
}

extension CustodyCause {
    /// Whether nothing at all is sent to the broker: what works there may be another's.
    public var sendsNothing: Bool {
        switch self {
        case .otherAccount, .doubledFolder, .otherEquity, .unrecognised: true
        case .decidedOtherwise, .liveNotAllowed: false
        }
    }

    /// What ends it, in words.
    public var remedy: String {
        switch self {
        case .decidedOtherwise, .otherEquity:
            "recount resume --custody --reason TEXT, once it is understood"
        case .otherAccount: "the keys of the run's account"
        case .liveNotAllowed: "a start with recountd run --allow-live"
        case .doubledFolder: "recount takeover --reason TEXT, once no other copy runs"
        case .unrecognised: "a newer program"
        }
    }
}
