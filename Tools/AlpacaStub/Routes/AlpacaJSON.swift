import AlpacaExchange
import Brokerage
import Events
import Market

/// The exchange's values in the words of Alpaca's documentation.
public enum AlpacaJSON {
    /// The account.
    static func account(_ exchange: Exchange) -> String {
        let account = exchange.account
        var object = JSONObject()
        object.text("id", account.id)
        object.json("admin_configurations", "{}")
        object.json("user_configurations", "null")
        object.text("account_number", account.number)
        object.text("status", account.isActive ? "ACTIVE" : "ACCOUNT_UPDATED")
        object.text("crypto_status", "INACTIVE")
        object.text("currency", "USD")
        for name in ["buying_power", "regt_buying_power", "non_marginable_buying_power"] {
            object.text(name, money(account.cash))
        }
        object.text("daytrading_buying_power", "0")
        object.text("cash", money(account.cash))
        object.text("accrued_fees", money(account.accruedFees))
        object.text("portfolio_value", money(account.equity))
        object.boolean("pattern_day_trader", false)
        for name in ["trading_blocked", "transfers_blocked", "account_blocked"] {
            object.boolean(name, false)
        }
        object.text("created_at", "2026-01-02T15:00:00.123456Z")
        object.boolean("trade_suspended_by_user", false)
        object.text("multiplier", "1")
        object.boolean("shorting_enabled", false)
        object.text("equity", money(account.equity))
        object.text("last_equity", money(account.equity))
        object.text("long_market_value", money(exchange.marketValue))
        object.text("short_market_value", "0")
        object.text("initial_margin", "0")
        object.text("maintenance_margin", "0")
        object.text("last_maintenance_margin", "0")
        object.text("sma", "0")
        object.integer("daytrade_count", 0)
        return object.text
    }

    /// The settings of the account.
    static func configurations(_ exchange: Exchange) -> String {
        var object = JSONObject()
        object.text("dtbp_check", "entry")
        object.boolean("fractional_trading", false)
        object.text("max_margin_multiplier", exchange.maxMarginMultiplier)
        object.boolean("no_shorting", exchange.noShorting)
        object.text("pdt_check", "entry")
        object.boolean("ptp_no_exception_entry", false)
        object.boolean("suspend_trade", false)
        object.text("trade_confirm_email", "none")
        return object.text
    }

    /// The clock.
    static func clock(_ clock: BrokerClock) -> String {
        var object = JSONObject()
        object.text("timestamp", newYork(clock.now))
        object.boolean("is_open", clock.isOpen)
        object.text("next_open", newYork(clock.nextOpen))
        object.text("next_close", newYork(clock.nextClose))
        return object.text
    }

    /// A session.
    static func session(_ session: BrokerSession) -> String {
        var object = JSONObject()
        object.text("close", minute(session.close))
        object.text("date", session.day.description)
        object.text("open", minute(session.open))
        object.text("session_close", "2000")
        object.text("session_open", "0400")
        return object.text
    }

    /// A share.
    static func asset(_ asset: BrokerAsset) -> String {
        var object = JSONObject()
        object.text("id", asset.id)
        object.text("class", "us_equity")
        object.text("exchange", "NASDAQ")
        object.text("symbol", asset.symbol)
        object.text("name", "\(asset.symbol) Common Stock")
        object.text("status", "active")
        object.boolean("tradable", asset.isTradable)
        for name in ["marginable", "shortable", "easy_to_borrow", "fractionable"] {
            object.boolean(name, false)
        }
        return object.text
    }

    /// A position.
    static func position(_ position: BrokerPosition, _ exchange: Exchange) -> String {
        let last = exchange.lastTrade(position.symbol) ?? Price(rawValue: 0)
        let cost = Money(dollars: position.averagePrice.dollars * position.quantity.shares)
        let value = last.value(of: position.quantity)
        var object = JSONObject()
        object.text("asset_id", position.assetID)
        object.text("symbol", position.symbol)
        object.text("exchange", "NASDAQ")
        object.text("asset_class", "us_equity")
        object.boolean("asset_marginable", false)
        object.text("avg_entry_price", money(position.averagePrice))
        object.text("qty", shares(position.quantity))
        object.text("qty_available", shares(position.available))
        object.text("side", position.quantity < .zero ? "short" : "long")
        object.text("market_value", money(value))
        object.text("cost_basis", money(cost))
        for name in [
            "unrealized_pl", "unrealized_plpc", "unrealized_intraday_pl",
            "unrealized_intraday_plpc", "change_today",
        ] { object.text(name, "0") }
        object.text("current_price", last.description)
        object.text("lastday_price", last.description)
        return object.text
    }

    /// An activity.
    static func activity(_ activity: BrokerActivity, _ exchange: Exchange) -> String {
        var object = JSONObject()
        object.text("id", activity.id)
        object.text("activity_type", word(activity.kind))
        if case .fill(let order, let side, let quantity, let price, let cumulative) = activity.kind
        {
            let whole = exchange.order(id: order)?.shown.quantity ?? cumulative
            object.text("transaction_time", activity.at.description)
            object.text("type", cumulative == whole ? "fill" : "partial_fill")
            object.text("price", money(price))
            object.text("qty", shares(quantity))
            object.text("side", side == .buy ? "buy" : "sell")
            object.text("symbol", activity.symbol)
            object.text("leaves_qty", shares(whole - cumulative))
            object.text("order_id", order)
            object.text("cum_qty", shares(cumulative))
            object.text("order_status", cumulative == whole ? "filled" : "partially_filled")
        } else {
            object.text("date", activity.at.day.description)
            object.text("net_amount", money(activity.amount))
            if let symbol = activity.symbol { object.text("symbol", symbol) }
            object.text("description", "")
            object.text("status", "executed")
        }
        return object.text
    }

    /// The word for what an activity is.
    static func word(_ kind: BrokerActivity.Kind) -> String {
        switch kind {
        case .fill: "FILL"
        case .fee: "FEE"
        case .dividend: "DIV"
        case .interest: "INT"
        case .transfer: "CSD"
        case .other(let word): word
        }
    }

    // MARK: Numbers and times

    static func money(_ money: Money) -> String { DecimalText.text(money.rawValue, decimals: 8) }

    static func shares(_ quantity: Quantity) -> String {
        DecimalText.text(quantity.rawValue, decimals: 8)
    }

    /// An instant at New York's offset, as the broker writes some of its times.
    static func newYork(_ instant: Instant) -> String {
        let noon = NewYorkTime.instant(NewYorkTime.local(instant).day, minute: 720)
        let hours = (noon.rawValue - Instant(noon.day, hour: 12).rawValue) / 3_600_000_000_000
        let local = instant.adding(seconds: -hours * 3_600).description.dropLast()
        return "\(local)-0\(hours):00"
    }

    private static func minute(_ instant: Instant) -> String {
        let minute = NewYorkTime.local(instant).minute
        let (hours, minutes) = minute.quotientAndRemainder(dividingBy: 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }
}

extension AlpacaRoutes {
    /// An instant as a client writes one: as the broker does.
    static func wireInstant(_ text: String) -> Instant? {
        WireInstant.parse(text)
    }
}
