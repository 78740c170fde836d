#!/usr/bin/env python3
"""Compare feature analyses with scipy, numpy and pandas on the same rows.

Usage: check-feature-analysis.py FILE.json
The file has a list of cases: rows (net return, whether it is a win, features; null is unknown) and,
a feature each, what Recount measured under the names of feature_importance_history.
In a throw-away environment: python3 -m venv V; V/bin/pip install scipy pandas
Exit 0 when all agree to 1e-9, 1 with a line for each that does not, 2 on wrong use.
"""
import json
import math
import sys
import warnings

try:
    import pandas
    from scipy import stats
except ImportError as error:
    print(f"{error}; use a Python that has scipy and pandas", file=sys.stderr)
    sys.exit(2)

TOLERANCE = 1e-9


def expected(table, name):
    known = table[["net_return", "win", name]].dropna()
    x, y = known[name], known["net_return"] * 100
    r = p = math.nan
    if len(known) >= 3 and x.nunique() > 1 and y.nunique() > 1:
        r, p = stats.pearsonr(x, known["net_return"])
    high = x > x.median()
    above, below = y[high].mean(), y[~high].mean()
    lift = above - below
    return {
        "correlation_with_return": r, "correlation_p_value": p, "median_value": x.median(),
        "avg_return_when_high": above, "avg_return_when_low": below, "lift_pct": lift,
        "sample_size_high": int(high.sum()), "sample_size_low": int((~high).sum()),
        "win_rate_when_high": known["win"][high].mean(),
        "win_rate_when_low": known["win"][~high].mean(),
        "feature_useful": abs(r) > 0.1 or abs(lift) > 1,
        "recommended_weight": min(1, max(0, 0.2 + 0.3 * r)) if r == r else math.nan,
    }


def same(left, right):
    if right is None:
        return math.isnan(left)
    return math.isclose(left, right, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    compared = differing = 0
    for number, case in enumerate(cases):
        names = [f"f{index}" for index in range(len(case["measured"]))]
        table = pandas.DataFrame(case["rows"], columns=["net_return", "win"] + names)
        table[names] = table[names].astype("float64")
        table["win"] = table["win"].astype("float64")
        for name, measured in zip(names, case["measured"]):
            for key, value in expected(table, name).items():
                compared += 1
                if not same(float(value), measured[key]):
                    differing += 1
                    print(f"case {number}, {name}.{key}: {measured[key]}, not {value}")
    print(f"{compared} figures compared, {differing} differ")
    return 1 if differing or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
