#!/usr/bin/env python3
"""Read an exported training set with pandas and scikit-learn, and compare the two to the bit.

Usage: check-training-set.py RECOUNT DATA RUN MOMENT
In a throw-away environment: python3 -m venv V; V/bin/pip install pandas scikit-learn
Exit 0 when both read the same rows, 1 with the first difference.
"""
import io
import subprocess
import sys

import numpy as np
import pandas as pd
from sklearn.datasets import load_svmlight_file

CLASSES = ["loss", "breakeven", "win"]


def export(recount, data, run, moment, form):
    command = [recount, "training-set", "export", "--data", data, "--run", run]
    return subprocess.run(
        command + ["--as-of", moment, "--format", form], check=True, capture_output=True
    ).stdout


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    rows = pd.read_csv(io.BytesIO(export(*sys.argv[1:], "csv")))
    table = rows.iloc[:, 8:].to_numpy(np.float64).astype(np.float32)
    text = export(*sys.argv[1:], "libsvm")
    sparse, classes = load_svmlight_file(
        io.BytesIO(text), n_features=table.shape[1], dtype=np.float32, zero_based=False
    )
    if len(rows) < 100:
        sys.exit(f"{len(rows)} rows are too few to compare")
    # What libsvm leaves out is unknown; a zero that is known is written.
    found = np.full(table.shape, np.nan, np.float32)
    for index, line in enumerate(text.decode().splitlines()):
        for field in line.split()[1:]:
            column, value = field.split(":")
            found[index, int(column) - 1] = np.float32(value)
    if not np.array_equal(table, found, equal_nan=True):
        sys.exit("the CSV and the libsvm file have different features")
    if not np.array_equal(sparse.toarray(), np.nan_to_num(found, nan=0)):
        sys.exit("scikit-learn reads other features than were written")
    if not np.array_equal(classes, rows["label"].map(CLASSES.index)):
        sys.exit("the CSV and the libsvm file have different classes")
    if rows["signal"].duplicated().any():
        sys.exit("an evaluation is there twice")
    unknown = int(np.isnan(table).sum())
    print(f"{len(rows)} rows of {table.shape[1]} features read alike; {unknown} values unknown")


if __name__ == "__main__":
    main()
