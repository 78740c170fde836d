import Events
import Testing

@testable import Alpaca
@testable import Brokerage

/// Answers in the form in which Alpaca's documentation prints them: the same fields, in the same
/// types, with the same oddities (numbers as texts and a few as numbers, times at New York's offset
/// beside UTC, with three to nine decimals, empty texts for none). The values are our own.
@Suite("Alpaca's answers")
struct AlpacaAnswerTests {
    @Test("the account and its settings")
    func account() throws {
        let transport = CannedTransport(
            """
            {"id":"5f3c9b1e-0d6a-4c2e-9a57-1b7f0e8d4c21","admin_configurations":{},
            "user_configurations":null,"account_number":"PA3B7XQ9K2MN","status":"ACTIVE",
            "crypto_status":"ACTIVE","currency":"USD","buying_power":"98765.43",
            "effective_buying_power":"98765.43","daytrading_buying_power":"0","bod_dtbp":0,
            "cash":"98765.43","accrued_fees":"0.04","pending_transfer_in":"0",
            "portfolio_value":"123456.789","pattern_day_trader":false,"trading_blocked":false,
            "transfers_blocked":false,"account_blocked":false,
            "created_at":"2026-01-02T15:04:05.123456Z","trade_suspended_by_user":false,
            "multiplier":"1","shorting_enabled":false,"equity":"123456.789",
            "last_equity":"123001.00000000012345678","long_market_value":"24691.359",
            "short_market_value":"0","sma":"0","daytrade_count":0,"balance_asof":"2026-11-24"}
            """,
            """
            {"dtbp_check":"entry","fractional_trading":true,"max_margin_multiplier":"1",
            "no_shorting":true,"pdt_check":"entry","ptp_no_exception_entry":false,
            "suspend_trade":false,"trade_confirm_email":"all"}
            """)
        var port = AlpacaPort(transport)
        let account = try port.account()
        #expect(
            account
                == BrokerAccount(
                    id: "5f3c9b1e-0d6a-4c2e-9a57-1b7f0e8d4c21", number: "PA3B7XQ9K2MN",
                    isActive: true, cash: Money(rawValue: 9_876_543_000_000),
                    equity: Money(rawValue: 12_345_678_900_000),
                    accruedFees: Money(rawValue: 4_000_000), noShorting: true,
                    maxMarginMultiplier: "1"))
        #expect(account.objections.isEmpty)
        #expect(transport.requests.map(\.target) == ["/v2/account", "/v2/account/configurations"])
    }

    @Test("an account that may not be traded on says why")
    func objections() {
        let account = BrokerAccount(
            id: "", number: "", isActive: false, cash: .zero, equity: .zero, noShorting: false,
            maxMarginMultiplier: "4")
        #expect(account.objections.count == 3)
        var good = account
        (good.isActive, good.noShorting, good.maxMarginMultiplier) = (true, true, "1.0")
        #expect(good.objections.isEmpty)
    }

    @Test("clock and calendar, in summer and winter, on a short day")
    func times() throws {
        let transport = CannedTransport(
            """
            {"timestamp":"2026-07-06T09:12:34.123456789-04:00","is_open":false,
            "next_open":"2026-07-06T09:30:00-04:00","next_close":"2026-07-06T16:00:00-04:00"}
            """,
            """
            [{"date":"2026-11-25","open":"09:30","close":"16:00","session_open":"0400",
            "session_close":"2000","settlement_date":"2026-11-27"},
            {"date":"2026-11-27","open":"09:30","close":"13:00","session_open":"0400",
            "session_close":"1700","settlement_date":"2026-11-30"}]
            """)
        var port = AlpacaPort(transport)
        let clock = try port.clock()
        #expect(clock.now.description == "2026-07-06T13:12:34.123456789Z")
        #expect(clock.nextOpen.description == "2026-07-06T13:30:00Z" && !clock.isOpen)
        let day = Day(year: 2026, month: 11, day: 25)!
        let sessions = try port.calendar(day...(day + 2))
        #expect(
            sessions.map(\.close.description) == ["2026-11-25T21:00:00Z", "2026-11-27T18:00:00Z"])
        #expect(transport.requests[1].target == "/v2/calendar?start=2026-11-25&end=2026-11-27")
    }

    @Test("an asset; a share class behind a point; none")
    func asset() throws {
        let body = """
            {"id":"0c9e8b7a-6d5f-4e3c-8b2a-1f0e9d8c7b6a","class":"us_equity","exchange":"NYSE",
            "symbol":"BRK.B","name":"Made Up Class B","status":"active","tradable":true,
            "marginable":true,"shortable":true,"easy_to_borrow":true,"fractionable":true,
            "maintenance_margin_requirement":30,"attributes":["has_options"]}
            """
        let transport = CannedTransport([
            CannedTransport.status(200, body),
            CannedTransport.status(200, body.replacing("active", with: "inactive")),
            CannedTransport.status(404, #"{"code":40410000,"message":"asset not found for X"}"#),
            CannedTransport.status(404, "<html>no such page</html>"),
        ])
        var port = AlpacaPort(transport)
        let ticker = Ticker("BRK-B")!
        #expect(try port.asset(ticker)?.isTradable == true)
        #expect(transport.requests[0].target == "/v2/assets/BRK.B")
        #expect(try port.asset(ticker)?.isTradable == false)
        #expect(try port.asset(ticker) == nil)
        #expect(port.failure { try $0.asset(ticker) } == .unknown(.status(404)))
        transport.answers = [CannedTransport.status(200, body)]
        _ = try port.asset(Ticker("A?b=/%")!)
        #expect(transport.requests[4].target == "/v2/assets/A%3Fb%3D%2F%25")
    }

    @Test("positions: long, short by its side, and what is no share")
    func positions() throws {
        func position(_ symbol: String, _ kind: String, _ quantity: String, _ side: String)
            -> String
        {
            """
            {"asset_id":"a-\(symbol)","symbol":"\(symbol)","exchange":"NASDAQ",
            "asset_class":"\(kind)","asset_marginable":true,"avg_entry_price":"100.123333",
            "qty":"\(quantity)","side":"\(side)","market_value":"600","cost_basis":"500",
            "unrealized_pl":"100","unrealized_plpc":"0.20","current_price":"120",
            "lastday_price":"119","change_today":"0.0084","qty_available":"4"}
            """
        }
        var port = AlpacaPort(
            CannedTransport(
                "[" + position("AAPL", "us_equity", "5", "long") + ","
                    + position("TSLA", "us_equity", "7", "short") + ","
                    + position("BTCUSD", "crypto", "0.12345678", "long") + "]"))
        let positions = try port.positions()
        #expect(positions.map(\.quantity.rawValue) == [500_000_000, -700_000_000, 12_345_678])
        #expect(positions.map(\.isShare) == [true, true, false])
        #expect(positions[0].available == Quantity(shares: 4))
        #expect(positions[0].averagePrice == Money(rawValue: 10_012_333_300))
    }

    @Test("activities: fills and what is no trade, page by page")
    func activities() throws {
        let fill = """
            {"activity_type":"FILL","cum_qty":"3","id":"20261125093012345::aa","leaves_qty":"7",
            "price":"1.63","qty":"3","side":"buy","symbol":"LPCN","type":"partial_fill",
            "transaction_time":"2026-11-25T14:30:12.345Z","order_id":"o-1"}
            """
        let dividend = """
            {"activity_type":"DIVNRA","id":"20261125000000000::bb","date":"2026-11-25",
            "net_amount":"-1.02","symbol":"T","qty":"2","per_share_amount":"0.51",
            "status":"executed","description":""}
            """
        let fee = """
            {"activity_type":"FEE","id":"20261126000000000::cc","date":"2026-11-26",
            "net_amount":"-0.03","description":"REG fee"}
            """
        let split = """
            {"activity_type":"SSP","id":"20261127000000000::dd","date":"2026-11-27","symbol":"T",
            "qty":"10"}
            """
        let page = "[" + Array(repeating: fill, count: 99).joined(separator: ",") + ",\(dividend)]"
        let transport = CannedTransport(page, "[\(fee),\(split)]")
        var port = AlpacaPort(transport)
        let found = try port.activities(after: "20261124::zz")
        #expect(found.count == 102)
        #expect(
            found[0]
                == BrokerActivity(
                    id: "20261125093012345::aa",
                    kind: .fill(
                        order: "o-1", side: .buy, quantity: Quantity(shares: 3),
                        price: Money(dollars: 1.63), cumulative: Quantity(shares: 3)),
                    at: Instant("2026-11-25T14:30:12Z")!.adding(nanoseconds: 345_000_000),
                    symbol: "LPCN", amount: Money(dollars: -4.89)))
        #expect(found[99].kind == .dividend && found[99].amount == Money(dollars: -1.02))
        #expect(found[100].kind == .fee && found[101].kind == .other("SSP"))
        #expect(found[101].amount == .zero)
        #expect(
            transport.requests.map(\.target) == [
                "/v2/account/activities?direction=asc&page_size=100&page_token=20261124%3A%3Azz",
                "/v2/account/activities?direction=asc&page_size=100"
                    + "&page_token=20261125000000000%3A%3Abb",
            ])
    }
}
