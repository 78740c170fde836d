import Brokerage
import Events

/// A field of an answer that cannot be understood.
struct UnreadableField: Error, Hashable {
    let text: String

    init(_ name: String, _ value: String?) {
        text = "\(name): \(value ?? "none")"
    }
}

extension AlpacaAnswer {
    static func money(_ name: String, _ number: AlpacaNumber?) throws(UnreadableField) -> Money {
        guard let number, let units = DecimalText.rounded(number.text, decimals: 8) else {
            throw UnreadableField(name, number?.text)
        }
        return Money(rawValue: units)
    }

    static func shares(_ name: String, _ number: AlpacaNumber?) throws(UnreadableField) -> Quantity
    {
        guard let number, let units = DecimalText.rounded(number.text, decimals: 8) else {
            throw UnreadableField(name, number?.text)
        }
        return Quantity(rawValue: units)
    }

    static func instant(_ name: String, _ text: String?) throws(UnreadableField) -> Instant {
        guard let text, let instant = AlpacaText.instant(text) else {
            throw UnreadableField(name, text)
        }
        return instant
    }
}

extension AlpacaAnswer.Clock {
    func value() throws(UnreadableField) -> BrokerClock {
        BrokerClock(
            now: try AlpacaAnswer.instant("timestamp", timestamp), isOpen: isOpen,
            nextOpen: try AlpacaAnswer.instant("next_open", nextOpen),
            nextClose: try AlpacaAnswer.instant("next_close", nextClose))
    }
}

extension AlpacaAnswer.Session {
    func value() throws(UnreadableField) -> BrokerSession {
        guard let day = Day(date) else { throw UnreadableField("date", date) }
        guard let open = AlpacaText.newYork(day, self.open) else {
            throw UnreadableField("open", self.open)
        }
        guard let close = AlpacaText.newYork(day, self.close) else {
            throw UnreadableField("close", self.close)
        }
        return BrokerSession(day: day, open: open, close: close)
    }
}

extension AlpacaAnswer.Order {
    /// The order; what only foreign orders have is kept by name.
    func value() throws(UnreadableField) -> BrokerOrder {
        guard let status = AlpacaText.status(status) else {
            throw UnreadableField("status", self.status)
        }
        let filled = try filledQty.map { (number) throws(UnreadableField) in
            try AlpacaAnswer.shares("filled_qty", number)
        }
        var value = Money.zero
        if let filled, filled > .zero, let mean = filledAvgPrice {
            guard let paid = AlpacaText.value(filled, mean: mean.text) else {
                throw UnreadableField("filled_avg_price", mean.text)
            }
            value = paid
        }
        let submitted = try AlpacaAnswer.instant("submitted_at", submittedAt ?? createdAt)
        return BrokerOrder(
            id: id, clientID: clientOrderId, assetID: assetId ?? "", symbol: symbol ?? "",
            side: side == "buy" ? .buy : .sell,
            // An order for an amount of dollars has no quantity; it is never ours.
            quantity: qty == nil ? .zero : try AlpacaAnswer.shares("qty", qty),
            pricing: try pricing(), timeInForce: form, status: status, filled: filled ?? .zero,
            filledValue: value, submittedAt: submitted,
            updatedAt: try updatedAt.map { (text) throws(UnreadableField) in
                try AlpacaAnswer.instant("updated_at", text)
            } ?? submitted, replacedBy: replacedBy, replaces: replaces)
    }

    private func pricing() throws(UnreadableField) -> OrderPricing {
        switch type {
        case "market": .market
        case "stop": .stop(try price("stop_price", stopPrice))
        case "limit": .limit(try price("limit_price", limitPrice))
        default: .foreign(type ?? "")
        }
    }

    private func price(_ name: String, _ number: AlpacaNumber?) throws(UnreadableField) -> Price {
        guard let number, let units = DecimalText.rounded(number.text, decimals: 4) else {
            throw UnreadableField(name, number?.text)
        }
        return Price(rawValue: units)
    }

    private var form: TimeInForce {
        switch timeInForce {
        case "day": .day
        case "gtc": .untilCancelled
        case "opg": .opening
        default: .foreign
        }
    }
}

extension AlpacaAnswer.Position {
    func value() throws(UnreadableField) -> BrokerPosition {
        var held = try AlpacaAnswer.shares("qty", qty)
        // Some answers have the sign in the side alone.
        if side == "short", held > .zero { held = .zero - held }
        return BrokerPosition(
            assetID: assetId, symbol: symbol, isShare: assetClass == "us_equity", quantity: held,
            available: qtyAvailable == nil
                ? held : try AlpacaAnswer.shares("qty_available", qtyAvailable),
            averagePrice: try AlpacaAnswer.money("avg_entry_price", avgEntryPrice),
            lastPrice: currentPrice == nil
                ? nil : try AlpacaAnswer.money("current_price", currentPrice))
    }
}

extension AlpacaAnswer.Activity {
    func value() throws(UnreadableField) -> BrokerActivity {
        guard activityType == "FILL" else { return try other() }
        let quantity = try AlpacaAnswer.shares("qty", qty)
        let price = try AlpacaAnswer.money("price", price)
        guard let orderId, let side else { throw UnreadableField("order_id", orderId) }
        let units = (Int128(price.rawValue) * Int128(quantity.rawValue) + 50_000_000) / 100_000_000
        let value = Money(rawValue: Int64(clamping: units))
        return BrokerActivity(
            id: id,
            kind: .fill(
                order: orderId, side: side == "buy" ? .buy : .sell, quantity: quantity,
                price: price, cumulative: try AlpacaAnswer.shares("cum_qty", cumQty)),
            at: try AlpacaAnswer.instant("transaction_time", transactionTime), symbol: symbol,
            amount: side == "buy" ? -value : value)
    }

    private func other() throws(UnreadableField) -> BrokerActivity {
        guard let date, let day = Day(date) else { throw UnreadableField("date", date) }
        let kind: BrokerActivity.Kind =
            switch activityType {
            case "FEE", "CFEE", "PTC": .fee
            case "CSD", "CSW", "JNLC", "ACATC": .transfer
            case let type where type.hasPrefix("DIV"): .dividend
            case let type where type.hasPrefix("INT"): .interest
            default: .other(activityType)
            }
        return BrokerActivity(
            id: id, kind: kind, at: Instant(day), symbol: symbol,
            amount: netAmount == nil ? .zero : try AlpacaAnswer.money("net_amount", netAmount))
    }
}
