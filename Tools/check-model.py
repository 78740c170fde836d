#!/usr/bin/env python3
"""Let Python's xgboost load a model's artefact and compare its probabilities with stored ones.

Usage: check-model.py ARTEFACT.ubj ROWS.csv
The first line of ROWS.csv names the columns: the features in catalogue order, then loss, breakeven
and win, the stored probabilities. An empty cell or nan is an unknown feature.
In a throw-away environment: python3 -m venv V; V/bin/pip install xgboost (1.7.4 or later)
Example: V/bin/python Tools/check-model.py data/models/ba78….ubj rows.csv
Exit 0 when all agree to 1e-6, 1 with the worst row when not, 2 on wrong use.
"""
import csv
import sys

try:
    import numpy
    import xgboost
except ImportError as error:
    print(f"{error}; use a Python that has xgboost", file=sys.stderr)
    sys.exit(2)

TOLERANCE = 1e-6
CLASSES = ["loss", "breakeven", "win"]


def refuse(text):
    print(text, file=sys.stderr)
    sys.exit(2)


def cell(path, line, name, text):
    try:
        return float(text) if text else float("nan")
    except ValueError:
        refuse(f"{path}: line {line}, column {name}: {text!r} is not a number")


def read(path):
    """Features and stored probabilities, one row each."""
    with open(path, newline="") as file:
        lines = list(csv.reader(file))
    if len(lines) < 2 or lines[0][-3:] != CLASSES:
        refuse(f"{path}: the first line must end with {','.join(CLASSES)}, and rows must follow")
    names = lines[0]
    values = []
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(names):
            refuse(f"{path}: line {number}: {len(line)} cells, and {len(names)} columns")
        values.append([cell(path, number, *pair) for pair in zip(names, line)])
    values = numpy.array(values)
    return values[:, :-3].astype(numpy.float32), values[:, -3:]


def main():
    if len(sys.argv) != 3:
        refuse(__doc__)
    artefact, rows = sys.argv[1:]
    if not artefact.endswith(".ubj"):
        refuse(f"{artefact}: xgboost tells the format by the name; give it one that ends with .ubj")
    booster = xgboost.Booster()
    try:
        features, stored = read(rows)
        booster.load_model(artefact)
        given = booster.predict(xgboost.DMatrix(features))
    except (OSError, ValueError, xgboost.core.XGBoostError) as error:
        refuse(f"{artefact}, {rows}: {str(error).splitlines()[0]}")
    differences = numpy.abs(given - stored).max(axis=1)
    # A probability that is no number agrees with nothing.
    differences = numpy.where(numpy.isnan(differences), numpy.inf, differences)
    worst = int(differences.argmax())
    print(f"{len(stored)} rows, {booster.num_boosted_rounds()} rounds, "
          f"largest difference {differences[worst]:.1e}, xgboost {xgboost.__version__}")
    if differences[worst] > TOLERANCE:
        print(f"{rows}: line {worst + 2}: xgboost says {given[worst]}, stored {stored[worst]}")
        sys.exit(1)


if __name__ == "__main__":
    main()
