"""The workload's rule written by hand in numba, fills at the next open. Usage: follow_numba.py FOLDER"""
import numpy as np
from numba import njit

import follow_common as common


@njit(cache=False)
def run(opens, closes, entries, out):
    days, tickers = closes.shape
    price, bar, quantity = np.zeros(tickers), np.full(tickers, -1), np.zeros(tickers, np.int64)
    pending = np.zeros(tickers, np.int64)  # 1 buy, 2, 3, 4 sell for a reason
    active, trades, cash = 0, 0, 10_000_000.0
    for t in range(days):
        for i in range(tickers):
            if pending[i] > 1:
                cash += quantity[i] * opens[t, i] * (1 - 0.0005)
                row = out[trades]
                row[0], row[1], row[2], row[3] = i, bar[i], t, quantity[i]
                row[4], row[5], row[6] = price[i], opens[t, i], pending[i] - 2
                trades += 1
                active -= 1
                bar[i] = -1
                pending[i] = 0
        for i in range(tickers):
            if pending[i] == 1:
                cash -= quantity[i] * opens[t, i] * (1 + 0.0005)
                price[i], bar[i], pending[i] = opens[t, i], t, 0
        for i in range(tickers):
            close = closes[t, i]
            if bar[i] >= 0:
                if close <= price[i] * (1 - 0.10):
                    pending[i] = 2
                elif close >= price[i] * (1 + 0.20):
                    pending[i] = 3
                elif t - bar[i] >= 30:
                    pending[i] = 4
            elif entries[t, i] and active < 50:
                quantity[i] = int(20_000 // close)
                if quantity[i] > 0:
                    pending[i] = 1
                    active += 1
    return trades, cash


bars, dates, tickers, entries = common.load()
opens, closes = (
    bars.pivot(index="date", columns="ticker", values=name).to_numpy() for name in ("open", "close"))
out = np.zeros((20_000, 7))
times = []
for _ in range(8):
    started = common.now()
    trades, _ = run(opens, closes, entries, out)
    times.append(common.now() - started)
rows = [(*map(int, row[:4]), row[4], row[5], common.REASONS[int(row[6])]) for row in out[:trades]]
common.answer(times, rows)
