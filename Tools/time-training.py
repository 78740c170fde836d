#!/usr/bin/env python3
"""Time our training against Python's xgboost: same rows, parameters and threads, interleaved.

Usage: time-training.py PROGRAM [--rows 3000] [--features 31] [--pairs 15] [--threads 1] [--json]
PROGRAM is built by: swift build -c release --product time-training
In a throw-away environment: python3 -m venv V; V/bin/pip install xgboost==1.7.4 'numpy<2' scipy
Example: V/bin/python Tools/time-training.py .build/release/time-training --pairs 15
Counted on both sides: rows into the library's matrix, every round with early stopping on a fifth
more rows, the cut to the best round, the model as bytes, gains; on ours also reading it back.
Then ours again through the cache: rows hashed, artefact read, checked and parsed.
Exit 0, 1 when the two models predict differently (so that the times compare nothing), 2 on wrong use.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

# Threads that wait in a loop make both sides a hundred times slower on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
try:
    import numpy
    import xgboost
except ImportError as error:
    print(f"{error}; use a Python that has xgboost", file=sys.stderr)
    sys.exit(2)


def sample(rows, columns):
    """Rows with some unknown features, a class that depends on the first three, and weights."""
    random = numpy.random.default_rng(20261121)
    features = random.normal(size=(rows, columns)).astype(numpy.float32)
    features[random.random(features.shape) < 0.05] = numpy.nan
    known = numpy.nan_to_num(features)
    score = known[:, 0] - known[:, 1 % columns] * known[:, 2 % columns]
    score += random.normal(scale=0.7, size=rows)
    classes = numpy.where(score > 0.2, 2, numpy.where(score < -0.2, 0, 1)).astype(numpy.float32)
    return features, classes, random.uniform(0.1, 3, rows).astype(numpy.float32)


class Ours:
    """The program in a process of its own, told line by line to train."""

    def __init__(self, program, folder, training, features, classes, weights, threads):
        rows, columns = features.shape
        path, self.artefact = folder / "rows", folder / "model.ubj"
        with open(path, "wb") as file:
            file.write(f"{training} {rows - training} {columns}\n".encode())
            for part in (classes, weights, features):
                file.write(part.astype("<f4").tobytes())
        self.process = subprocess.Popen(
            [program, path, self.artefact, str(threads)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.about = json.loads(self.process.stdout.readline())

    def train(self, how="train"):
        self.process.stdin.write(f"{how}\n")
        self.process.stdin.flush()
        seconds, rounds = self.process.stdout.readline().split()
        return float(seconds), int(rounds)

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def train(parameters, threads, training, features, classes, weights):
    """Python's training: seconds, rounds made, and the model."""
    parameters = dict(parameters, nthread=threads, base_score=0.5, verbosity=0)
    rounds = parameters.pop("rounds")
    patience = parameters.pop("early_stopping_rounds")
    start = time.perf_counter()
    first, last = slice(None, training), slice(training, None)
    matrix, watched = (
        xgboost.DMatrix(features[part], classes[part], weight=weights[part], nthread=threads)
        for part in (first, last))
    log = {}
    booster = xgboost.train(
        parameters, matrix, rounds, evals=[(watched, "watched")], verbose_eval=False,
        early_stopping_rounds=patience, evals_result=log)
    model = booster[:booster.best_iteration + 1]
    model.save_raw("ubj")
    model.get_score(importance_type="gain")
    seconds = time.perf_counter() - start
    return seconds, len(log["watched"]["mlogloss"]), model


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    for name, value in (("rows", 3000), ("features", 31), ("pairs", 15), ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if min(given.rows, given.features, given.pairs, given.threads) < 1:
        parser.error("every size is at least 1")
    data = sample(given.rows + max(given.rows // 5, 1), given.features)
    with tempfile.TemporaryDirectory() as folder:
        try:
            ours = Ours(given.program, pathlib.Path(folder), given.rows, *data, given.threads)
        except (OSError, ValueError) as error:
            print(f"{given.program}: {error}; build it first (see --help)", file=sys.stderr)
            sys.exit(2)
        times, rounds, model = ([], []), set(), None
        for pair in range(given.pairs + 1):
            # The first pair warms up; who goes first takes turns.
            for side in (0, 1) if pair % 2 else (1, 0):
                if side == 0:
                    seconds, made = ours.train()
                else:
                    seconds, made, model = train(
                        ours.about["parameters"], given.threads, given.rows, *data)
                rounds.add(made)
                if pair:
                    times[side].append(seconds)
        ours.train("cached")
        cached = statistics.median(ours.train("cached")[0] for _ in range(given.pairs))
        ours.end()
        booster = xgboost.Booster()
        booster.load_model(ours.artefact)
    matrix = xgboost.DMatrix(data[0])
    difference = float(numpy.abs(booster.predict(matrix) - model.predict(matrix)).max())
    medians = [statistics.median(side) for side in times]
    report = {
        "rows": given.rows, "features": given.features, "rounds": sorted(rounds),
        "threads": given.threads, "pairs": given.pairs, "library": ours.about["library"],
        "python": xgboost.__version__, "ours_ms": 1000 * medians[0],
        "python_ms": 1000 * medians[1], "ratio": medians[0] / medians[1],
        "pair_ratios": sorted(own / its for own, its in zip(*times)),
        "cached_ms": 1000 * cached, "largest_difference": difference,
    }
    if given.json:
        print(json.dumps(report))
    else:
        print("{rows} rows x {features} features, rounds {rounds}, {threads} thread(s): "
              "ours {ours_ms:.1f} ms ({library}), Python {python_ms:.1f} ms ({python}), "
              "ratio of medians {ratio:.3f}, cached {cached_ms:.2f} ms, largest difference "
              "{largest_difference:.1e}"
              .format(**report))
    sys.exit(0 if len(rounds) == 1 and difference <= 1e-6 else 1)


if __name__ == "__main__":
    main()
