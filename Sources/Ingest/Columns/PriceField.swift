/// What a column of a file of bars says.
enum PriceField: String, CaseIterable, Comparable, CustomStringConvertible, Sendable {
    case ticker, date, open, high, low, close, volume
    case adjustedClose = "adj_close"
    case dividend, split
    /// How long a bar is; it must be a day.
    case period

    var description: String { rawValue }

    private var place: Int { PriceField.allCases.firstIndex(of: self) ?? 0 }

    static func < (left: PriceField, right: PriceField) -> Bool { left.place < right.place }

    /// What download pages, libraries and interfaces call them: Yahoo, yfinance, Stooq, Nasdaq,
    /// Alpaca, Polygon, Tiingo, Alpha Vantage, EOD Historical Data, Barchart, Investing, Kaggle.
    static let names = ColumnNames<PriceField>(
        strong: columnTable([
            (.ticker, "ticker symbol tickersymbol act_symbol actsymbol"),
            (.date, "date day tradingday tradedate sessiondate dateutc"),
            (.open, "open o openprice 1open"), (.high, "high h highprice 2high"),
            (.low, "low l lowprice 3low"), (.close, "close c closeprice closelast 4close"),
            (
                .adjustedClose,
                "adjclose adjustedclose adjcloseprice adjustedcloseprice closeadj adjclosing "
                    + "5adjustedclose"
            ),
            (.volume, "volume v vol 5volume 6volume tradevolume sharevolume totalvolume"),
            (.dividend, "dividend dividends divcash dividendamount 7dividendamount exdividend"),
            (
                .split,
                "split splits stocksplit stocksplits splitfactor splitcoefficient splitratio "
                    + "8splitcoefficient"
            ),
            (.period, "per period interval timeframe barsize"),
        ]),
        weak: columnTable([
            (.ticker, "name code stock sym s"),
            (.date, "timestamp datetime time t windowstart begin start beginsat observationdate"),
            (.close, "last price lastprice"),
        ]))

    /// Columns of adjusted prices that are computed here from the adjusted close.
    static let computed: Set<String> = [
        "adjopen", "adjhigh", "adjlow", "adjvolume", "adjustedopen", "adjustedhigh",
        "adjustedlow", "adjustedvolume", "unadjustedvolume", "closeunadj", "unadjclose",
        "unadjustedclose",
    ]
}
