public import Events

/// What can be asked for: a kind of thing, and which of them.
public struct WhyQuestion: Hashable, Sendable {
    /// A kind of thing.
    public enum Kind: String, CaseIterable, Sendable {
        /// What is held of a ticker.
        case holding
        /// An order.
        case order
        /// A signal, or an evaluation that emitted none.
        case signal
        /// A signal that was not traded on.
        case skip
        /// That there is no signal for a ticker after a session.
        case noSignal = "no-signal"
        /// Why a holding was closed.
        case exit
        /// What a trade came to.
        case outcome
        /// A model.
        case model
        /// The champion's weight in confidences.
        case weight
        /// When a model says buy or sell.
        case thresholds
        /// The state of the market.
        case regime
        /// The settings.
        case setting
        /// A filed row.
        case filing
        /// Any event.
        case event

        /// Whether a ticker names one, as of a moment.
        public var takesTicker: Bool {
            switch self {
            case .holding, .order, .signal, .skip, .noSignal, .exit, .outcome, .filing: true
            default: false
            }
        }

        /// Whether the latest one, as of a moment, needs no name.
        public var takesNothing: Bool {
            switch self {
            case .model, .weight, .thresholds, .regime, .setting: true
            default: false
            }
        }
    }

    /// Which one.
    public enum Subject: Hashable, Sendable {
        /// The event.
        case event(Reference)
        /// The latest of a ticker.
        case ticker(Ticker)
        /// The latest of all.
        case latest
    }

    /// The kind.
    public let kind: Kind
    /// Which one.
    public let subject: Subject

    /// Reads a question as people write it: `holding aapl`, `order r5055`, `weight`.
    public init(kind: String, id: String?) throws(WhyError) {
        guard let kind = Kind(rawValue: kind) else {
            let known = Kind.allCases.map(\.rawValue)
            throw .usage(
                "there is no kind \(kind)\(Suggestion.question(kind, known)); ask for one of "
                    + known.joined(separator: ", "))
        }
        self.kind = kind
        guard let id else {
            guard kind.takesNothing else {
                throw .usage(
                    kind.takesTicker
                        ? "name a ticker or an event: \(kind.rawValue) AAPL, \(kind.rawValue) r123"
                        : "name an event: \(kind.rawValue) r123")
            }
            subject = .latest
            return
        }
        if let reference = WhyQuestion.reference(id) {
            subject = .event(reference)
        } else if kind.takesTicker, let ticker = Ticker(Ticker.folded(id)) {
            subject = .ticker(ticker)
        } else {
            throw .usage(
                kind.takesTicker
                    ? "\(id) is no ticker; write 1 to 8 characters like BRK.B"
                    : "\(id) is no event; write r123, or t123 of the timeline")
        }
    }

    /// `r123` or `t123`.
    private static func reference(_ text: String) -> Reference? {
        guard let first = text.first, first == "r" || first == "t",
            let number = UInt64(text.dropFirst()), number > 0, number < 1 << 63,
            text.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
        else { return nil }
        return first == "t" ? .timeline(number) : .own(number)
    }
}
