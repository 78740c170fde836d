"""Daily bars of Yahoo as they were traded, with splits and dividends, and closes of the indices."""
import datetime
import zoneinfo

from inbox import Refused

COLUMNS = [
    "ticker", "date", "open", "high", "low", "close", "volume", "dividend_amount",
    "split_coefficient",
]
# Of days before the first that is asked for: a split is believed where the close before shows it.
OVERLAP = datetime.timedelta(days=10)


def symbols(text):
    """Tickers of a list or a file's text: between commas or blanks, `#` begins a remark."""
    words = " ".join(line.split("#")[0] for line in text.splitlines()).replace(",", " ").split()
    found = list(dict.fromkeys(word.upper().replace(".", "-").replace("/", "-") for word in words))
    if not found:
        raise Refused("no symbols; write AAPL,MSFT or name a file of them", 64)
    return found


def last_whole_day(now):
    """The last day whose bar is whole: today's from 17:00 New York on."""
    there = now.astimezone(zoneinfo.ZoneInfo("America/New_York"))
    return there.date() if there.hour >= 17 else there.date() - datetime.timedelta(days=1)


def as_traded(ticker, bars, last):
    """Rows of a ticker's bars until `last`, as they were traded.

    `bars` are Yahoo's, in order of date: date, open, high, low, close, volume, dividend, split (0
    on days without). Yahoo divides prices and dividends by every later split and multiplies volumes
    by it, also with auto_adjust=False; all splits up to today must be among the bars. Each is taken
    back here. A bar that is not whole is left out; gives the rows and how many were left out.
    """
    later = 1.0
    rows, left = [], 0
    for bar in reversed(bars):
        prices = [bar[name] for name in ("open", "high", "low", "close")]
        whole = all(price is not None and price > 0 for price in prices)
        if bar["date"] <= last:
            if whole and bar["volume"] is not None:
                opened, high, low, close = (rounded(price * later) for price in prices)
                rows.append({
                    "ticker": ticker, "date": bar["date"].isoformat(),
                    "open": opened, "high": high, "low": low, "close": close,
                    "volume": round(bar["volume"] / later),
                    "dividend_amount": f"{(bar['dividend'] or 0) * later:.6g}",
                    "split_coefficient": f"{bar['split'] or 1:.10g}",
                })
            else:
                left += 1
        # The split of a day is in the prices of the days before.
        later *= bar["split"] or 1
    return rows[::-1], left


def rounded(price):
    """As text, without what single precision adds: hundredths of a cent, cents from 1,000 on."""
    return f"{price:.4f}" if price < 1000 else f"{price:.2f}"


def closes(bars, last, series):
    """Rows of an index: dates and closes. Who reads them tells VIX from the market by the name."""
    return [
        {"date": bar["date"].isoformat(), "close": rounded(bar["close"]), "series": series}
        for bar in bars
        if bar["date"] <= last and bar["close"] is not None and bar["close"] > 0
    ]


def bars_of(frame):
    """Bars of a ticker's data frame, as yfinance 1.7 gives it: columns Open … Stock Splits."""
    names = {
        "open": "Open", "high": "High", "low": "Low", "close": "Close", "volume": "Volume",
        "dividend": "Dividends", "split": "Stock Splits",
    }
    missing = [name for name in names.values() if name not in frame.columns]
    if missing:
        raise Refused(f"yfinance gave no column {', '.join(missing)}: another version?", 65)
    bars = []
    for index, row in frame.iterrows():
        bar = {"date": index.date()}
        for key, name in names.items():
            value = float(row[name])
            bar[key] = None if value != value else value
        # What a fund pays out of its gains is in the adjusted close like a dividend.
        gains = float(row["Capital Gains"]) if "Capital Gains" in frame.columns else 0.0
        if gains == gains and gains:
            bar["dividend"] = (bar["dividend"] or 0) + gains
        bars.append(bar)
    return bars


def download(names, start):
    """Bars by symbol, of those that Yahoo has; of others an empty list."""
    try:
        import yfinance
    except ImportError as error:
        raise Refused("yfinance is not there: pip install yfinance", 69) from error
    frame = yfinance.download(
        names, start=start.isoformat(), auto_adjust=False, actions=True, group_by="ticker",
        progress=False)
    result = {}
    for name in names:
        is_there = frame is not None and name in frame.columns.get_level_values(0)
        result[name] = bars_of(frame[name].dropna(how="all")) if is_there else []
    return result


def fetch(options, inbox, now, tell, download=download):
    """`fetch prices`: one file of bars, one of the market's index, one of the volatility index."""
    names = symbols(options.symbols)
    last = last_whole_day(now)
    indices = [name for name in (options.index, options.vix) if name]
    start = datetime.date.fromisoformat(getattr(options, "from")) - OVERLAP
    found = download(list(dict.fromkeys(names + indices)), start)
    rows, absent, left = [], [], 0
    for name in names:
        own, without = as_traded(name, found[name], last)
        absent += [] if own else [name]
        rows += own
        left += without
    paths = [inbox.put("prices", COLUMNS, rows)]
    for kind, name in (("index", options.index), ("vix", options.vix)):
        if not name:
            continue
        series = closes(found[name], last, "VIX" if kind == "vix" else name)
        absent += [] if series else [name]
        paths.append(inbox.put(kind, ["date", "close", "series"], series))
    for path in filter(None, paths):
        tell(f"wrote {path}")
    tell(
        f"prices: {len(rows)} bars of {len(names)} symbols to {last}, "
        f"{left} without all prices left out")
    if absent:
        tell("nothing came of: " + " ".join(absent))
    if not rows:
        raise Refused("no bars came: no network, or Yahoo refused", 69)
