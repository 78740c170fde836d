#!/usr/bin/env python3
"""Compute the verdicts of `recount compare --json` again, from its runs' daily records alone.

Usage: check-compare.py COMPARISON.json
In a throw-away environment: python3 -m venv V; V/bin/pip install numpy scipy arch
Ratios and intervals must agree to 1e-9 over the same draws, made here by SplitMix64 in Python's
whole numbers; the stationary bootstrap of `arch`, with draws of its own, must give the interval to
Monte-Carlo error; the deflated Sharpe ratio must agree with its formula over scipy's normal
distribution. Exit 0 when every figure agrees, 1 with a line for each that does not, 2 on wrong use.
"""
import json
import math
import sys

import numpy
from arch.bootstrap import StationaryBootstrap
from scipy import stats

TOLERANCE = 1e-9
MASK = (1 << 64) - 1
# Ends of two intervals of 10,000 draws each differ by .038 standard errors of the difference, so
# this is five of those.
MONTE_CARLO = 0.2


class Checks:
    """Counts the figures compared and prints those that differ."""

    def __init__(self):
        self.checked = 0
        self.wrong = 0

    def close(self, what, ours, theirs, tolerance=TOLERANCE):
        self.checked += 1
        if ours is None or theirs is None:
            agrees = ours is theirs
        else:
            agrees = abs(ours - theirs) <= tolerance * max(1, abs(theirs))
        if not agrees:
            self.wrong += 1
            print(f"{what}: recount {ours}, here {theirs}")

    def equal(self, what, ours, theirs):
        self.checked += 1
        if ours != theirs:
            self.wrong += 1
            print(f"{what}: recount {ours}, here {theirs}")


class SplitMix64:
    """Vigna's generator, and Lemire's way to a whole number below a bound."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return mixed ^ (mixed >> 31)

    def below(self, bound):
        product = self.next() * bound
        if product & MASK < bound:
            refused = (-bound & MASK) % bound
            while product & MASK < refused:
                product = self.next() * bound
        return product >> 64


def blocks(units, mean, seed, draws):
    """Starts and lengths of the blocks of each draw, one behind the other."""
    generator = SplitMix64(seed)
    log_continues = math.log(1 - 1 / mean) if mean > 1 else -math.inf
    starts, lengths, draw_of = [], [], []
    for draw in range(draws):
        left = units
        while left > 0:
            start = generator.below(units)
            length = 1
            if mean > 1:
                share = (generator.next() >> 11) / 2**53
                length = min(1 + int(math.log(1 - share) / log_continues), left)
            starts.append(start)
            lengths.append(length)
            draw_of.append(draw)
            left -= length
    return numpy.array(starts), numpy.array(lengths), numpy.array(draw_of)


def ratio(total, squares, count):
    """Annualised mean over sample deviation, 0 where nothing varies."""
    variance = numpy.maximum((squares - total * total / count) / (count - 1), 0)
    deviation = numpy.sqrt(variance)
    safe = numpy.where(deviation > 0, deviation, 1)
    return numpy.where(deviation > 0, total / count / safe, 0) * math.sqrt(252)


def resampled(own, other, mean, seed, draws):
    """The difference of the ratios in each draw."""
    count = len(own)
    starts, lengths, draw_of = blocks(count, mean, seed, draws)
    sums = []
    for values in (own, own * own, other, other * other):
        upto = numpy.concatenate([[0.0], numpy.cumsum(numpy.concatenate([values, values]))])
        parts = upto[starts + lengths] - upto[starts]
        sums.append(numpy.bincount(draw_of, weights=parts, minlength=draws))
    return ratio(sums[2], sums[3], count) - ratio(sums[0], sums[1], count)


def excess(run):
    """The return less the index at the exposure of the session before, None where unknown."""
    values, exposure = [], 0.0
    for record in run["daily"]:
        market = record["index_return"]
        values.append(None if market is None else record["return"] - exposure * market)
        exposure = record["exposure"]
    return values


def pairs(first, second, part=slice(None)):
    """Both sides' known excesses as arrays."""
    both = list(zip(excess(first), excess(second)))[part]
    known = [pair for pair in both if pair[0] is not None and pair[1] is not None]
    return numpy.array([pair[0] for pair in known]), numpy.array([pair[1] for pair in known])


def check_primary(checks, what, primary, own, other):
    """A metric with its interval over the same draws."""
    sample = lambda values: float(ratio(values.sum(), (values * values).sum(), len(values)))
    checks.close(f"{what} reference", primary["reference"], sample(own))
    checks.close(f"{what} challenger", primary["challenger"], sample(other))
    checks.close(f"{what} difference", primary["difference"], sample(other) - sample(own))
    draws = resampled(own, other, primary["mean_block"], primary["seed"], primary["draws"])
    low, high = numpy.quantile(draws, [0.025, 0.975])
    checks.close(f"{what} low", primary["low"], float(low))
    checks.close(f"{what} high", primary["high"], float(high))
    share = (1 + int((draws <= 0).sum())) / (len(draws) + 1)
    checks.close(f"{what} share", primary["share_not_above"], share)


def check_arch(checks, what, primary, own, other):
    """The interval by another library's draws, to Monte-Carlo error."""
    def difference(left, right):
        parts = [ratio(values.sum(), (values * values).sum(), len(values))
                 for values in (left, right)]
        return numpy.array([parts[1] - parts[0]])
    bootstrap = StationaryBootstrap(primary["mean_block"], own, other, seed=20260221)
    draws = bootstrap.apply(difference, primary["draws"])[:, 0]
    low, high = numpy.quantile(draws, [0.025, 0.975])
    tolerance = MONTE_CARLO * (high - low) / 3.92
    for end, ours, theirs in (("low", primary["low"], low), ("high", primary["high"], high)):
        checks.checked += 1
        if abs(ours - theirs) > tolerance:
            checks.wrong += 1
            print(f"{what} {end}: recount {ours}, arch {theirs}, tolerance {tolerance}")


def verdict(primary, sessions, measured, trades):
    """The rule in words of Documentation/loop.md."""
    if primary is None or sessions < 252 or measured < 251 or trades < 100:
        return "insufficient"
    if primary["low"] > 0:
        return "shown"
    return "worse" if primary["high"] < 0 else "not shown"


def check_deflated(checks, what, deflated, run):
    """The deflated Sharpe ratio by its formula."""
    returns = numpy.array([record["return"] for record in run["daily"]])
    sharpe = returns.mean() / returns.std(ddof=1)
    checks.close(f"{what} sharpe", deflated["sharpe"], float(sharpe))
    trials, expected = deflated["trials"], 0.0
    if trials > 1:
        euler = 0.5772156649015329
        expected = math.sqrt(deflated["variance"]) * (
            (1 - euler) * stats.norm.ppf(1 - 1 / trials)
            + euler * stats.norm.ppf(1 - 1 / (trials * math.e)))
    checks.close(f"{what} expected maximum", deflated["expected_maximum"], expected)
    skewness, kurtosis = stats.skew(returns), stats.kurtosis(returns, fisher=False)
    spread = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2
    score = (sharpe - expected) * math.sqrt(len(returns) - 1) / math.sqrt(spread)
    checks.close(f"{what} probability", deflated["probability"], float(stats.norm.cdf(score)))


RATIOS = ("sharpe", "sortino", "profit_factor", "excess_sharpe", "excess_sortino")


def is_scarce(run):
    """Whether there is too little for a ratio: under 30 trades, or 30 returns other than 0."""
    moving = sum(record["return"] != 0 for record in run["daily"])
    return len(run["trades"]) < 30 or moving < 30


def figures(run):
    """Secondary figures of a run, from its daily records and trades."""
    returns = numpy.array([record["return"] for record in run["daily"]])
    known = numpy.array([value for value in excess(run) if value is not None])
    every = numpy.array([value or 0.0 for value in excess(run)])
    found = {}
    for name, values, path in (("", returns, returns), ("excess_", known, every)):
        losses = numpy.minimum(values, 0)
        wealth = numpy.concatenate([[1.0], numpy.cumprod(1 + path)])
        found[f"{name}sharpe"] = values.mean() / values.std(ddof=1) * math.sqrt(252)
        found[f"{name}sortino"] = values.mean() / math.sqrt((losses**2).mean()) * math.sqrt(252)
        found[f"{name}max_drawdown"] = (wealth / numpy.maximum.accumulate(wealth) - 1).min()
        found["excess_return" if name else "total_return"] = wealth[-1] - 1
    profits = numpy.array([float(trade["profit"]) for trade in run["trades"]])
    found["closed_trades"] = len(profits)
    # A win is a net return above half a per cent, wherever the word stands.
    wins = numpy.array([trade["net_return"] > 0.005 for trade in run["trades"]])
    found["win_rate"] = wins.mean() if len(wins) else None
    lost = -profits[profits < 0].sum()
    found["profit_factor"] = profits[profits > 0].sum() / lost if lost > 0 else None
    if is_scarce(run):
        for name in RATIOS:
            found[name] = None
    found["exposure"] = numpy.mean([record["exposure"] for record in run["daily"]])
    return found


def check_secondary(checks, what, rows, first, second):
    """Each secondary figure of both sides, and its difference; turnover is in no daily record."""
    sides = figures(first), figures(second)
    for row in rows:
        name = row["figure"]
        if name == "turnover":
            continue
        values = [None if side[name] is None else float(side[name]) for side in sides]
        checks.close(f"{what} {name} reference", row["reference"], values[0])
        checks.close(f"{what} {name} challenger", row["challenger"], values[1])
        if None not in values:
            checks.close(f"{what} {name} difference", row["difference"], values[1] - values[0])


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[1], encoding="utf-8") as file:
        report = json.load(file)
    runs = {run["run"]: run for run in report["runs"]}
    checks = Checks()
    for comparison in report["comparisons"]:
        first, second = runs[comparison["reference"]], runs[comparison["challenger"]]
        what = f"{second['run']} against {first['run']}"
        own, other = pairs(first, second)
        if is_scarce(first) or is_scarce(second):
            checks.equal(f"{what} metric", comparison["primary"], None)
        checks.equal(f"{what} measured", comparison["measured_sessions"], len(own))
        if comparison["primary"] is not None:
            check_primary(checks, what, comparison["primary"], own, other)
            check_arch(checks, what, comparison["primary"], own, other)
        for primary in comparison["sensitivity"]:
            check_primary(checks, f"{what} block {primary['mean_block']}", primary, own, other)
        middle = len(first["daily"]) // 2
        for half, part in (("first", slice(None, middle)), ("second", slice(middle, None))):
            primary = comparison["halves"][half]
            if primary is not None:
                check_primary(checks, f"{what} {half} half", primary, *pairs(first, second, part))
        check_secondary(checks, what, comparison["secondary"], first, second)
        trades = min(len(first["trades"]), len(second["trades"]))
        checks.equal(
            f"{what} verdict", comparison["verdict"],
            verdict(comparison["primary"], len(first["daily"]), len(own), trades))
    for name, deflated in report.get("deflated_sharpe", {}).items():
        if deflated is not None:
            check_deflated(checks, f"{name} deflated Sharpe", deflated, runs[name])
    print(f"{checks.checked} figures compared, {checks.wrong} differ")
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
