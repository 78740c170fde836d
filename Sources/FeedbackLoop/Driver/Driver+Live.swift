public import Events
import Market

/// How a live run begins: what its first events say.
public struct LiveBeginning: Hashable, Sendable {
    /// Seal of the rehearsal's last commit.
    public var rehearsal: Digest
    /// The rehearsal's last event.
    public var event: Reference
    /// The cycle to which it went.
    public var instant: Instant
    /// The settings of the service, canonical YAML.
    public var service: String
    /// The program that decides from here on.
    public var program: String

    /// A beginning from its parts.
    public init(
        rehearsal: Digest, event: Reference, instant: Instant, service: String, program: String
    ) {
        (self.rehearsal, self.event, self.instant) = (rehearsal, event, instant)
        (self.service, self.program) = (service, program)
    }
}

extension Driver {
    /// The rehearsal that was folded so far is over, and the live run begins: its first events.
    ///
    /// `serviceDigest` is the SHA-256 of the service's settings, `digest` that of the strategy's
    /// canonical text.
    public mutating func goLive(_ act: LiveBeginning, serviceDigest: Digest, digest: Digest) {
        desk.recorder.advance(to: max(desk.now, act.instant), through: read)
        let before = Reference.own(desk.recorder.position)
        marks = []
        change(
            ConfigurationChanged(
                envelope: desk.envelope(causation: before), digest: serviceDigest,
                scope: .service, name: "service", parent: act.rehearsal, forkedAt: act.event,
                who: nil, startDay: window.from, endDay: nil,
                program: WireText.fitted(act.program, length: 24),
                text: Array(act.service.utf8)))
        change(
            ConfigurationChanged(
                envelope: desk.envelope(causation: before), digest: digest, scope: .strategy,
                name: WireText.fitted(strategy.name, length: 48), parent: act.rehearsal,
                forkedAt: act.event, who: nil, startDay: window.from, endDay: nil,
                program: WireText.fitted(act.program, length: 24),
                text: Array(strategy.canonicalText.utf8)))
    }

    /// The instant at which the schedule has something next, up to a bound; nil for none.
    public func due(through bound: Instant) -> Instant? {
        var schedule = schedule
        return schedule.next(
            through: bound, jobs: jobs, latest: isInWindow ? desk.world.day : nil)?.instant
    }

    /// Passes over a fact that is the live run's alone: a backtest beside it reads all others,
    /// under the same numbers.
    public mutating func skip(at position: UInt64) {
        precondition(position == read + 1, "a timeline is read without gaps")
        read = position
    }

    /// Gives the simulated market's account what was put into the live run's, or takes it out.
    ///
    /// - Throws: `LoopError.portfolio` for more than a ledger holds.
    public mutating func move(_ event: CashMoved) throws {
        let message = event.encoded()
        try desk.answer(message.span.bytes, templateID: CashMoved.templateID, at: read)
        if let refusal = desk.world.refusal { throw LoopError.portfolio(refusal) }
    }
}
