import Audit
import EventLog
import Events
import Pipeline

/// How two runs differ, for programs.
enum DiffJSON {
    static func text(_ difference: RunDifference) -> String {
        var object = JSONObject()
        object.json("left", side(difference.left))
        object.json("right", side(difference.right))
        object.integer("shared_events", difference.shared.position)
        object.integer("shared_own", difference.shared.own)
        object.json(
            "settings",
            JSONObject.list(
                difference.settings.map {
                    var object = JSONObject()
                    object.text("key", $0.key)
                    object.text("left", $0.before)
                    object.text("right", $0.after)
                    return object.text
                }))
        object.json("facts", facts(difference.facts))
        object.integer("equal_decisions", difference.search.equal)
        object.json("parting", difference.search.parting.map(parting) ?? "null")
        object.json("first_order", difference.search.order.map(parting) ?? "null")
        object.integer("same_trades", difference.sameTrades)
        object.json("trades", JSONObject.list(difference.trades.map(trade)))
        return object.text
    }

    private static func side(_ side: RunDifference.Side) -> String {
        var object = JSONObject()
        object.text("run", side.name)
        object.text("fork_of", side.fork?.parent)
        object.json("start", "\(side.start)")
        object.json("end", "\(side.end)")
        object.real("total_return", side.totalReturn)
        return object.text
    }

    private static func facts(_ changes: FactChanges?) -> String {
        guard let changes else { return "null" }
        func list(_ facts: [FactChanges.Fact]) -> String {
            JSONObject.list(
                facts.map { fact in
                    var object = JSONObject()
                    object.text("known_at", "\(fact.knownAt)")
                    object.text("type", fact.kind)
                    object.text("ticker", fact.ticker.map { "\($0)" })
                    object.text("digest", "\(fact.digest)")
                    return object.text
                })
        }
        var object = JSONObject()
        object.json("left", list(changes.without))
        object.json("right", list(changes.with))
        return object.text
    }

    private static func parting(_ parting: Parting) -> String {
        func decision(_ decision: Decision?) -> String {
            guard let decision else { return "null" }
            var object = JSONObject()
            object.reference("event", decision.reference)
            object.text("type", decision.type)
            object.text("ticker", decision.ticker)
            object.text("at", "\(decision.instant)")
            return object.text
        }
        var object = JSONObject()
        object.text("at", "\(parting.instant)")
        object.json("left", decision(parting.left))
        object.json("right", decision(parting.right))
        object.json(
            "fields",
            JSONObject.list(
                parting.fields.map {
                    var object = JSONObject()
                    object.text("field", $0.path)
                    object.json("left", $0.left ?? "null")
                    object.json("right", $0.right ?? "null")
                    return object.text
                }))
        return object.text
    }

    private static func trade(_ difference: TradeDifference) -> String {
        func facts(_ trade: TradeFacts?) -> String {
            guard let trade else { return "null" }
            var object = JSONObject()
            object.day("left_on", trade.exitDay)
            object.text("reason", trade.reason)
            object.json("shares", "\(trade.quantity)")
            object.real("entry_price", trade.entryPrice)
            object.real("exit_price", trade.exitPrice)
            object.json("profit", "\(trade.profit)")
            return object.text
        }
        var object = JSONObject()
        object.text("ticker", "\(difference.ticker)")
        object.day("entered", difference.entryDay)
        object.json("left", facts(difference.left))
        object.json("right", facts(difference.right))
        object.json("gain", "\(difference.gain)")
        return object.text
    }
}
