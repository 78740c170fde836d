/// What each figure of the page means, in the order of the page.
enum Definitions {
    /// A term and its meaning.
    typealias Definition = (term: String, text: String)

    /// All of them.
    static let all: [Definition] = returns + tearSheet + comparisons + trades + studies + words

    /// The meaning of a term, nil when it has none.
    static func text(of term: String) -> String? {
        all.first { $0.term == term }?.text
    }

    private static let returns: [Definition] = [
        (
            "n/a",
            "Ratios (Sharpe, Sortino, Calmar, information, alpha, beta, profit factor), intervals "
                + "and deflated Sharpe ratios are not shown under 30 closed trades, or 30 sessions "
                + "with a return other than 0, or where returns vary by rounding alone."
        ),
        ("Total return", "Product of (1 + daily return) less 1, net of costs."),
        ("Annual return", "The total return to the power of 252 / sessions."),
        ("Volatility, annual", "Sample standard deviation of daily returns times √252."),
        (
            "Sharpe ratio",
            "Mean daily return / sample standard deviation · √252, with a risk-free rate of 0."
        ),
        (
            "Sortino ratio",
            "Mean daily return / root mean square of the negative daily returns · √252."
        ),
        ("Calmar ratio", "Annual return / maximum drawdown."),
        ("Maximum drawdown", "The lowest of value / highest value so far − 1."),
        ("Mean exposure", "Mean over sessions of holdings / value after the close."),
        ("Turnover a year", "Dollars bought and sold / mean value, for 252 sessions."),
    ]

    private static let tearSheet: [Definition] = [
        (
            "Rolling Sharpe ratio",
            "The Sharpe ratio of the latest \(RollingMetrics.sessions) sessions, at each session; "
                + "none where nothing moved."
        ),
        (
            "Rolling volatility",
            "The annual volatility of the latest \(RollingMetrics.sessions) sessions."
        ),
        ("Rolling beta", "Beta over the latest \(RollingMetrics.sessions) sessions."),
        (
            "VaR, CVaR (5 %)",
            "Value at risk: the daily return that 5 % of the sessions were below, as they came. "
                + "Conditional value at risk: the mean return of those sessions."
        ),
        (
            "Skew, excess kurtosis",
            "Skew: below 0 where large losses are larger than large gains. Excess kurtosis: above 0 "
                + "where extreme days are more frequent than a normal distribution has them. Both "
                + "without the bias of small samples."
        ),
    ]

    private static let comparisons: [Definition] = [
        (
            "Excess at equal exposure",
            "Mean of r(t) − exposure(t−1) · index return(t), times 252: what the strategy earned "
                + "beyond holding as much of the index as it held in stocks. The information ratio "
                + "is that mean / its sample standard deviation · √252."
        ),
        ("Alpha, annual", "(Mean return − beta · mean index return) · 252."),
        ("Beta", "Covariance with the index / variance of the index."),
        (
            "Equal-weight universe",
            "Every ticker with a bar in a session and the session before, in equal parts, "
                + "rebalanced at every close, without costs. It holds only what survived into the "
                + "data: its level flatters."
        ),
        (
            "Index at equal exposure",
            "The index held each session with the exposure that the strategy had at the close "
                + "before, the rest in cash."
        ),
    ]

    private static let trades: [Definition] = [
        ("Closed trades", "Positions opened and closed in the window; open ones stand outside."),
        (
            "Win rate",
            "Wins / closed trades. A win has a net return above .5 % (the setting breakeven), a loss "
                + "one below −.5 %; what lies between is neither."
        ),
        ("Share of trades above 0", "Closed trades with a profit above 0 / closed trades."),
        ("Profit factor, gross", "Dollars of all trades above 0 / dollars of all below."),
        ("Mean return a trade", "Mean net return of closed trades on the dollars paid."),
        (
            "Excess",
            "A trade's net return less the index from exactly its entry to its exit: at the open "
                + "for fills at the open, at the close of the day for all others."
        ),
        (
            "Without the best five",
            "The value at the end less the closed profit of the five tickers that earned most, "
                + "against the start."
        ),
        (
            "Hindsight",
            "A fact whose true knowledge date is not known (adjusted prices, today's sector, the "
                + "last known party). It is used, and counted."
        ),
    ]

    private static let studies: [Definition] = [
        (
            "Event-time excess",
            "For each ticker, side and first tradable session (repeated rows count once): from that "
                + "session on, close at the offset / open of that session − 1, less the same of the "
                + "index; before it, the negative of open of that session / close at the offset − 1, "
                + "less the same of the index. The mean over events with a bar there; sessions after "
                + "the window have not been read. The first "
                + "tradable session is the one after the first whose cycle (05:30 UTC of the day "
                + "after) knows the filing."
        ),
        (
            "Standard error",
            "Of the mean, robust to dependence within the calendar month of the first tradable "
                + "session. Events of neighbouring months overlap too, so it is still too small."
        ),
        (
            "Random tickers",
            "Each draw gives every entry a ticker at random among those with a bar with volume at "
                + "that session (and enough bars before it for the stop), no ticker twice in a "
                + "session. Stop, trailing stop, take-profit, timeout, the rule for tickers without "
                + "a price, and costs are those of the entry's own order; what is open at the end "
                + "is marked at its last close. Orders without any rule are left in the session in "
                + "which the run left them. The draws depend on a fixed seed."
        ),
        (
            "Attribution",
            "By filer, party, chamber and lag a closed trade is split equally over the purchases "
                + "that counted in its signal. By sector, regime and confidence decile it counts as "
                + "a whole. Sector and party are the last known (hindsight)."
        ),
        (
            "Confidence decile",
            "Tenths of the closed trades by the confidence of their signals; equal confidences "
                + "stand together, in the tenth of their middle rank, so some tenths are empty."
        ),
        (
            "Costs and delay",
            CostText.priced + " " + CostText.replayed
        ),
        ("Waiting", CostText.waiting),
    ]
}

extension ReportPage {
    /// The meaning of every figure.
    var definitionsSection: String {
        Definitions.html(Definitions.all)
    }
}
