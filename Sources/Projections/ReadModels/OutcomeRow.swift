import Events

/// A row of `signal_outcomes`.
struct OutcomeRow {
    /// What a closed position has and an open one has not.
    struct Closed {
        let outcome: String
        let source: String
        let reason: String?
        let event: OutcomeRecorded

        init(_ event: OutcomeRecorded) throws {
            outcome = try Word.outcome(event.outcome)
            source = try Word.outcomeSource(event.source)
            reason = try Word.exit.optional(event.reason)
            self.event = event
        }
    }

    let id: Reference
    let position: UInt64
    let origin: PerformanceProjection.Origin
    /// Number of the model that had a say.
    let version: Int?
    let ticker: Ticker
    let entryPrice: Double
    let entryDay: Day?
    let createdAt: Instant
    let updatedAt: Instant
    var closed: Closed?

    func encode(into row: inout RowEncoder) {
        let event = closed?.event
        row.reference(id)
        row.integer(position)
        row.reference(id)
        row.reference(origin.signal)
        row.ticker(ticker)
        row.text(origin.kind)
        row.real(origin.confidence)
        row.text(closed?.outcome ?? "open")
        row.real(entryPrice)
        row.real(event?.exitPrice)
        row.real(event.map { $0.netReturn * 100 })
        row.real(event?.returnDollars.dollars)
        row.integer(event?.holdingDays)
        row.text(closed?.reason)
        row.features(event?.features.map(\.value) ?? [])
        row.reference(origin.model)
        row.text(version.map(String.init))
        row.boolean(origin.model != .none)
        row.day(origin.signalDay)
        row.day(entryDay)
        row.day(event?.exitDay)
        row.real(event?.excessReturn.map { $0 * 100 })
        row.day(event?.matureAfter)
        row.text(closed?.source ?? "loop")
        row.instant(createdAt)
        row.instant(updatedAt)
    }
}
