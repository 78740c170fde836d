public import Events
public import Market

/// What a fork left, and who made it: what its first event says.
public struct ForkAct: Hashable, Sendable {
    /// Seal of the parent's commit that holds the last event before the fork.
    public var parent: Digest
    /// The event that it left the parent behind.
    public var event: Reference
    /// When that event was known.
    public var instant: Instant
    /// The person who made it.
    public var who: String
    /// What was changed of the facts, as canonical text; nil where they are the parent's.
    public var facts: String?

    /// An act from its parts.
    public init(
        parent: Digest, event: Reference, instant: Instant, who: String, facts: String? = nil
    ) {
        (self.parent, self.event, self.instant) = (parent, event, instant)
        (self.who, self.facts) = (who, facts)
    }
}

extension Driver {
    /// A person lets the run that was folded so far live on under this strategy: the first events
    /// of a fork. Nothing that was due is passed or begun by that.
    ///
    /// - Parameters:
    ///   - act: what is forked, and who does it.
    ///   - digest: the SHA-256 of the strategy's canonical text.
    ///   - factsDigest: that of `act.facts`.
    public mutating func fork(_ act: ForkAct, digest: Digest, factsDigest: Digest = .zero) {
        let instant = max(desk.now, act.instant)
        desk.recorder.advance(to: instant, through: read)
        let before = Reference.own(desk.recorder.position)
        change(
            ConfigurationChanged(
                envelope: desk.envelope(actor: .person, causation: before), digest: digest,
                scope: .strategy, name: WireText.fitted(strategy.name, length: 48),
                parent: act.parent, forkedAt: act.event,
                who: WireText.fitted(act.who, length: 48), startDay: window.from,
                endDay: window.to, text: Array(strategy.canonicalText.utf8)))
        if let facts = act.facts {
            change(
                ConfigurationChanged(
                    envelope: desk.envelope(actor: .person, causation: before),
                    digest: factsDigest, scope: .facts, name: "facts", parent: act.parent,
                    forkedAt: act.event, who: WireText.fitted(act.who, length: 48),
                    startDay: nil, endDay: nil, text: Array(facts.utf8)))
        }
        govern(by: strategy.rules)
    }

    /// The market goes by other rules from now on: those of settings that were recorded.
    public mutating func govern(by rules: MarketRules) { desk.change(rules) }

    /// Records settings.
    mutating func change(_ event: ConfigurationChanged) {
        changes.append(desk.record(event, &strategy.state).position)
    }

    /// Events recorded behind one, without those that a person who forked recorded in between.
    func produced(behind start: Reference) -> Int {
        let changed = changes.reduce(0) { $0 + ($1 > start.position ? 1 : 0) }
        return Int(desk.recorder.position - start.position) - changed
    }
}
