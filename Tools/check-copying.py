#!/usr/bin/env python3
"""Compute the line "copying in equal parts" of `recount report --json` again, from the timeline's
bars and filings alone.

Usage: check-copying.py REPORT.json TIMELINE.jsonl SETTINGS.yaml FILERS.json
TIMELINE.jsonl is what `recount events --timeline --json` prints, SETTINGS.yaml what `recount strategy
show NAME --plain` does, FILERS.json what `recount filers --json` does: who is one person is not
computed again. Of a strategy without regulatory fees and follow_ settings, over a timeline without
corporate actions. Returns must agree to 1e-12. Exit 0 when every
session's does, 1 with a line for each that does not, 2 on wrong use.
"""
import datetime
import json
import sys

DAY = datetime.timedelta(days=1)


def settings(path):
    lines = (line.split("#")[0].split(":", 1) for line in open(path) if ":" in line)
    return {key.strip(): value.strip() for key, value in lines}


def persons(path):
    """The number of a filer by id, and by name."""
    known = {}
    for number, filer in enumerate(json.load(open(path))["filers"]):
        for name in [filer["bioguide_id"]] + [one["name"] for one in filer["spellings"]]:
            if name:
                known[name] = number
    return known


def timeline(path, known_as):
    """Sessions with their bars by ticker, and filed rows in order of knowledge, each once."""
    sessions, rows, seen = [], [], set()
    for line in open(path):
        event = json.loads(line)
        kind = event["type"]
        if kind == "SessionClosed":
            day = datetime.date.fromisoformat(event["day"])
            sessions.append((day, {bar["ticker"]: bar for bar in event["bars"]}))
        elif kind in ("DisclosureFiled", "DisclosureAmended"):
            if event["rowDigest"] not in seen:
                seen.add(event["rowDigest"])
                known = event["envelope"]["knownAt"].rstrip("Z").split(".")[0]
                known = datetime.datetime.fromisoformat(known)
                who = known_as.get(event.get("bioguide"), known_as.get(event["filer"]))
                rows.append((known, event["ticker"], who, event["side"] == "buy"))
        elif kind == "CorporateActionAnnounced":
            sys.exit("the timeline has corporate actions: this check knows none")
    return sessions, rows


def opening(known, days):
    """The session at whose open a row is traded that became known then; None behind the last."""
    read = known.date()
    if known <= datetime.datetime.combine(read, datetime.time(5, 30)):
        read -= DAY
    place = next((i for i, day in enumerate(days) if day >= read), None)
    return None if place is None or place + 1 >= len(days) else place + 1


def copied(sessions, rows, first, last, rules):
    days = [day for day, _ in sessions]
    due = {}
    for known, ticker, who, is_buy in rows:
        at = opening(known, days)
        if at is not None and first < at <= last:
            due.setdefault(at, []).append((ticker, who, is_buy))
    slip = float(rules.get("slippage_bp", 0)) / 1e4
    fee = float(rules.get("commission_bp", 0)) / 1e4
    patience = int(rules.get("no_price_sessions", 5))
    haircut = float(rules.get("delisting_haircut", 0))
    if rules["strategy"] == "disclosure-follow":
        slip, fee = 0.0, 5 / 1e4
    held, returns = {}, []
    for number in range(first, last + 1):
        day, bars = sessions[number]
        # Who sells what he bought, or is out of time, leaves at this open.
        for ticker, who, is_buy in due.get(number, []):
            if not is_buy and ticker in held and who in held[ticker]["who"]:
                held[ticker]["leaves"] = True
        parts, after = [], {}
        for ticker, one in held.items():
            bar = bars.get(ticker)
            if bar is None:
                gone = patience and number - one["seen"] >= patience
                parts.append(-haircut if gone else 0.0)
                if not gone:
                    after[ticker] = one
            elif one["leaves"] and bar["volume"] > 0:
                parts.append(bar["open"] * (1 - slip) * (1 - fee) / one["close"] - 1)
            else:
                parts.append(bar["close"] / one["close"] - 1)
                after[ticker] = dict(one, close=bar["close"], seen=number)
        wanted = {}
        for ticker, who, is_buy in due.get(number, []):
            if is_buy:
                wanted.setdefault(ticker, []).append(who)
        for ticker, who in wanted.items():
            bar = bars.get(ticker)
            if ticker not in held and bar is not None and bar["volume"] > 0:
                paid = bar["open"] * (1 + slip) * (1 + fee)
                parts.append(bar["close"] / paid - 1)
                after[ticker] = dict(
                    who=who, entered=number, close=bar["close"], seen=number, leaves=False)
        held = after
        for one in held.values():
            if "max_sessions" in rules:
                over = number - one["entered"] >= int(rules["max_sessions"])
            else:
                over = (day - days[one["entered"]]).days >= int(rules["timeout_days"])
            one["leaves"] = one["leaves"] or over
        returns.append(sum(parts) / len(parts) if parts else 0.0)
    return returns


def main(arguments):
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    report = json.load(open(arguments[0]))
    sessions, rows = timeline(arguments[1], persons(arguments[3]))
    rules = settings(arguments[2])
    days = [str(day) for day, _ in sessions]
    first, last = days.index(report["from"]), days.index(report["to"])
    line = next(line for line in report["beside"] if line["kind"] == "copying")
    ours = copied(sessions, rows, first, last, rules)
    wrong = 0
    if len(ours) != len(line["returns"]):
        print(f"{len(line['returns'])} sessions, here {len(ours)}")
        return 1
    for day, theirs, here in zip(days[first:], line["returns"], ours):
        if abs(theirs - here) > 1e-12:
            wrong += 1
            print(f"{day}: recount {theirs}, here {here}")
    total = 1.0
    for value in ours:
        total *= 1 + value
    if abs(total - 1 - line["total_return"]) > 1e-9:
        wrong += 1
        print(f"total return: recount {line['total_return']}, here {total - 1}")
    moved = sum(1 for value in ours if value != 0)
    if moved == 0:
        print("nothing was copied: nothing is compared")
        return 1
    print(f"copying: {len(ours)} sessions, {moved} with a return, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
