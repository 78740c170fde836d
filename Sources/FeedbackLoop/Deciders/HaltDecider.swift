import Events
import Market

/// Halts entries by rule, in a live run: from the log alone, absent from rehearsals and backtests.
///
/// A loss, a drawdown and a holding above its cap are judged at a session's mark; orders beyond the
/// plan and filings that do not come at the cycle. A session without its bars halts entries until
/// one closes; every other halt is a person's to end.
enum HaltDecider {
    /// A session's market is over and marked: what it missed before is over, and what it lost is
    /// judged.
    static func close<Fold: EventFold>(_ plan: EntryPlan, _ fold: inout Fold, _ desk: inout Desk)
    where Fold.Context == World {
        guard let rules = desk.world.halts.rules else { return }
        if let halt = desk.world.halts.halt(.staleData) {
            desk.record(
                EntriesResumed(
                    envelope: desk.envelope(causation: halt.reference), halt: halt.reference,
                    text: Array("a session closed with its bars".utf8)), &fold)
        }
        for (cause, text) in losses(rules, plan, desk.world) { halt(cause, text, &fold, &desk) }
    }

    /// A session was missed: nothing is bought on prices that are not there.
    static func miss<Fold: EventFold>(_ day: Day, _ fold: inout Fold, _ desk: inout Desk)
    where Fold.Context == World {
        guard desk.world.halts.rules != nil else { return }
        halt(.staleData, "the session of \(day) has no bars", &fold, &desk)
    }

    /// A cycle is about to decide: whether filings still come.
    static func beforeCycle<Fold: EventFold>(_ fold: inout Fold, _ desk: inout Desk)
    where Fold.Context == World {
        guard let rules = desk.world.halts.rules, rules.filingsStaleAfter > 0 else { return }
        let limit = Int64(rules.filingsStaleAfter) * 86_400
        guard let latest = desk.world.halts.latestFiling,
            latest.adding(seconds: limit) < desk.now
        else { return }
        halt(
            .staleFilings,
            "no filing came since \(latest); filings_stale_after is "
                + "\(rules.filingsStaleAfter) days",
            &fold, &desk)
    }

    /// A cycle has decided: whether it ordered more than a plan can ask for.
    static func afterCycle<Fold: EventFold>(
        _ plan: EntryPlan, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard let rules = desk.world.halts.rules, rules.ordersTimesPlan > 0,
            let allowed = plan.entriesPerDay, let day = desk.world.day
        else { return }
        let entries = desk.world.halts.entries(on: day)
        guard Double(entries) > rules.ordersTimesPlan * Double(allowed) else { return }
        halt(
            .orderCount,
            "\(entries) entries after the session of \(day); the plan allows \(allowed), "
                + "halt_orders_times_plan \(rules.ordersTimesPlan)", &fold, &desk)
    }

    /// Every working entry is cancelled because of a halt.
    static func cancelEntries<Fold: EventFold>(
        _ cause: Reference, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        guard desk.world.broker == nil else {
            return BrokerRequests.cancelEntries(cause, &fold, &desk)
        }
        for order in desk.world.portfolio.orders where order.request.leg == .entry {
            desk.record(
                OrderCancelled(
                    envelope: desk.envelope(causation: cause, correlation: order.correlation),
                    order: order.id, quantity: order.rest, day: order.request.day,
                    ticker: order.request.ticker, reason: .halted), &fold)
        }
    }

    private static func halt<Fold: EventFold>(
        _ cause: HaltCause, _ text: String, _ fold: inout Fold, _ desk: inout Desk
    ) where Fold.Context == World {
        let isRecorded =
            desk.world.halts.halt(cause) != nil
            || desk.world.halts.wasHalted(cause, at: desk.now)
        if !isRecorded {
            desk.record(
                EntriesHalted(
                    envelope: desk.envelope(causation: .timeline(desk.recorder.through)),
                    cause: cause, text: Array(text.utf8)), &fold)
        }
        if let halt = desk.world.halts.halt(cause) { cancelEntries(halt.reference, &fold, &desk) }
    }

    /// The rules that a session's mark breaks, in words.
    private static func losses(
        _ rules: HaltRules, _ plan: EntryPlan, _ world: borrowing World
    ) -> [(HaltCause, String)] {
        var broken: [(HaltCause, String)] = []
        let book = world.halts
        guard let value = book.value else { return [] }
        func judge(
            _ cause: HaltCause, from before: Money?, _ percent: Double, _ setting: String,
            _ what: String
        ) {
            guard percent > 0, let before, before > .zero else { return }
            let loss = 100 * (1 - value.dollars / before.dollars)
            guard loss >= percent else { return }
            let text =
                "value \(value) is \(Decimals.two(loss)) % below \(what) \(before); \(setting) "
                + "\(percent)"
            broken.append((cause, text))
        }
        judge(
            .lossLimit, from: book.previousValue, rules.lossPercent, "halt_loss_percent",
            "the close before,")
        judge(
            .drawdown, from: book.high, rules.drawdownPercent, "halt_drawdown_percent",
            "the live run's high,")
        guard rules.overCapPercent > 0, let cap = plan.largestFraction, value > .zero else {
            return broken
        }
        let limit = cap * (1 + rules.overCapPercent / 100)
        for holding in world.portfolio.holdings where !book.accepted.contains(holding.ticker) {
            let close = world.prices.latestBar(holding.slot).close
            let share = holding.quantity.shares * close / value.dollars
            guard share > limit else { continue }
            let text =
                "\(holding.ticker) is \(Decimals.two(100 * share)) % of the value; its cap is "
                + "\(Decimals.two(100 * cap)) %, halt_over_cap_percent \(rules.overCapPercent)"
            broken.append((.positionCap, text))
            break
        }
        return broken
    }
}

/// Numbers in the words of an event.
enum Decimals {
    /// With two decimals, half away from zero.
    static func two(_ value: Double) -> String {
        let hundredths = Int(capped: (value.magnitude * 100).rounded())
        let fraction = hundredths % 100
        return "\(value < 0 ? "-" : "")\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
