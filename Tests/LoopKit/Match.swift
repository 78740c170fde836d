public import Events

/// What a test expects of one event; what it leaves out may be anything.
public struct Match: Sendable {
    let templateID: UInt16
    let text: String
    let accepts: @Sendable (Recorded) -> Bool

    /// An event of a kind of which something holds.
    public static func event<Event: EventMessage>(
        _ type: Event.Type, _ text: String = "",
        where holds: @escaping @Sendable (Event) -> Bool = { _ in true }
    ) -> Match {
        Match(
            templateID: Event.templateID,
            text: text.isEmpty ? "any \(Event.messageName)" : text
        ) { $0.as(type).map(holds) ?? false }
    }

    /// Whether a number is the expected one to twelve digits; nil expects nothing.
    private static func isNear(_ value: Double?, _ expected: Double?) -> Bool {
        guard let expected else { return true }
        guard let value else { return false }
        return (value - expected).magnitude <= max(expected.magnitude, 1) * 1e-12
    }

    private static func note(_ parts: Any?...) -> String {
        parts.compactMap { $0.map { "\($0)" } }.joined(separator: " ")
    }
}

extension Match {
    /// An evaluation that emitted a signal.
    public static func generated(
        _ ticker: Ticker, _ kind: SignalKind? = nil, confidence: Double? = nil
    ) -> Match {
        event(SignalGenerated.self, note("generated", ticker, kind, confidence)) {
            $0.ticker == ticker && $0.kind == kind ?? $0.kind
                && isNear($0.confidence, confidence)
        }
    }

    /// An evaluation that emitted none.
    public static func suppressed(
        _ ticker: Ticker, _ reason: SuppressionReason, confidence: Double? = nil
    ) -> Match {
        event(SignalSuppressed.self, note("suppressed", ticker, reason, confidence)) {
            $0.ticker == ticker && $0.reason == reason && isNear($0.confidence, confidence)
        }
    }

    /// A signal that entered the queue.
    public static func queued(_ ticker: Ticker, rank: UInt16? = nil) -> Match {
        event(SignalQueued.self, note("queued", ticker, rank)) {
            $0.ticker == ticker && $0.rank == rank ?? $0.rank
        }
    }

    /// A signal that became no order.
    public static func skipped(_ ticker: Ticker, _ reason: SkipReason) -> Match {
        event(SignalSkipped.self, note("skipped", ticker, reason)) {
            $0.ticker == ticker && $0.reason == reason
        }
    }

    /// An order.
    public static func ordered(
        _ ticker: Ticker, _ leg: OrderLeg = .entry, shares: Double? = nil, fraction: Double? = nil
    ) -> Match {
        event(OrderSubmitted.self, note("ordered", ticker, leg, shares, fraction)) {
            $0.ticker == ticker && $0.leg == leg && isNear($0.quantity.shares, shares)
                && isNear($0.sizeFraction, fraction)
        }
    }

    /// An order that will not be filled, or what is left of one.
    public static func cancelled(
        _ ticker: Ticker, _ reason: CancellationReason, shares: Double? = nil
    ) -> Match {
        event(OrderCancelled.self, note("cancelled", ticker, reason, shares)) {
            $0.ticker == ticker && $0.reason == reason && isNear($0.quantity.shares, shares)
        }
    }

    /// A fill.
    public static func filled(
        _ ticker: Ticker, _ leg: OrderLeg = .entry, shares: Double? = nil, price: Double? = nil
    ) -> Match {
        event(OrderFilled.self, note("filled", ticker, leg, shares, price)) {
            $0.ticker == ticker && $0.leg == leg && isNear($0.quantity.shares, shares)
                && isNear($0.price, price)
        }
    }

    /// A holding that is to be closed.
    public static func exit(
        _ ticker: Ticker, _ reason: ExitReason, level: Double? = nil
    ) -> Match {
        event(ExitTriggered.self, note("exit of", ticker, "by", reason, level)) {
            $0.ticker == ticker && $0.reason == reason && isNear($0.level, level)
        }
    }

    /// The result of a holding, or of a recorded trade.
    public static func outcome(
        _ ticker: Ticker, _ outcome: OutcomeClass, _ reason: ExitReason? = nil,
        net: Double? = nil
    ) -> Match {
        event(OutcomeRecorded.self, note("outcome of", ticker, outcome, reason, net)) {
            $0.ticker == ticker && $0.outcome == outcome && $0.reason == reason ?? $0.reason
                && isNear($0.netReturn, net)
        }
    }

    /// The index's regime from now on.
    public static func regime(_ regime: Regime) -> Match {
        event(RegimeChanged.self, note("regime", regime)) { $0.regime == regime }
    }

    /// A job that began.
    public static func job(_ job: JobKind, at instant: Instant? = nil) -> Match {
        event(JobStarted.self, note("job", job, instant)) {
            $0.job == job && $0.scheduledAt == instant ?? $0.scheduledAt
        }
    }
}
