public import Events

/// One answer in a tree of causes: an event in words, the numbers that entered it, and what stood
/// behind it.
public struct WhyNode: Sendable {
    /// The event; none for an answer about something that no event says.
    public var event: Reference
    /// Its type; empty without an event.
    public var type: String
    /// When it was decided, or could be known.
    public var knownAt: Instant?
    /// What happened, in one sentence.
    public var title: String
    /// Further sentences.
    public var sentences: [String] = []
    /// The numbers that entered it, in the order in which they were looked at.
    public var figures: [WhyFigure] = []
    /// What a source said, word for word; nil for what no source row stands behind.
    public var source: WhySource?
    /// What became known of it only later, and changed nothing then.
    public var later: [String] = []
    /// Where it stands in a chart of prices; nil for what has no place there.
    public var mark: WhyMark?
    /// What stood behind it.
    public var causes: [WhyCause] = []

    /// An answer about an event.
    public init(
        _ event: Reference, type: String = "", knownAt: Instant? = nil, _ title: String
    ) {
        (self.event, self.type, self.knownAt, self.title) = (event, type, knownAt, title)
    }
}

/// What stood behind an answer.
public struct WhyCause: Sendable {
    /// In what part, in words.
    public var role: String
    /// Told whole, or named alone because it is told elsewhere.
    public var isNamedOnly: Bool
    /// The cause.
    public var node: WhyNode

    /// A cause that is told whole.
    public init(_ role: String, _ node: WhyNode, isNamedOnly: Bool = false) {
        (self.role, self.node, self.isNamedOnly) = (role, node, isNamedOnly)
    }
}

/// A place in a chart of a ticker's prices.
public struct WhyMark: Hashable, Sendable {
    /// What happened there.
    public enum Kind: Hashable, Sendable {
        /// A filing became known that buys.
        case filedPurchase
        /// A filing became known that sells.
        case filedSale
        /// Something was decided after the session.
        case decision
        /// Shares were bought.
        case bought
        /// Shares were sold.
        case sold
    }

    /// What happened.
    public var kind: Kind
    /// The symbol.
    public var ticker: Ticker
    /// The day.
    public var day: Day
    /// Dollars a share; nil for what has no price.
    public var price: Double?
}

/// A source row as it was filed.
public struct WhySource: Hashable, Sendable {
    /// Which importer read it.
    public var format: String
    /// The row verbatim.
    public var text: String
}

/// A number that entered a decision, and the rule that it met or missed.
public struct WhyFigure: Sendable {
    /// Where it comes from.
    public enum Origin: String, Sendable {
        /// The event says it.
        case recorded
        /// The loop's own code found it again from what was recorded.
        case recomputed
    }

    /// What it is, in words.
    public var name: String
    /// The number; nil for what is none.
    public var value: Double?
    /// The number as people read it.
    public var text: String
    /// The rule in words, with its setting; nil where none applies.
    public var rule: String?
    /// The bound of the rule; nil without one.
    public var bound: Double?
    /// Whether the rule was met; nil without one.
    public var isMet: Bool?
    /// Whether the rule was met, and how far from the bound, in words; nil without one.
    public var margin: String?
    /// How far the number is from the bound, in words; nil where there is nothing to be near to.
    public var distance: String?
    /// Where it comes from.
    public var origin: Origin

    /// A number without a rule.
    public init(
        _ name: String, _ value: Double?, _ text: String, rule: String? = nil,
        origin: Origin = .recorded
    ) {
        (self.name, self.value, self.text, self.rule) = (name, value, text, rule)
        self.origin = origin
    }
}
