#!/usr/bin/env python3
"""Recompute the price features of the catalogue with pandas and compare to 1e-9.

Usage: check-features.py FILE
FILE is CSV: series, close, volume and one column a feature, as doubles, in order of date. It is
written by the tests (RECOUNT_PYTHON names a Python that has pandas).
Exit 0 when every value agrees, 1 with the first that does not of each feature, 2 on wrong use.
"""
import sys

import numpy
import pandas


def price_features(bars):
    """Each price feature over one ticker's bars, by the catalogue's formulas, in pandas."""
    close, volume = bars["close"], bars["volume"]
    change = close.diff()
    gains = change.clip(lower=0).rolling(14).sum()
    losses = (-change.clip(upper=0)).rolling(14).sum()
    middle, deviation = close.rolling(20).mean(), close.rolling(20).std(ddof=0)

    def convergence(window):
        window = pandas.Series(window)
        fast = window.ewm(span=12, adjust=False).mean().iloc[-1]
        slow = window.ewm(span=26, adjust=False).mean().iloc[-1]
        return (fast - slow) / window.iloc[-1]

    logs = numpy.log(close / close.shift(1))
    return {
        "return_5": close / close.shift(5) - 1,
        "return_20": close / close.shift(20) - 1,
        "return_60": close / close.shift(60) - 1,
        "return_252": close / close.shift(252) - 1,
        "volatility_20": logs.rolling(20).std(ddof=1) * numpy.sqrt(252),
        "rsi_14": 100 * gains / (gains + losses),
        "macd": close.rolling(253, min_periods=26).apply(convergence, raw=True),
        "bollinger_position": (close - middle) / (2 * deviation),
        "volume_ratio": volume / volume.rolling(20).mean(),
        "drawdown_from_high": close / close.rolling(252, min_periods=20).max() - 1,
    }


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    table = pandas.read_csv(sys.argv[1])
    compared, wrong = 0, 0
    for series, bars in table.groupby("series", sort=False):
        bars = bars.reset_index(drop=True)
        for name, expected in price_features(bars).items():
            found = bars[name]
            both = expected.notna() & found.notna()
            differs = (expected[both] - found[both]).abs() > 1e-9 * expected[both].abs().clip(lower=1)
            unlike = expected.isna() != found.isna()
            compared += int(both.sum())
            if differs.any() or unlike.any():
                row = (differs[differs].index.union(unlike[unlike].index))[0]
                print(f"{series} bar {row} {name}: pandas {expected[row]!r}, here {found[row]!r}")
                wrong += 1
    print(f"{compared} values of price features compared")
    sys.exit(1 if wrong or not compared else 0)


if __name__ == "__main__":
    main()
