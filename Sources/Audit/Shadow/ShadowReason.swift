import Events
import Market
import Pipeline

/// Why one of both has not what the other has, from its own events.
struct ShadowReason {
    let live: ShadowSide
    let shadow: ShadowSide
    /// Facts of which the live run was told late; none where both read one timeline.
    let late: [UInt64: LateMove]

    /// Why a side did not enter what the other did.
    func noEntry(_ key: ShadowTrade.Key, _ side: ShadowSide, _ moment: ShadowSide.Moment?) -> String
    {
        if let entry = side.entries[key] {
            switch entry.end {
            case .cancelled(let reason, let instant):
                let words = "cancelled: \(WhyWords.cancellation(reason))"
                return reason == .halted ? halted(words, side, at: instant) : words
            case .rejected(let reason, let code):
                return "rejected by the broker: \(ShadowReason.name(reason))"
                    + (code == 0 ? "" : " (\(code))")
            case nil:
                return side.filledLater.contains(entry.reference)
                    ? "booked behind the last close" : "still at the market at the last close"
            }
        }
        if let skip = side.skips[key] {
            let words = "skipped: \(WhyWords.skip(skip.reason))"
            return skip.reason == .entriesHalted ? halted(words, side, at: skip.at) : words
        }
        guard let moment, let evaluation = side.evaluations[moment] else {
            if let custody = moment.flatMap({ side.custody(at: $0.instant) }) {
                return "the run was \(ShadowReason.custody(custody))"
            }
            return "no filing of it was evaluated"
        }
        if let reason = evaluation.suppressed {
            return "no signal: \(WhyWords.suppression(reason))"
        }
        return "its signal came to no order"
    }

    private func halted(_ words: String, _ side: ShadowSide, at instant: Instant) -> String {
        guard let halt = side.halt(at: instant) else {
            return words
                + (side.custody(at: instant).map { " (\(ShadowReason.custody($0)))" } ?? "")
        }
        return "\(words) (\(halt.reference), \(halt.cause.words)"
            + (halt.text.isEmpty ? "" : ": \(halt.text)") + ")"
    }

    private static func custody(_ custody: CustodyBook.Custody) -> String {
        "in custody since \(custody.since)" + (custody.text.isEmpty ? "" : ": \(custody.text)")
    }

    /// A broker's reason, its words apart.
    static func name(_ value: OrderRejectionReason) -> String {
        "\(value)".reduce(into: "") { text, letter in
            text += letter.isUppercase ? " \(letter.lowercased())" : "\(letter)"
        }
    }

    /// Why a live run left otherwise, where it can be told.
    func exit(_ live: ShadowTrade, _ shadow: ShadowTrade, hasBroker: Bool) -> String? {
        let isLater = live.exitDay.map { left in shadow.exitDay.map { $0 < left } ?? false } ?? true
        if let day = shadow.exitDay, isLater {
            if self.live.missed.contains(day) { return "the live run missed the session of \(day)" }
            let instant = Instant(day, hour: 21)
            if let halt = self.live.halt(at: instant, where: \.stopsExits) {
                return "new exits were halted (\(halt.reference)"
                    + (halt.text.isEmpty ? "" : ": \(halt.text)") + ")"
            }
            if hasBroker, shadow.reason == .noPrice {
                return "a broker closes no holding for want of bars"
            }
            if hasBroker, day == shadow.entryDay, shadow.level != nil {
                return "the model holds the whole bar of the entry session against a stop that "
                    + "stood at the broker only after the fill"
            }
        }
        if let one = live.level, let other = shadow.level, one != other {
            return "its level was \(ShadowReason.price(one)), the model's "
                + ShadowReason.price(other)
        }
        return nil
    }

    /// With four decimals.
    static func price(_ value: Double) -> String {
        let whole = Int(capped: (value * 10_000).rounded())
        let fraction = "\(whole % 10_000)"
        return "\(whole / 10_000)."
            + String(repeating: "0", count: max(0, 4 - fraction.count)) + fraction
    }

    /// The late fact behind an entry: a filing that counted, or bars of the session of its fill.
    func fact(_ key: ShadowTrade.Key, entry: ShadowTrade?) -> LateMove? {
        guard !late.isEmpty else { return nil }
        for side in [shadow, live] {
            guard let order = side.entries[key], let moment = side.moments[order.order.signal],
                let fact = fact(moment)
            else { continue }
            return fact
        }
        return entry.flatMap { bars($0.entryDay, $0.key.ticker) }
    }

    /// The late filing that counted in an evaluation of either, and that the live run did not know
    /// at that cycle, or at the one before.
    func fact(_ moment: ShadowSide.Moment) -> LateMove? {
        guard !late.isEmpty else { return nil }
        let filings =
            (shadow.evaluations[moment]?.filings ?? []) + (live.evaluations[moment]?.filings ?? [])
        let before = live.cycles.last { $0 < moment.instant } ?? .epoch
        return filings.compactMap { late[$0] }
            .filter { fact in fact.movedAt.map { $0 > before } ?? true }
            .min { $0.position < $1.position }
    }

    /// Late bars of a ticker's session.
    func bars(_ session: Day?, _ ticker: Ticker) -> LateMove? {
        guard let session, !late.isEmpty else { return nil }
        return late.values.filter { $0.session == session && $0.bars.contains(ticker) }
            .min { $0.position < $1.position }
    }
}
