"""What the engines of the workload disclosure-follow share: its data, its hash, its answer."""
import hashlib
import json
import pathlib
import sys

import numpy as np
import pandas as pd

STOP, TARGET, SESSIONS, ACTIVE, DOLLARS, CASH = 0.10, 0.20, 30, 50, 20_000.0, 10_000_000.0
COMMISSION, CONFIDENCE = 0.0005, 0.65
REASONS = ("stop", "target", "time")


def load():
    """Bars of the folder in argv[1], as a frame, and the days' entries: (days, tickers) of bool."""
    folder = pathlib.Path(sys.argv[1])
    bars = pd.read_csv(folder / "bars.csv")
    dates = sorted(bars.date.unique())
    index = {date: number for number, date in enumerate(dates)}
    tickers = sorted(bars.ticker.unique())
    entries = np.zeros((len(dates), len(tickers)), dtype=np.bool_)
    for row in pd.read_csv(folder / "disclosures.csv").itertuples():
        if row.side == "buy" and row.confidence >= CONFIDENCE:
            entries[index[row.disclosure_date], int(row.ticker[1:])] = True
    return bars, dates, tickers, entries


def answer(seconds, trades):
    """Prints seconds by name, and the hash of (ticker, entry, exit, quantity, price, price, reason)."""
    text = "\n".join("%d,%d,%d,%d,%.2f,%.2f,%s" % tuple(trade) for trade in sorted(trades))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    print(json.dumps({"seconds": seconds, "trades": f"{len(trades)} trades {digest}"}))
