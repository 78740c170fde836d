public import Events

extension SmallWorld {
    /// The world's facts with acts of people among them, each after everything known before it.
    public func facts(with acts: [any EventMessage]) throws -> [[UInt8]] {
        var all = try facts.map { (try Envelope(message: $0.span.bytes).knownAt, 0, $0) }
        all += acts.map { ($0.envelope.knownAt, 1, $0.encoded()) }
        var sorted: [[UInt8]] = []
        for index in all.indices.sorted(by: { left, right in
            (all[left].0, all[left].1, left) < (all[right].0, all[right].1, right)
        }) { sorted.append(all[index].2) }
        return sorted
    }

    /// The envelope of an act, as timelines have it.
    public static func act(at instant: Instant) -> Envelope {
        Envelope(knownAt: instant, recordedAt: instant, actor: .timeline)
    }

    /// A person's promotion.
    public static func promotion(_ artefact: Digest, at instant: Instant) -> ModelPromoted {
        ModelPromoted(
            envelope: act(at: instant), model: .none, previous: .none, comparison: .none,
            artefact: artefact, follows: .none, cause: .person, who: "ann",
            text: Array("it looks right".utf8))
    }

    /// A person's rollback.
    public static func rollback(at instant: Instant) -> ModelRolledBack {
        ModelRolledBack(
            envelope: act(at: instant), model: .none, replaced: .none, follows: .none, who: "bob",
            text: Array("it looks wrong".utf8))
    }

    /// A person's request for a training.
    public static func request(_ job: JobKind, at instant: Instant) -> JobStarted {
        JobStarted(
            envelope: act(at: instant), scheduledAt: instant, job: job, attempt: 0,
            trigger: .manual, who: "cyd")
    }

    /// A trade that a person tells of; prices of 100 and what the return makes of it.
    public static func trade(
        _ ticker: String, _ direction: Direction, gain: Double, entered: Instant?,
        exited: Instant?, recorded: Instant, id: String? = nil
    ) -> TradeRecorded {
        TradeRecorded(
            envelope: act(at: recorded), quantity: Quantity(shares: 10), entryPrice: 100,
            exitPrice: 100 * (1 + gain), enteredAt: entered, exitedAt: exited,
            ticker: Ticker(ticker)!, direction: direction, occurrence: 0, tradeID: id)
    }
}
