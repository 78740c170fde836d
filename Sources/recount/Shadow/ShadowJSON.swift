import Audit
import Events
import Pipeline

/// A live run beside a backtest, for programs.
enum ShadowJSON {
    /// Of a run that has closed no session.
    static func empty(_ run: String) -> String {
        var object = JSONObject()
        object.text("run", run)
        object.integer("sessions", 0)
        object.json("differences", "[]")
        return object.text
    }

    static func text(_ found: ShadowComparison, kinds: [ShadowDifference.Kind]) -> String {
        var object = JSONObject()
        object.text("run", found.run)
        object.text("order", found.order == .live ? "live" : "derived")
        object.text("from", "\(found.standing.start)")
        object.day("through", found.standing.day)
        object.integer("sessions", found.standing.sessions)
        object.text("left_account_at", found.standing.leftAccountAt.map { "\($0)" })
        object.json("capital", "\(found.capital)")
        object.json("live_value", "\(found.liveValue)")
        object.json("shadow_value", "\(found.shadowValue)")
        object.json("shortfall", "\(found.shortfall)")
        object.json("listed", "\(found.listed)")
        object.json("rest", "\(found.rest)")
        object.integer("same_positions", found.sameTrades)
        object.integer("other_confidences", found.otherConfidences)
        object.json(
            "left_out",
            JSONObject.list(
                found.leftOut.map {
                    var object = JSONObject()
                    object.text("type", $0.kind)
                    object.integer("count", $0.count)
                    return object.text
                }))
        object.json(
            "kinds",
            JSONObject.list(
                found.sums.map {
                    var object = JSONObject()
                    object.text("kind", $0.kind.rawValue)
                    object.integer("count", $0.count)
                    object.json("cost", "\($0.cost)")
                    object.real("bp_of_capital", found.basisPoints($0.cost))
                    return object.text
                }))
        object.json(
            "differences",
            JSONObject.list(
                found.differences.filter { kinds.isEmpty || kinds.contains($0.kind) }
                    .map(difference)))
        object.json("late_facts", JSONObject.list(found.late.map(fact)))
        return object.text
    }

    private static func difference(_ difference: ShadowDifference) -> String {
        var object = JSONObject()
        object.text("kind", difference.kind.rawValue)
        object.text("ticker", difference.ticker.map { "\($0)" })
        object.day("decided", difference.decidedOn)
        object.reference("event", difference.live?.event ?? .none)
        object.json("live", figure(difference.live))
        object.json("shadow", figure(difference.shadow))
        object.json("cost", "\(difference.cost)")
        object.real("bp", difference.basisPoints)
        object.text("why", difference.why)
        object.json("fact", difference.fact.map(fact) ?? "null")
        return object.text
    }

    private static func figure(_ figure: ShadowDifference.Figure?) -> String {
        guard let figure else { return "null" }
        var object = JSONObject()
        object.day("session", figure.session)
        object.json("shares", figure.quantity.map { "\($0)" } ?? "null")
        object.real("price", figure.price)
        object.text("label", figure.label)
        return object.text
    }

    private static func fact(_ fact: LateMove) -> String {
        var object = JSONObject()
        object.integer("position", fact.position)
        object.text("type", fact.kind)
        object.text("ticker", fact.ticker.map { "\($0)" })
        object.day("session", fact.session)
        object.text("known_at", "\(fact.knownAt)")
        object.text("recorded_at", "\(fact.recordedAt)")
        object.text("moved_at", fact.movedAt.map { "\($0)" })
        return object.text
    }
}
