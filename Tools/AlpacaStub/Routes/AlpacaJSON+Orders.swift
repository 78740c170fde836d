public import AlpacaExchange
import Brokerage
import Events
import Market

extension AlpacaJSON {
    /// An order.
    static func order(_ order: ExchangeOrder) -> String {
        let shown = order.shown
        func ended(_ status: OrderStatus) -> String? {
            shown.status == status ? order.endedAt?.description : nil
        }
        var object = JSONObject()
        object.text("id", shown.id)
        object.text("client_order_id", shown.clientID)
        object.text("created_at", newYork(shown.submittedAt))
        object.text("updated_at", newYork(shown.updatedAt))
        object.text("submitted_at", shown.submittedAt.description)
        object.text("filled_at", ended(.filled))
        object.text("expired_at", ended(.expired))
        object.text("canceled_at", ended(.cancelled))
        object.text("failed_at", nil)
        object.text("replaced_at", ended(.replaced))
        object.text("replaced_by", shown.replacedBy)
        object.text("replaces", shown.replaces)
        object.text("asset_id", shown.assetID)
        object.text("symbol", shown.symbol)
        object.text("asset_class", "us_equity")
        object.text("notional", nil)
        object.text("qty", shares(shown.quantity))
        object.text("filled_qty", shares(shown.filled))
        object.text("filled_avg_price", mean(shown))
        object.text("order_class", "")
        object.text("order_type", word(shown.pricing))
        object.text("type", word(shown.pricing))
        object.text("side", shown.side == .buy ? "buy" : "sell")
        object.text("time_in_force", word(shown.timeInForce))
        if case .limit(let price) = shown.pricing {
            object.text("limit_price", price.description)
        } else {
            object.text("limit_price", nil)
        }
        object.text("stop_price", shown.pricing.stopPrice?.description)
        object.text("status", status(order))
        object.boolean("extended_hours", false)
        object.text("legs", nil)
        object.text("trail_percent", nil)
        object.text("trail_price", nil)
        object.text("hwm", nil)
        return object.text
    }

    /// An update of the stream, as a frame.
    public static func update(_ update: ExchangeUpdate) -> String {
        var data = JSONObject()
        data.text("event", update.event)
        data.text("timestamp", update.at.description)
        if let execution = update.execution {
            data.text("execution_id", execution.id)
            data.text("price", execution.price.description)
            data.text("qty", shares(execution.quantity))
            data.text("position_qty", "0")
        }
        data.json("order", order(update.order))
        var frame = JSONObject()
        frame.text("stream", "trade_updates")
        frame.json("data", data.text)
        return frame.text
    }

    /// The mean price of what is filled, with ten decimals at most, or null.
    private static func mean(_ order: BrokerOrder) -> String? {
        guard order.filled > .zero else { return nil }
        let numerator = Int128(order.filledValue.rawValue) * 10_000_000_000
        let units = (numerator + Int128(order.filled.rawValue) / 2) / Int128(order.filled.rawValue)
        return DecimalText.text(Int64(clamping: units), decimals: 10)
    }

    private static func status(_ order: ExchangeOrder) -> String {
        switch order.shown.status {
        case .working:
            order.shown.filled > .zero ? "partially_filled" : order.isWaiting ? "accepted" : "new"
        case .cancelling: "pending_cancel"
        case .replacing: "pending_replace"
        case .filled: "filled"
        case .cancelled: "canceled"
        case .expired: "expired"
        case .replaced: "replaced"
        case .rejected: "rejected"
        }
    }

    private static func word(_ pricing: OrderPricing) -> String {
        switch pricing {
        case .market: "market"
        case .stop: "stop"
        case .limit: "limit"
        case .foreign(let word): word
        }
    }

    private static func word(_ timeInForce: TimeInForce) -> String {
        switch timeInForce {
        case .day, .foreign: "day"
        case .untilCancelled: "gtc"
        case .opening: "opg"
        }
    }
}

/// Times as clients write them in queries.
enum WireInstant {
    /// RFC 3339, with `+00:00` or `Z`.
    static func parse(_ text: String) -> Instant? {
        let text = text.hasSuffix("+00:00") ? String(text.dropLast(6)) + "Z" : text
        guard text.hasSuffix("Z") else { return nil }
        let parts = text.dropLast().split(separator: ".", maxSplits: 1)
        guard let first = parts.first, let whole = Instant("\(first)Z") else { return nil }
        guard parts.count == 2 else { return whole }
        let digits = parts[1].prefix(9)
        guard let fraction = Int64(digits), fraction >= 0 else { return nil }
        let nanoseconds = (digits.count..<9).reduce(fraction) { value, _ in value * 10 }
        return whole.adding(nanoseconds: nanoseconds)
    }
}
