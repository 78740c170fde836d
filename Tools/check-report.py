#!/usr/bin/env python3
"""Compute the studies of `recount report --json` again, from the events alone, and compare.

Usage: check-report.py RECOUNT DATA RUN
Checks, each from `recount events --json` of the run and its timeline:
- the event-time curve: every mean, count and standard error, to 1e-9;
- the run's entries under their exit rules: total profit and mean excess, to 1e-6;
- the null of random tickers: the mean of the draws within four standard errors of its exact
  expectation, its deviation within a fifth of the exact one;
- the equal-weight universe, to 1e-9;
- the same decisions at other costs, to 1e-8, and what waiting costs, to 1e-9.
Fees of sales are those of the tables in Documentation/costs.md.
Needs numpy. Exit 0 when all agree, 1 with a line for each that does not, 2 on wrong use.
"""
import datetime
import json
import math
import pathlib
import subprocess
import sys

import numpy

DAY = datetime.timedelta(days=1)
HISTORY = datetime.timedelta(days=400)


def events(recount, *arguments):
    """The events that a command prints, one JSON object a line."""
    command = [recount, "events", *arguments, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")


class Market:
    """Bars as matrices of sessions and tickers, and the index by day."""

    def __init__(self):
        self.days, self.bars, self.tickers, self.index = [], [], {}, {}
        self.filings, self.seen = [], set()

    def take(self, event):
        kind = event["type"]
        if kind == "SessionClosed":
            self.days.append(datetime.date.fromisoformat(event["day"]))
            self.bars.append(event["bars"])
            for bar in event["bars"]:
                self.tickers.setdefault(bar["ticker"], len(self.tickers))
        elif kind == "IndexClosed" and event["series"] == "market":
            scale = 1 if event["adjustedClose"] is None else event["adjustedClose"] / event["close"]
            start = None if event["open"] is None else event["open"] * scale
            self.index[datetime.date.fromisoformat(event["day"])] = (start, event["close"] * scale)
        elif kind in ("DisclosureFiled", "DisclosureAmended") and event["rowDigest"] not in self.seen:
            self.seen.add(event["rowDigest"])
            known = event["envelope"]["knownAt"]
            self.filings.append((known, event["ticker"], event["side"]))

    def finish(self):
        shape = (len(self.days), len(self.tickers))
        names = ("open", "high", "low", "close", "volume")
        for name in names:
            setattr(self, name, numpy.full(shape, numpy.nan))
        for session, bars in enumerate(self.bars):
            columns = [self.tickers[bar["ticker"]] for bar in bars]
            for name in names:
                getattr(self, name)[session, columns] = [bar[name] for bar in bars]
        self.bars = None
        self.session = {day: number for number, day in enumerate(self.days)}
        known = sorted(self.index)
        self.index_close, self.index_open = [], []
        place = -1
        for day in self.days:
            while place + 1 < len(known) and known[place + 1] <= day:
                place += 1
            if place < 0:
                self.index_close.append(math.nan)
                self.index_open.append(math.nan)
                continue
            start, close = self.index[known[place]]
            self.index_close.append(close)
            if known[place] != day:
                start = close
            elif start is None:
                start = self.index[known[place - 1]][1] if place else math.nan
            self.index_open.append(start)

    def first_tradable(self, known):
        """The number of the session at whose open a filing known at an instant is tradable."""
        day = datetime.date.fromisoformat(known[:10])
        read = day - DAY if known[11:16] <= "05:30" else day
        later = numpy.searchsorted(self.days, read)
        return later + 1


def event_study(market, side, first, last):
    chosen = set()
    for known, ticker, filed_side in market.filings:
        session = market.first_tradable(known)
        if filed_side != side or ticker not in market.tickers or session >= len(market.days):
            continue
        if first <= market.days[session] <= last:
            chosen.add((session, market.tickers[ticker]))
    chosen = [(session, column) for session, column in sorted(chosen)
              if market.open[session, column] > 0 and not math.isnan(market.index_open[session])]
    points = {}
    for offset in range(-20, 61):
        groups = {}
        for session, column in chosen:
            at = session + offset
            if not 0 <= at < len(market.days):
                continue
            own = market.close[at, column] / market.open[session, column]
            index = market.index_close[at] / market.index_open[session]
            value = 1 / index - 1 / own if offset < 0 else own - index
            if not math.isnan(value):
                day = market.days[session]
                groups.setdefault((day.year, day.month), []).append(value)
        values = [value for group in groups.values() for value in group]
        if not values:
            points[offset] = (0, None, None)
            continue
        mean = math.fsum(values) / len(values)
        squares = math.fsum(math.fsum(v - mean for v in group) ** 2 for group in groups.values())
        error = None
        if len(groups) > 1:
            error = math.sqrt(len(groups) / (len(groups) - 1) * squares) / len(values)
        points[offset] = (len(values), mean, error)
    return len(chosen), points


class Fees:
    """What a regulator takes of sales: a share of the amount, and dollars a share up to a bound."""

    def __init__(self, settings):
        self.rows = {2: [], 3: []}
        page = pathlib.Path(__file__).parent.parent / "Documentation" / "costs.md"
        for line in page.read_text().splitlines() if settings.get("regulatory_fees") == "us" else []:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            try:
                day = datetime.date.fromisoformat(cells[0][:10])
                numbers = [float(cell) for cell in cells[1:-1]]
            except ValueError:
                continue
            self.rows[len(numbers) + 1].append((day, *numbers))
        self.per_share = settings.get("commission_per_share", 0.0)
        self.per_order = settings.get("commission_per_order", 0.0)

    def rates(self, day):
        """Of the amount, dollars a share, and most of these a trade."""
        million = [row[1] for row in self.rows[2] if row[0] <= day] or [0.0]
        share = [row[1:] for row in self.rows[3] if row[0] <= day] or [(0.0, 0.0)]
        return (million[-1] / 1e6, *share[-1])

    def sale(self, shares, amount, day):
        part, share, limit = self.rates(day)
        return amount * part + min(shares * share, limit)


def simulate(market, order, session, settings, last):
    """Net return and excess of every ticker entered at a session's open; NaN where it cannot be."""
    slip = settings["slippage_bp"] / 1e4
    fee = settings["commission_bp"] / 1e4
    fees = Fees(settings)
    patience = int(settings["no_price_sessions"])
    length = int(settings["atr_sessions"])
    count = market.open.shape[1]
    entry = market.open[session] * (1 + slip)
    can = (market.open[session] > 0) & (market.volume[session] > 0)
    stop = numpy.full(count, -math.inf)
    if order["stopDistance"] is not None:
        multiple = order["stopDistance"] / order["atr"]
        for column in numpy.flatnonzero(can):
            held = numpy.flatnonzero(~numpy.isnan(market.close[:session, column]))[-length - 1:]
            if len(held) <= length:
                can[column] = False
                continue
            high, low = market.high[held[1:], column], market.low[held[1:], column]
            before = market.close[held[:-1], column]
            ranges = numpy.maximum(high - low, numpy.maximum(abs(high - before), abs(low - before)))
            stop[column] = entry[column] - multiple * ranges.mean()
    trail = order["trailingFraction"]
    target = order["targetFraction"]
    highest, seen, seen_at = entry.copy(), entry.copy(), numpy.full(count, session)
    price, left = numpy.full(count, math.nan), numpy.full(count, last)
    start = market.index_open[session]
    benchmark = numpy.full(count, math.nan)
    running, timed_out = can.copy(), False
    for at in range(session, last + 1):
        bar = ~numpy.isnan(market.close[at])
        traded = running & bar & (market.volume[at] > 0)
        if timed_out:
            out = traded
            price[out] = market.open[at, out] * (1 - slip)
            benchmark[out] = market.index_open[at] / start - 1
            left[out] = at
            running &= ~out
            traded = running & bar & (market.volume[at] > 0)
        level = stop if trail is None else numpy.maximum(stop, highest * (1 - trail))
        hit = traded & (market.low[at] <= level)
        fill = level if at == session else numpy.minimum(market.open[at], level)
        if target is not None:
            goal = entry * (1 + target)
            won = traded & ~hit & (market.high[at] >= goal)
            fill = numpy.where(
                won, goal if at == session else numpy.maximum(market.open[at], goal), fill)
            hit |= won
        price[hit] = fill[hit] * (1 - slip)
        benchmark[hit] = market.index_close[at] / start - 1
        left[hit] = at
        running &= ~hit
        lost = running & ~bar & (at - seen_at >= patience) & (patience > 0)
        price[lost] = seen[lost] * (1 - settings["delisting_haircut"])
        benchmark[lost] = market.index_close[at] / start - 1
        left[lost] = at
        running &= ~lost
        highest = numpy.where(bar, numpy.fmax(highest, market.close[at]), highest)
        seen = numpy.where(bar, market.close[at], seen)
        seen_at = numpy.where(bar, at, seen_at)
        if order["timeoutDays"] and (market.days[at] - market.days[session]).days >= order["timeoutDays"]:
            timed_out = True
        if not running.any():
            break
    price[running] = seen[running]
    benchmark[running] = market.index_close[last] / start - 1
    rates = {at: fees.rates(market.days[at]) for at in set(left.tolist())}
    part = numpy.array([rates[at][0] for at in left.tolist()])
    share = numpy.array([rates[at][1] for at in left.tolist()])
    proceeds = price * (1 - fee - part) - share - fees.per_share
    net = numpy.where(can, proceeds / (entry * (1 + fee) + fees.per_share) - 1, math.nan)
    return net, net - benchmark


def priced(fills, settings, slippage, start, own):
    """Total return of the fills with other slippage, everything else as it was."""
    fee, fees = settings["commission_bp"] / 1e4, Fees(settings)
    change = 0.0
    for fill in fills:
        shares, market = float(fill["quantity"]), fill["marketPrice"]
        sign = 1 if fill["side"] == "buy" else -1
        price = fill["price"] if fill["timing"] == "lastClose" else market * (1 + sign * slippage / 1e4)
        commission = shares * price * fee + shares * fees.per_share + fees.per_order
        if sign < 0:
            day = datetime.date.fromisoformat(fill["filledOn"])
            commission += fees.sale(shares, shares * price, day)
        change += -sign * shares * price - commission - float(fill["cashChange"])
    return (own * start + start + change) / start - 1


def waited(market, entries):
    """Entries that count, and their mean excess to the close 20 sessions later by sessions waited."""
    values = {0: [], 1: [], 3: []}
    for day, _, ticker in entries:
        session, column = market.session[datetime.date.fromisoformat(day)], market.tickers[ticker]
        if session + 20 >= len(market.days):
            continue
        end, index = market.close[session + 20, column], market.index_close[session + 20]
        found = [
            end / market.open[session + delay, column] - index / market.index_open[session + delay]
            for delay in values
        ]
        if not any(math.isnan(value) for value in found):
            for delay, value in zip(values, found):
                values[delay].append(value)
    return {delay: (len(found), math.fsum(found) / max(len(found), 1))
            for delay, found in values.items()}


def main(recount, data, run):
    failures = []

    def expect(name, theirs, ours, tolerance):
        if theirs is None and ours is None:
            return
        if theirs is None or ours is None or not abs(theirs - ours) <= tolerance * max(1, abs(ours)):
            failures.append(f"{name}: recount {theirs}, here {ours}")

    place = ("--data", data, "--run", run)
    report = json.loads(subprocess.run(
        [recount, "report", *place, "--json"], check=True, capture_output=True).stdout)
    first, last = (datetime.date.fromisoformat(report[key]) for key in ("from", "to"))
    market = Market()
    timeline = (*place, "--timeline", "--type")
    for kind in ("IndexClosed", "DisclosureFiled", "DisclosureAmended"):
        for event in events(recount, *timeline, kind):
            market.take(event)
    # Bars of the window, and of long enough before it for the true range and session -20. What
    # came after the window the run had not read, nor has its page.
    window = ("--from", str(first - HISTORY), "--before", str(last + DAY))
    for event in events(recount, *timeline, "SessionClosed", *window):
        market.take(event)
    market.finish()

    compared = 0
    for curve in report["event_study"]:
        count, points = event_study(market, curve["side"], first, last)
        expect(f"{curve['side']} events", curve["events"], count, 0)
        for point in curve["points"]:
            name = f"{curve['side']} {point['offset']}"
            size, mean, error = points[point["offset"]]
            expect(f"{name} count", point["count"], size, 0)
            expect(f"{name} mean", point["mean"], mean, 1e-9)
            expect(f"{name} standard error", point["standard_error"], error, 1e-9)
            compared += 3

    settings, orders, entries, fills = {}, {}, {}, []
    for event in events(recount, *place):
        if event["type"] == "ConfigurationChanged":
            for line in event["text"].splitlines():
                key, _, value = line.partition(": ")
                try:
                    settings[key] = float(value)
                except ValueError:
                    settings[key] = value
        elif event["type"] == "OrderSubmitted" and event["leg"] == "entry":
            orders[f"r{event['position']}"] = event
        if event["type"] == "OrderFilled":
            fills.append(event)
        if event["type"] == "OrderFilled" and event["leg"] == "entry":
            cost = entries.get(event["order"], (None, 0.0, None))[1] - float(event["cashChange"])
            entries[event["order"]] = (event["filledOn"], cost, event["ticker"])
    own, excesses, means, variances = [], [], [], []
    final = market.session[last]
    cache = {}
    for reference, (day, cost, ticker) in entries.items():
        order = orders[reference]
        session = market.session[datetime.date.fromisoformat(day)]
        if session not in cache:
            cache = {session: simulate(market, order, session, settings, final)}
        net, excess = cache[session]
        own.append(cost * net[market.tickers[ticker]])
        excesses.append(excess[market.tickers[ticker]])
        offered = net[~numpy.isnan(net)]
        means.append(cost * offered.mean())
        variances.append((cost * offered.std()) ** 2)
    for cost in report["costs"]:
        expect(f"costs at {cost['value']} bp", cost["total_return"],
               priced(fills, settings, cost["value"], float(report["starting_value"]),
                      report["metrics"]["total_return"]), 1e-8)
    even = report["break_even_bp"]
    if even is not None:
        expect("profit at the break-even cost", 0,
               priced(fills, settings, even, float(report["starting_value"]),
                      report["metrics"]["total_return"]), 1e-7)
    waits = waited(market, entries.values())
    for delay in report["delays"]:
        count, mean = waits[delay["sessions"]]
        expect(f"entries at delay {delay['sessions']}", delay["entries"], count, 0)
        expect(f"waiting {delay['sessions']} sessions", delay["mean_excess"], mean, 1e-9)
    band = report["null_band"]
    expect("entries", band["entries"], len(own), 0)
    expect("profit of the entries", band["profit"]["observed"], math.fsum(own), 1e-6)
    expect("mean excess of the entries", band["mean_excess"]["observed"],
           math.fsum(excesses) / len(excesses), 1e-6)
    deviation = math.sqrt(math.fsum(variances))
    distance = abs(band["profit"]["drawn_mean"] - math.fsum(means)) / deviation
    if distance > 4 / math.sqrt(band["draws"]):
        failures.append(f"mean of the draws: recount {band['profit']['drawn_mean']}, "
                        f"expected {math.fsum(means)} ± {deviation / math.sqrt(band['draws'])}")
    expect("deviation of the draws, relative", band["profit"]["drawn_deviation"] / deviation, 1, 0.2)

    with numpy.errstate(invalid="ignore"):
        changes = numpy.nanmean(market.close[1:] / market.close[:-1] - 1, axis=1)
    inside = [first <= day <= last for day in market.days[1:]]
    universe = math.prod(1 + change for change in changes[inside]) - 1
    shown = {line["name"]: line["total_return"] for line in report["comparisons"]}
    expect("equal-weight universe", shown["Equal-weight universe"], universe, 1e-9)

    for failure in failures:
        print(failure)
    if failures:
        return 1
    print(f"{compared} points of the event study, {len(own)} entries, the null's expectation "
          f"({math.fsum(means):,.0f} ± {deviation:,.0f}) the universe, costs "
          "and delays agree")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
