#!/usr/bin/env python3
"""Checks that an oracle earns what there is to learn in simulated worlds, and nothing else.

For several edges and seeds: simulate, ingest, and backtest the oracle and the feedback loop; print
the mean excess over the index a trade and the yearly excess at equal exposure, with their standard
errors over seeds. Fails unless the oracle's excess grows with the edge, and at no edge lies within
three standard errors of its costs.

Usage: Tools/check-oracle.py RECOUNT [SEEDS] [YEARS] [TICKERS]
"""

import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

EDGES = [0, 25, 50, 100]
COSTS = -0.0010  # slippage of 5 basis points a side
INGEST = pathlib.Path(__file__).with_name("ingest-simulated")


def call(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} failed: {done.stderr.strip()}")
    return done.stdout


def metrics(recount, seed, years, tickers, edge):
    """What each strategy came to in one world."""
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        world, data = folder / "world", folder / "data"
        call(recount, "simulate", "--seed", seed, "--years", years, "--tickers", tickers,
             "--edge", edge, "--out", world)
        call(INGEST, recount, world, data)
        found = {}
        for strategy in ["oracle", "feedback"]:
            truth = ["--truth", world / "truth.json"] if strategy == "oracle" else []
            text = call(recount, "backtest", "--data", data, "--strategy", strategy, *truth,
                        "--run", strategy, "--json")
            found[strategy] = json.loads(text)["metrics"]
        return found
    finally:
        shutil.rmtree(folder)


def moments(values):
    return statistics.mean(values), statistics.stdev(values) / len(values) ** 0.5


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    recount = sys.argv[1]
    seeds, years, tickers = [*map(int, sys.argv[2:5]), *[24, 8, 200][len(sys.argv) - 2:]]
    print(f"{seeds} seeds, {years} years, {tickers} companies; mean ± standard error over seeds")
    print("edge bp  strategy   trades  excess a trade, bp  excess a year at equal exposure, %")
    means = []
    for edge in EDGES:
        worlds = [metrics(recount, seed, years, tickers, edge) for seed in range(1, seeds + 1)]
        for strategy in ["oracle", "feedback"]:
            values = [world[strategy] for world in worlds]
            trades = statistics.mean(value["closed_trades"] for value in values)
            trade, error = moments([value["average_excess"] for value in values])
            year, wide = moments([value["equal_exposure_annual"] for value in values])
            print(f"{edge:7}  {strategy:9}  {trades:6.0f}  {trade * 1e4:8.1f} ± {error * 1e4:6.1f}"
                  f"  {year * 100:12.2f} ± {wide * 100:.2f}")
            if strategy == "oracle":
                means.append((trade, error))
    excess, error = means[0]
    if abs(excess - COSTS) > 3 * error:
        sys.exit(f"without an edge the oracle makes {excess:.4f} a trade, not its costs {COSTS}")
    if not all(low[0] < high[0] for low, high in zip(means, means[1:])):
        sys.exit("the oracle's excess does not grow with the edge")
    print("the oracle's excess is that of its costs without an edge, and grows with it")


main()
