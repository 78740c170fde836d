#!/usr/bin/env python3
"""The sessions of the New York Stock Exchange (XNYS) as the package exchange_calendars has them.

Usage: exchange-calendars.py [--closes | --digest | --check FILE]
Without more it prints the table Sources/Market/Calendar/ExchangeCalendar+Years.swift; --closes a
line for each session, its date and its close in UTC; --digest the number of sessions of each year,
and the SHA-256 of what --closes prints; --check holds a file against what --closes prints, and says
where they first differ (a test writes one; RECOUNT_PYTHON names a Python with the package). Needs
the package exchange_calendars, for example in an environment that is thrown away afterwards:

  python3 -m venv venv && venv/bin/pip install exchange_calendars
  venv/bin/python Tools/exchange-calendars.py >Sources/Market/Calendar/ExchangeCalendar+Years.swift

Exit 0, 1 where a file differs, 2 on wrong use.
"""
import collections
import datetime
import hashlib
import importlib.metadata
import itertools
import sys
import zoneinfo

import exchange_calendars

FIRST, LAST = 1990, 2028
NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
HEAD = '''\
// Made by Tools/exchange-calendars.py of exchange_calendars {version} (PyPI); do not edit.

extension ExchangeCalendar {{
    /// The dates of each XNYS year that are no ordinary weekday, as month and day: 0704 is July 4.
    static let xnysYears = [
'''


def calendar():
    return exchange_calendars.get_calendar("XNYS", start=f"{FIRST}-01-01", end=f"{LAST}-12-31")


def closes(xnys):
    """Each session's date, and its close in UTC."""
    return [(day.date(), close.to_pydatetime()) for day, close in xnys.closes.items()]


def lines(xnys):
    return "".join(f"{day} {close:%Y-%m-%dT%H:%M:%SZ}\n" for day, close in closes(xnys))


def table(xnys):
    """The Swift source of all weekdays without a session and all sessions that close early."""
    sessions = dict(closes(xnys))
    unplanned = {day.date() for day in xnys.adhoc_holidays}
    text = HEAD.format(version=importlib.metadata.version("exchange_calendars"))
    for year in range(FIRST, LAST + 1):
        lists = collections.defaultdict(list)
        day = datetime.date(year, 1, 1)
        while day.year == year:
            if day not in sessions and day.weekday() < 5:
                lists["unplanned" if day in unplanned else "holidays"].append(day)
            elif day in sessions:
                close = sessions[day].astimezone(NEW_YORK)
                if (close.minute, close.second) != (0, 0):
                    sys.exit(f"{day} closes at {close}, which the table has no place for")
                if close.hour != 16:
                    lists[f"closesAt{close.hour}"].append(day)
            day += datetime.timedelta(days=1)
        names = ["holidays", "unplanned", "closesAt13", "closesAt14"]
        if set(lists) - set(names):
            sys.exit(f"{year} has {sorted(set(lists) - set(names))}, which the table has no place for")
        text += f"        Year(\n            {year}"
        for name in names:
            if lists[name]:
                days = ", ".join(f"{day:%m%d}" for day in lists[name])
                text += f",\n            {name}: [{days}]"
        text += "),\n"
    return text + "    ]\n}\n"


def main():
    arguments = sys.argv[1:]
    xnys = calendar()
    if not arguments:
        sys.stdout.write(table(xnys))
    elif arguments == ["--closes"]:
        sys.stdout.write(lines(xnys))
    elif arguments == ["--digest"]:
        counts = collections.Counter(day.year for day, _ in closes(xnys))
        print(", ".join(str(counts[year]) for year in range(FIRST, LAST + 1)))
        print(hashlib.sha256(lines(xnys).encode()).hexdigest())
    elif len(arguments) == 2 and arguments[0] == "--check":
        with open(arguments[1], encoding="utf-8") as file:
            pairs = itertools.zip_longest(file, lines(xnys).splitlines(keepends=True))
            for ours, theirs in pairs:
                if ours != theirs:
                    sys.exit(f"{arguments[1]} has {ours!r}, the package {theirs!r}")
    else:
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        sys.exit(2)


main()
