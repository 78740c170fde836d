"""The workload in backtrader, fills at the next open. Usage: follow_backtrader.py FOLDER"""
import backtrader as bt
import pandas as pd

import follow_common as common


class Follow(bt.Strategy):
    params = {"entries": None}

    def __init__(self):
        self.active, self.trades = {}, []
        self.numbers = {id(data): number for number, data in enumerate(self.datas)}
        self.day = -1

    def notify_order(self, order):
        if order.status != order.Completed:
            return
        number = self.numbers[id(order.data)]
        if order.isbuy():
            self.active[number].update(price=order.executed.price, bar=self.day + 1)
        else:
            held = self.active.pop(number)
            self.trades.append(
                (number, held["bar"], self.day + 1, held["quantity"], held["price"],
                 order.executed.price, held["reason"]))

    def next(self):
        self.day += 1
        today = self.p.entries[self.day]
        for number, data in enumerate(self.datas):
            held = self.active.get(number)
            if held is not None:
                close = data.close[0]
                if close <= held["price"] * (1 - common.STOP):
                    held["reason"] = "stop"
                elif close >= held["price"] * (1 + common.TARGET):
                    held["reason"] = "target"
                elif self.day - held["bar"] >= common.SESSIONS:
                    held["reason"] = "time"
                else:
                    continue
                self.sell(data, size=held["quantity"])
            elif today[number] and len(self.active) < common.ACTIVE:
                quantity = int(common.DOLLARS // data.close[0])
                if quantity:
                    self.active[number] = {"quantity": quantity}
                    self.buy(data, size=quantity)


bars, dates, tickers, entries = common.load()
bars["date"] = pd.to_datetime(bars.date)
engine = bt.Cerebro(stdstats=False)
for ticker, rows in bars.groupby("ticker", sort=True):
    frame = rows.set_index("date")[["open", "high", "low", "close", "volume"]]
    engine.adddata(bt.feeds.PandasData(dataname=frame), name=ticker)
engine.broker.setcash(common.CASH)
engine.broker.setcommission(commission=common.COMMISSION)
engine.addstrategy(Follow, entries=entries)
started = common.now()
strategy = engine.run()[0]
common.answer([common.now() - started], strategy.trades)
