#!/usr/bin/env python3
"""Compare the metrics of `recount backtest --json` with quantstats and empyrical to 1e-9.

Usage: check-metrics.py REPORT.json
In a throw-away environment: python3 -m venv V; V/bin/pip install quantstats empyrical-reloaded
Exit 0 when every figure agrees, 1 with a line for each that does not, 2 on wrong use.
"""
import json
import math
import sys
import warnings

warnings.filterwarnings("ignore")
import empyrical
import pandas
import quantstats.stats as quantstats

TOLERANCE = 1e-9


def defined(call, *arguments):
    """The figure, or None where the library has none (nan, infinite, division by zero)."""
    try:
        value = float(call(*arguments))
    except ZeroDivisionError:
        return None
    return value if math.isfinite(value) else None


def expected(returns, index):
    """Each metric's name with the figures that the libraries give it."""
    year = math.sqrt(252)
    figures = {
        "total_return": [defined(quantstats.comp, returns),
                         defined(empyrical.cum_returns_final, returns)],
        "annual_return": [defined(quantstats.cagr, returns),
                          defined(empyrical.annual_return, returns)],
        "volatility": [defined(quantstats.volatility, returns),
                       defined(empyrical.annual_volatility, returns)],
        "sharpe": [defined(quantstats.sharpe, returns), defined(empyrical.sharpe_ratio, returns)],
        "sortino": [defined(quantstats.sortino, returns),
                    defined(empyrical.sortino_ratio, returns)],
        "calmar": [defined(quantstats.calmar, returns), defined(empyrical.calmar_ratio, returns)],
        "max_drawdown": [defined(quantstats.max_drawdown, returns),
                         defined(empyrical.max_drawdown, returns)],
        "skewness": [defined(quantstats.skew, returns)],
        "kurtosis": [defined(quantstats.kurtosis, returns)],
        "value_at_risk": [defined(quantstats.value_at_risk, returns)],
    }
    known = index.notna()
    own, market = returns[known], index[known]
    if len(own) > 2 and market.nunique() > 1:
        greeks = quantstats.greeks(own, market, prepare_returns=False)
        figures["beta"] = [greeks["beta"], defined(empyrical.beta, own, market)]
        figures["alpha"] = [greeks["alpha"]]
        figures["information_ratio"] = [defined(empyrical.excess_sharpe, own, market) * year]
    return figures


RATIOS = {"sharpe", "sortino", "calmar", "beta", "alpha", "information_ratio"}


def is_scarce(report):
    """Whether there is too little for a ratio: under 30 trades, or 30 returns other than 0."""
    moving = sum(record["return"] != 0 for record in report["daily"])
    return len(report["trades"]) < 30 or moving < 30


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[1], encoding="utf-8") as file:
        report = json.load(file)
    daily = report["daily"]
    days = pandas.to_datetime([record["day"] for record in daily])
    returns = pandas.Series([record["return"] for record in daily], days, dtype=float)
    index = pandas.Series([record["index_return"] for record in daily], days, dtype=float)
    if len(returns) < 5:
        print("not enough data: fewer than 5 sessions")
        return 2
    wrong = 0
    checked = 0
    for name, figures in expected(returns, index).items():
        ours = report["metrics"][name]
        for theirs in figures:
            checked += 1
            if name in RATIOS and is_scarce(report):
                agrees = ours is None
            elif ours is None or theirs is None:
                # A constant series has no ratio with us; the libraries may leave rounding residue.
                agrees = ours is theirs or returns.nunique() == 1
            else:
                agrees = abs(ours - theirs) <= TOLERANCE * max(1, abs(theirs))
            if not agrees:
                wrong += 1
                print(f"{name}: recount {ours}, library {theirs}")
    print(f"{checked} figures of {len(returns)} sessions compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
