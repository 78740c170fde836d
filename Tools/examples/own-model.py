#!/usr/bin/env python3
"""Trains a model of your own on Recount's rows and returns its predictions.

    recount training-set export --data DIR --run first --as-of 2018-06-30 --format csv --out rows.csv
    for type in SignalGenerated SignalSuppressed; do
        recount events --data DIR --run first --type $type --json; done > events.jsonl
    own-model.py rows.csv events.jsonl 2018-06-30 > mine.csv
    recount predictions import mine.csv --model mine --data DIR --backfill
"""
import csv
import json
import sys

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

CLASSES = ["win", "loss", "breakeven"]
rows_file, events_file, trained_through = sys.argv[1:]

with open(rows_file, newline="") as file:
    rows = list(csv.DictReader(file))
names = list(rows[0])[8:]  # after signal, ticker, decided_on, part, source, weight, label, return
features = numpy.array([[float(row[name] or "nan") for name in names] for row in rows])
known = ~numpy.isnan(features).all(axis=0)
model = HistGradientBoostingClassifier(max_iter=60, max_depth=4, random_state=0)
model.fit(features[:, known], [CLASSES.index(row["label"]) for row in rows],
          sample_weight=[float(row["weight"]) for row in rows])

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["ticker", "decided_at", "p_win", "p_loss", "p_breakeven", "trained_through"])
with open(events_file) as file:
    wanted = [event for event in map(json.loads, file)
              if event["day"] > trained_through and event["features"]]
values = [[numpy.nan if item["value"] is None else item["value"] for item in event["features"]]
          for event in wanted]
for event, said in zip(wanted, model.predict_proba(numpy.array(values)[:, known])):
    said = dict(zip(model.classes_, said))  # a class that never occurred has no column
    out.writerow([event["ticker"], event["day"], *(f"{said.get(c, 0):.6f}" for c in range(3)), trained_through])
