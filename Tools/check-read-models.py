#!/usr/bin/env python3
"""Recompute read models from `recount events --json` and compare them with what was projected.

Usage: check-read-models.py RECOUNT DATA RUN     (after: recount project all --data DATA --run RUN)
Reads the SQLite files as any user would, with Python's sqlite3, and folds the events on its own.
Exit 0 when all agree, 1 with a line for each that does not, 2 on wrong use.
"""
import json
import math
import sqlite3
import subprocess
import sys

EVALUATIONS = ("SignalGenerated", "SignalSuppressed")


def events(recount, data, run):
    command = [recount, "events", "--data", data, "--run", run, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield from (json.loads(line) for line in process.stdout)
    if process.returncode:
        sys.exit(f"recount events ended with {process.returncode}")


def rows(data, run, model, query):
    with sqlite3.connect(f"file:{data}/views/{run}/{model}.sqlite?mode=ro", uri=True) as database:
        return database.execute(query).fetchall()


class Fold:
    """What the tables should say, from the events alone."""

    def __init__(self):
        self.evaluations, self.active, self.fills, self.outcomes = {}, {}, [], {}

    def take(self, event):
        kind, name = event["type"], f"r{event['position']}"
        if kind in EVALUATIONS:
            suppressed = kind == "SignalSuppressed"
            self.evaluations[name] = (event["ticker"], event["confidence"], suppressed)
            self.active[event["ticker"]] = name
        elif kind == "OrderFilled":
            self.fills.append((name, event["ticker"], event["side"], event["quantity"],
                               event["price"], event["cashChange"]))
        elif kind == "OutcomeRecorded":
            self.outcomes[event["entryOrder"]] = (
                event["ticker"], event["outcome"], event["netReturn"] * 100,
                event["returnDollars"], event["holdingDays"])


class Registry:
    """What became of each training, from the events alone."""

    def __init__(self):
        self.models, self.comparisons, self.measured, self.champion = {}, {}, [], None

    def status(self, model, status):
        if model != "none":
            self.models[model][0] = status

    def take(self, event):
        kind, name = event["type"], f"r{event['position']}"
        if kind == "TrainingRequested":
            self.models[name] = ["training", None, 0]
        elif kind == "TrainingFailed":
            self.models[event["request"]] = ["failed", None, event["trainRows"]]
        elif kind == "ModelTrained":
            del self.models[event["request"]]
            self.models[name] = ["candidate", event["artefact"], event["trainRows"]]
        elif kind == "ModelCompared":
            self.comparisons[name] = [
                event["challenger"], event["accuracyNew"], event["f1Old"], event["rows"], 0]
        elif kind == "ModelPromoted":
            self.status(self.champion or "none", "archived")
            self.champion = event["model"]
            self.status(self.champion, "active")
            if event["comparison"] in self.comparisons:
                self.comparisons[event["comparison"]][-1] = 1
        elif kind == "ModelRetired":
            self.status(event["model"], "archived")
        elif kind == "FeatureImportanceMeasured":
            self.measured += [
                (event["day"], row["feature"], row["correlation"], row["pValue"], row["lift"],
                 row["high"], row["low"], int(row["useful"])) for row in event["features"]]

    def checks(self, data, run):
        def number(pair):
            return int(pair[0][1:])
        models = rows(data, run, "model-registry", """
            SELECT id, status, artifact_sha256, training_samples FROM ml_models
            ORDER BY CAST(substr(id, 2) AS INTEGER)""")
        comparisons = rows(data, run, "model-registry", """
            SELECT id, new_model_id, new_accuracy, current_f1, holdout_rows, promoted
            FROM ml_model_comparisons ORDER BY CAST(substr(id, 2) AS INTEGER)""")
        measured = rows(data, run, "performance", """
            SELECT analysis_date, feature, correlation_with_return, correlation_p_value, lift_pct,
                sample_size_high, sample_size_low, feature_useful
            FROM feature_importance_history WHERE feature >= 0 ORDER BY position, feature""")
        return [
            ("ml_models", sorted(((k, *v) for k, v in self.models.items()), key=number), models),
            ("ml_model_comparisons",
             sorted(((k, *v) for k, v in self.comparisons.items()), key=number), comparisons),
            ("feature_importance_history", self.measured, measured),
        ]


def close(left, right):
    if None not in (left, right) and float in (type(left), type(right)):
        return math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-7)
    return left == right


def compare(name, expected, found):
    """Lists of tuples; prints the first difference."""
    for index, (left, right) in enumerate(zip(expected, found)):
        if len(left) != len(right) or not all(close(a, b) for a, b in zip(left, right)):
            print(f"{name}: row {index}: the events say {left}, the table {right}")
            return False
    if len(expected) != len(found):
        print(f"{name}: the events give {len(expected)} rows, the table has {len(found)}")
        return False
    return True


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    recount, data, run = sys.argv[1:]
    fold, registry = Fold(), Registry()
    for event in events(recount, data, run):
        fold.take(event)
        registry.take(event)
    signals = rows(data, run, "signals", """
        SELECT id, ticker, confidence_score, suppressed_reason IS NOT NULL
        FROM trading_signals ORDER BY position""")
    active = rows(data, run, "signals",
                  "SELECT ticker, id FROM trading_signals WHERE is_active ORDER BY ticker")
    fills = rows(data, run, "portfolio", """
        SELECT id, ticker, transaction_type, quantity, price, cash_change, cash_after
        FROM reference_portfolio_transactions ORDER BY position""")
    start = rows(data, run, "portfolio", "SELECT start_cash FROM reference_portfolio_config")[0][0]
    cash, expected_fills = start, []
    for fill in fold.fills:
        cash += fill[-1]
        expected_fills.append((*fill, cash))
    outcomes = rows(data, run, "performance", """
        SELECT id, ticker, outcome, return_pct, return_dollars, holding_days
        FROM signal_outcomes WHERE outcome <> 'open' ORDER BY id""")
    state = rows(data, run, "portfolio", """
        SELECT total_trades, winning_trades, losing_trades FROM reference_portfolio_state""")
    kinds = [outcome[1] for outcome in fold.outcomes.values()]
    checks = [
        ("trading_signals",
         [(key, *value) for key, value in fold.evaluations.items()], signals),
        ("active signals", sorted(fold.active.items()), active),
        ("reference_portfolio_transactions", expected_fills, fills),
        ("signal_outcomes",
         sorted((key, *value) for key, value in fold.outcomes.items()), outcomes),
        ("reference_portfolio_state", [(len(kinds), kinds.count("win"), kinds.count("loss"))],
         state),
    ] + registry.checks(data, run)
    agreed = [compare(*check) for check in checks]
    print(f"{sum(len(found) for _, _, found in checks)} rows of {len(checks)} tables compared")
    sys.exit(0 if all(agreed) else 1)


if __name__ == "__main__":
    main()
