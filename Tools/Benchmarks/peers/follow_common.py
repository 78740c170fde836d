"""What the engines of the workload disclosure-follow share: its data, its hash, its answer."""
import hashlib
import json
import pathlib
import sys
import time

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


def now():
    """Seconds on the wall, and of this process on the processor."""
    return np.array([time.perf_counter(), time.process_time()])


def answer(runs, trades):
    """Prints the median of the runs (the first of several compiles) and the hash of the trades:
    (ticker, entry, exit, quantity, price, price, reason) each."""
    run, processor = np.median(runs[1:] or runs, axis=0)
    seconds = {"run": run, "processor": processor}
    if len(runs) > 1:
        seconds["cold, compiling"] = runs[0][0]
    text = "\n".join("%d,%d,%d,%d,%.2f,%.2f,%s" % tuple(trade) for trade in sorted(trades))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    print(json.dumps({"seconds": seconds, "trades": f"{len(trades)} trades {digest}"}))
