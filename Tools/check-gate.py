#!/usr/bin/env python3
"""Compare the gate's statistics with scikit-learn, scipy, statsmodels and holdout-backtest.

Usage: gate-rates sample | check-gate.py -      or      check-gate.py SAMPLE.json ...
In a throw-away environment:
python3 -m venv V; V/bin/pip install scikit-learn scipy statsmodels holdout-backtest
Figures must agree to 1e-9. Exit 0 when every one does, 1 with a line for each that does not, 2 on
wrong use.
"""
import json
import math
import sys
from fractions import Fraction

import holdout.bootstrap
import numpy
from scipy import optimize, stats
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score
from statsmodels.stats.contingency_tables import mcnemar

TOLERANCE = 1e-9
CLASSES = [0, 1, 2]
WIN = 2


class Comparison:
    """Counts the figures compared and prints those that differ."""

    def __init__(self, name):
        self.name = name
        self.checked = 0
        self.wrong = 0

    def equal(self, what, ours, theirs):
        self.checked += 1
        if ours is None or theirs is None:
            agrees = ours is theirs
        elif isinstance(theirs, (float, numpy.floating)):
            agrees = abs(ours - theirs) <= TOLERANCE * max(1, abs(theirs))
        else:
            agrees = ours == theirs
        if not agrees:
            self.wrong += 1
            print(f"{self.name}: {what}: recount {ours}, library {theirs}")


def f1(labels, predicted):
    return f1_score(labels, predicted, labels=CLASSES, average="weighted", zero_division=0)


def profits(probabilities, returns, statistics):
    """The net return on a buy, its negative on a sell, nothing between."""
    share = probabilities[:, 2] / (probabilities[:, 2] + probabilities[:, 0])
    buys = share >= statistics["buy_hundredths"] / 100
    sells = share <= statistics["sell_hundredths"] / 100
    return numpy.where(buys, returns, numpy.where(sells, -returns, 0.0))


def splitmix_starts(seed, units, count):
    """Block starts by SplitMix64 and Lemire's method, in Python's whole numbers."""
    mask, state, starts = 2**64 - 1, seed, []
    while len(starts) < count:
        state = (state + 0x9E3779B97F4A7C15) & mask
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        product = (mixed ^ (mixed >> 31)) * units
        if product & mask >= (2**64 - units) % units:
            starts.append(product >> 64)
    return starts


def check_models(compare, data, event, statistics):
    labels = data["label"]
    for name, key in (("New", "challenger"), ("Old", "champion")):
        probabilities = data[key]
        predicted = data[key + "_class"]
        compare.equal("accuracy" + name, event["accuracy" + name],
                      float(accuracy_score(labels, predicted)))
        compare.equal("correct" + name, event["correct" + name],
                      int(accuracy_score(labels, predicted, normalize=False)))
        compare.equal("f1" + name, event["f1" + name], float(f1(labels, predicted)))
        target = numpy.eye(3)[labels]
        compare.equal("brier" + name, event["brier" + name],
                      float(((probabilities - target) ** 2).sum(axis=1).mean()))
        matrix = confusion_matrix(labels, predicted, labels=CLASSES).flatten().tolist()
        compare.equal("confusion" + name, statistics["confusion_" + name.lower()], matrix)
        check_bins(compare, probabilities[:, WIN], labels == WIN, event,
                   "candidate" if name == "New" else "champion")
    majority = ["loss", "breakeven", "win"].index(statistics["majority_class"])
    compare.equal("majority", event["majority"], float((labels == majority).mean()))


def check_bins(compare, wins, is_win, event, role):
    edges = numpy.arange(11) / 10
    place = numpy.clip(numpy.digitize(wins, edges) - 1, 0, 9)
    bins = [entry for entry in event["bins"] if entry["role"] == role]
    expected = [bin for bin in range(10) if (place == bin).any()]
    compare.equal(f"{role}: bins", [entry["lower"] for entry in bins],
                  [bin / 10 for bin in expected])
    for entry, bin in zip(bins, expected):
        inside = place == bin
        compare.equal(f"{role}: bin {bin} rows", entry["rows"], int(inside.sum()))
        compare.equal(f"{role}: bin {bin} predicted", entry["predicted"],
                      float(wins[inside].mean()))
        compare.equal(f"{role}: bin {bin} observed", entry["observed"],
                      float(is_win[inside].mean()))


def check_tests(compare, data, event, statistics):
    new = data["challenger_class"] == data["label"]
    old = data["champion_class"] == data["label"]
    only_new, only_old = int((new & ~old).sum()), int((old & ~new).sum())
    table = [[int((new & old).sum()), only_new], [only_old, int((~new & ~old).sum())]]
    discordant = only_new + only_old
    if discordant == 0:
        expected = 1.0
    elif discordant < 25:
        expected = float(stats.binomtest(only_new, discordant, 0.5).pvalue)
        compare.equal("mcnemar against statsmodels", event["mcnemar"],
                      float(min(1, mcnemar(table, exact=True).pvalue)))
    elif only_new == only_old:
        expected = 1.0  # The continuity correction never goes past the middle.
    else:
        result = mcnemar(table, exact=False, correction=True)
        compare.equal("chi-squared", statistics["mcnemar"]["chi_squared"],
                      float(result.statistic))
        expected = float(result.pvalue)
    compare.equal("mcnemar", event["mcnemar"], expected)
    training = numpy.array(data["training_wins"])
    edges = numpy.unique(numpy.quantile(
        training, numpy.arange(1, 10) / 10, method="inverted_cdf"))
    compare.equal("PSI bounds", [bin["through"] for bin in statistics["psi_bins"]],
                  edges.tolist() + [None])
    shares = []
    for name, values in (("training", training), ("holdout", data["challenger"][:, WIN])):
        counts = numpy.bincount(numpy.searchsorted(edges, values), minlength=len(edges) + 1)
        shares.append(numpy.maximum(counts / len(values), 0.0001))
        compare.equal(f"PSI {name}", [bin[name] for bin in statistics["psi_bins"]],
                      counts.tolist())
    compare.equal("PSI", event["populationStability"],
                  float(((shares[1] - shares[0]) * numpy.log(shares[1] / shares[0])).sum()))


def exact_f1(labels, predicted):
    """The weighted F1 as a fraction."""
    total = Fraction(0)
    for name in CLASSES:
        actual, named = int((labels == name).sum()), int((predicted == name).sum())
        hits = int(((labels == name) & (predicted == name)).sum())
        if actual + named:
            total += Fraction(2 * hits * actual, actual + named)
    return total / len(labels)


def check_verdicts(compare, data, event, statistics):
    labels, rows = data["label"], len(data["label"])
    new, old = data["challenger_class"], data["champion_class"]
    gain = int((new == labels).sum()) - int((old == labels).sum())
    if rows < 100:
        expected = ("waiting", "tooFewRows")
    elif Fraction(gain, rows) >= Fraction(2, 100):
        expected = ("promote", "accuracy")
    elif exact_f1(labels, new) - exact_f1(labels, old) >= Fraction(3, 100):
        expected = ("promote", "f1")
    else:
        expected = ("hold", "neither")
    compare.equal("rule", (event["ruleVerdict"], event["reason"]), expected)
    ahead, windows, free = statistics["label_sessions"], 0, -1
    for session in data["session"].tolist():
        if session >= free:
            windows, free = windows + 1, session + ahead
    compare.equal("windows", statistics["windows"], windows)
    enough = (rows >= 100 and min((labels == WIN).sum(), (labels == 0).sum()) >= 30
              and windows >= 10 and event["accuracyLow"] is not None)
    compare.equal("evidence", event["evidenceVerdict"], "insufficient" if not enough
                  else "promote" if event["accuracyLow"] > 0 else "hold")


def check_bootstrap(compare, data, event, statistics):
    sessions = sorted(set(data["session"].tolist()))
    members = [numpy.flatnonzero(data["session"] == session) for session in sessions]
    length, starts = statistics["block_sessions"], data["block_starts"]
    blocks = -(-len(sessions) // length)
    compare.equal("block starts", [start for draw in starts for start in draw],
                  splitmix_starts(int(statistics["seed"]), len(sessions), len(starts) * blocks))
    places = numpy.array([
        [(start + step) % len(sessions) for start in draw for step in range(length)]
        [:len(sessions)] for draw in starts])
    profit = (profits(data["challenger"], data["return"], statistics)
              - profits(data["champion"], data["return"], statistics))
    compare.equal("profitDifference", event["profitDifference"], float(profit.mean()))
    right = ((data["challenger_class"] == data["label"]).astype(float)
             - (data["champion_class"] == data["label"]))
    compare.equal("accuracy difference", statistics["accuracy_difference"], float(right.mean()))
    if len(sessions) < 2 * length:
        compare.equal("no interval", event["accuracyLow"], None)
        return
    # The library's own resampling, given the same draws: means of sums by session.
    columns = numpy.array([
        [len(rows), right[rows].sum(), profit[rows].sum()] for rows in members])
    holdout.bootstrap.stationary_bootstrap_indices = lambda *_, **__: places
    means = holdout.bootstrap.bootstrap_column_means(
        columns, n_bootstrap=len(places), block_length=length, min_rows=2).resampled
    gains = []
    for draw in places:
        rows = numpy.concatenate([members[place] for place in draw])
        labels = data["label"][rows]
        gains.append(f1(labels, data["challenger_class"][rows])
                     - f1(labels, data["champion_class"][rows]))
    ends = {
        "accuracy": (means[:, 1] / means[:, 0], event["accuracyLow"], event["accuracyHigh"]),
        "profit": (means[:, 2] / means[:, 0], event["profitLow"], event["profitHigh"]),
        "F1": (numpy.array(gains), statistics["f1_low"], statistics["f1_high"]),
    }
    for name, (values, low, high) in ends.items():
        compare.equal(f"{name}: lower end", low, float(numpy.quantile(values, 0.025)))
        compare.equal(f"{name}: upper end", high, float(numpy.quantile(values, 0.975)))


def betting_bound(values, error):
    """The lower bound of Waudby-Smith and Ramdas (2023), by another way to the root."""
    values = numpy.asarray(values)
    if len(values) == 0:
        return 0.0
    count = numpy.arange(1, len(values) + 1)
    mean = (0.5 + values.cumsum()) / (count + 1)
    variance = (0.25 + ((values - mean) ** 2).cumsum()) / (count + 1)
    before = numpy.concatenate([[0.25], variance[:-1]])
    bets = numpy.sqrt(2 * math.log(1 / error) / (before * count * numpy.log(count + 1)))

    def excess(mean):
        cut = numpy.minimum(bets, 0.75 / mean) if mean > 0 else bets
        capital = numpy.log1p(cut * (values - mean)).cumsum()
        return capital.max() - math.log(1 / error)

    return optimize.brentq(excess, 0, 1, xtol=1e-14) if excess(0) >= 0 else 0.0


def check_matured(compare, data, statistics):
    matured = statistics["matured"]
    length = matured["block_sessions"]
    last = int(data["session"].max())
    right = ((data["challenger_class"] == data["label"]).astype(float)
             - (data["champion_class"] == data["label"]))
    means, parities = [], [[], []]
    for block in range((last + 1) // length):
        inside = data["session"] // length == block
        if inside.any():
            means.append(right[inside].mean())
            parities[block % 2].append((means[-1] + 1) / 2)
    compare.equal("matured: blocks", matured["blocks"], len(means))
    compare.equal("matured: mean", matured["mean"], float(numpy.mean(means)) if means else None)
    error = matured["error"] / 4
    low = max(betting_bound(values, error) for values in parities)
    high = min(1 - betting_bound([1 - value for value in values], error) for values in parities)
    if low > high:
        low = high = None
    compare.equal("matured: low", matured["low"], None if low is None else float(2 * low - 1))
    compare.equal("matured: high", matured["high"], None if low is None else float(2 * high - 1))


def check(name, sample):
    rows, event = sample["rows"], sample["event"]
    statistics = json.loads(event["statistics"])
    data = {key: numpy.array([row[key] for row in rows])
            for key in ("session", "label", "return", "champion", "challenger")}
    data["training_wins"], data["block_starts"] = sample["training_wins"], sample["block_starts"]
    for model in ("champion", "challenger"):
        data[model + "_class"] = data[model].argmax(axis=1)
    compare = Comparison(name)
    check_models(compare, data, event, statistics)
    check_tests(compare, data, event, statistics)
    check_verdicts(compare, data, event, statistics)
    check_bootstrap(compare, data, event, statistics)
    check_matured(compare, data, statistics)
    print(f"{name}: {compare.checked} figures of {len(rows)} rows compared, "
          f"{compare.wrong} differ")
    return compare.wrong


def main(arguments):
    if len(arguments) < 2 or arguments[1] in ("-h", "--help"):
        print(__doc__, file=sys.stderr)
        return 2
    wrong = 0
    for path in arguments[1:]:
        with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
            wrong += check("sample" if path == "-" else path, json.load(file))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
