"""Holds the workload disclosure-follow against its reference in plain Python, trade by trade.

Usage: check-disclosure-follow.py RECOUNT BENCH [SEED ...]
BENCH is the folder with generate.py and reference.py (numpy and pandas are needed).
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

recount, bench = sys.argv[1], pathlib.Path(sys.argv[2])
seeds = sys.argv[3:] or ["20260221"]
reasons = {"stop": "stop", "target": "target", "timeout": "time"}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def trades(data, name, dates):
    lines = []
    output = run(recount, "events", "--data", data, "--run", name, "--type", "OutcomeRecorded", "--json")
    for line in output.splitlines():
        event = json.loads(line)
        lines.append((
            int(event["ticker"][1:]), dates[event["entryDay"]], dates[event["exitDay"]],
            int(event["quantity"]), event["entryPrice"], event["exitPrice"], reasons[event["reason"]]))
    text = "\n".join("%d,%d,%d,%d,%.2f,%.2f,%s" % trade for trade in sorted(lines))
    return len(lines), hashlib.sha256(text.encode()).hexdigest()[:16]


failures = 0
for seed in seeds:
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, str(bench / "generate.py"), folder, seed)
        data = folder + "/data"
        run(recount, "ingest", "prices", folder + "/bars.csv", "--data", data,
            "--calendar", "none")
        run(recount, "ingest", "disclosures", folder + "/disclosures.csv", "--data", data)
        with open(folder + "/bars.csv") as file:
            next(file)
            dates = sorted({line.split(",")[1] for line in file})
        dates = {date: index for index, date in enumerate(dates)}
        for mode in ("next_open", "same_close"):
            run(recount, "backtest", "--data", data, "--strategy", "disclosure-follow",
                "--set", "fill=" + mode, "--run", mode)
            count, digest = trades(data, mode, dates)
            expected = run(sys.executable, str(bench / "reference.py"), folder, mode).split()
            equal = count == int(expected[0]) and digest == expected[3]
            failures += not equal
            print(f"seed {seed} {mode}: {count} trades {digest}, reference {expected[0]} {expected[3]}: "
                  + ("equal" if equal else "DIFFERENT"))
sys.exit(1 if failures else 0)
