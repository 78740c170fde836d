"""The workload in nautilus_trader; it fills at the close that decided. Usage: follow_nautilus.py FOLDER"""
from decimal import Decimal

import numpy as np
import pandas as pd
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.config import LoggingConfig, RiskEngineConfig
from nautilus_trader.model.currencies import USD
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import InstrumentId, Symbol, TraderId, Venue
from nautilus_trader.model.instruments import Equity
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.trading.strategy import Strategy

import follow_common as common

VENUE = Venue("SIM")


class Follow(Strategy):
    """Bars of a date come in ascending order of ticker; each is evaluated as it comes."""

    def __init__(self, bar_types, entries):
        super().__init__()
        self.bar_types, self.entries = bar_types, entries
        self.numbers = {kind.instrument_id: number for number, kind in enumerate(bar_types)}
        self.active, self.release, self.trades = {}, [], []
        self.day, self.time = -1, 0

    def on_start(self):
        for kind in self.bar_types:
            self.subscribe_bars(kind)

    def on_bar(self, bar):
        if bar.ts_event != self.time:
            self.time, self.day = bar.ts_event, self.day + 1
            for number in self.release:
                del self.active[number]
            self.release = []
        number = self.numbers[bar.bar_type.instrument_id]
        held = self.active.get(number)
        close = bar.close.as_double()
        if held is not None:
            price, entered, quantity = held["price"], held["bar"], held["quantity"]
            if close <= price * (1 - common.STOP):
                held["reason"] = "stop"
            elif close >= price * (1 + common.TARGET):
                held["reason"] = "target"
            elif self.day - entered >= common.SESSIONS:
                held["reason"] = "time"
            else:
                return
            self.release.append(number)
            self.market(bar, OrderSide.SELL, quantity)
        elif self.entries[self.day, number] and len(self.active) < common.ACTIVE:
            quantity = int(common.DOLLARS // close)
            if quantity:
                self.active[number] = {"bar": self.day, "quantity": quantity}
                self.market(bar, OrderSide.BUY, quantity)

    def market(self, bar, side, quantity):
        self.submit_order(
            self.order_factory.market(
                bar.bar_type.instrument_id, side, Quantity.from_int(quantity)))

    def on_order_filled(self, event):
        number = self.numbers[event.instrument_id]
        held, price = self.active[number], event.last_px.as_double()
        if event.order_side == OrderSide.BUY:
            held["price"] = price
        else:
            self.trades.append(
                (number, held["bar"], self.day, held["quantity"], held["price"], price,
                 held["reason"]))


bars, dates, tickers, entries = common.load()
engine = BacktestEngine(
    BacktestEngineConfig(
        trader_id=TraderId("BENCH-001"), logging=LoggingConfig(bypass_logging=True),
        risk_engine=RiskEngineConfig(bypass=True), run_analysis=False))
engine.add_venue(
    VENUE, OmsType.NETTING, AccountType.CASH, [Money(common.CASH, USD)], base_currency=USD)
kinds = []
for ticker in tickers:
    instrument = InstrumentId(Symbol(ticker), VENUE)
    engine.add_instrument(
        Equity(
            instrument, Symbol(ticker), USD, 2, Price.from_str("0.01"), Quantity.from_int(1), 0, 0,
            maker_fee=Decimal("0.0005"), taker_fee=Decimal("0.0005")))
    kinds.append(BarType.from_str(f"{instrument}-1-DAY-LAST-EXTERNAL"))
times = pd.to_datetime(bars.date).astype("datetime64[ns]").astype(np.int64).to_numpy() + 75_600 * 10**9
columns = [bars[name].to_numpy() for name in ("open", "high", "low", "close", "volume")]
number = bars.ticker.str[1:].astype(int).to_numpy()
engine.add_data(
    [
        Bar(
            kinds[kind], Price(o, 2), Price(h, 2), Price(l, 2), Price(c, 2), Quantity(v, 0), int(at),
            int(at))
        for kind, at, o, h, l, c, v in zip(number, times, *columns)
    ])
strategy = Follow(kinds, entries)
engine.add_strategy(strategy)
started = common.now()
engine.run()
common.answer([common.now() - started], strategy.trades)
