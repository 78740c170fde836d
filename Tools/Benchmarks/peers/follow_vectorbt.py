"""The workload in vectorbt: its own order simulation, the rule in numba callbacks, fills at the next
open. Usage: follow_vectorbt.py FOLDER"""
import numpy as np
import vectorbt as vbt
from numba import njit
from vectorbt.portfolio import nb
from vectorbt.portfolio.enums import OrderStatus

import follow_common as common


@njit
def order(c, opens, entries, price, bar, quantity, pending, state, out):
    if pending[c.col] == 1:
        return nb.order_nb(size=quantity[c.col], price=opens[c.i, c.col], fees=0.0005)
    if pending[c.col] > 1:
        return nb.order_nb(size=-quantity[c.col], price=opens[c.i, c.col], fees=0.0005)
    return nb.order_nothing_nb()


@njit
def filled(c, opens, entries, price, bar, quantity, pending, state, out):
    if c.order_result.status != OrderStatus.Filled:
        return
    if pending[c.col] == 1:
        price[c.col], bar[c.col] = c.order_result.price, c.i
    else:
        row = out[state[1]]
        row[0], row[1], row[2], row[3] = c.col, bar[c.col], c.i, quantity[c.col]
        row[4], row[5], row[6] = price[c.col], c.order_result.price, pending[c.col] - 2
        state[1] += 1
        state[0] -= 1
        bar[c.col] = -1
    pending[c.col] = 0


@njit
def decide(c, opens, entries, price, bar, quantity, pending, state, out):
    for i in range(c.from_col, c.to_col):
        close = c.close[c.i, i]
        if bar[i] >= 0:
            if close <= price[i] * (1 - 0.10):
                pending[i] = 2
            elif close >= price[i] * (1 + 0.20):
                pending[i] = 3
            elif c.i - bar[i] >= 30:
                pending[i] = 4
        elif entries[c.i, i] and state[0] < 50:
            quantity[i] = int(20_000 // close)
            if quantity[i] > 0:
                pending[i] = 1
                state[0] += 1


bars, dates, tickers, entries = common.load()
opens = bars.pivot(index="date", columns="ticker", values="open").to_numpy()
closes = bars.pivot(index="date", columns="ticker", values="close")
times = []
for _ in range(4):
    count = len(tickers)
    out = np.zeros((20_000, 7))
    state = np.zeros(2, np.int64)
    arguments = (
        opens, entries, np.zeros(count), np.full(count, -1), np.zeros(count, np.int64),
        np.zeros(count, np.int64), state, out)
    started = common.now()
    vbt.Portfolio.from_order_func(
        closes, order, *arguments, post_order_func_nb=filled, post_order_args=arguments,
        post_segment_func_nb=decide, post_segment_args=arguments, init_cash=common.CASH,
        group_by=True, cash_sharing=True, call_pre_segment=False, call_post_segment=True,
        update_value=False, ffill_val_price=False)
    times.append(common.now() - started)
rows = [(*map(int, row[:4]), row[4], row[5], common.REASONS[int(row[6])]) for row in out[:state[1]]]
common.answer(times, rows)
