"""Appends and reads typed events with pyeventsourcing's SQLite recorder (WAL, its defaults).

Usage: store_eventsourcing.py FOLDER EVENTS SINGLES
"""
import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from uuid import UUID, uuid4

from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import (
    DatetimeAsISO, DecimalAsStr, JSONTranscoder, Mapper, UUIDAsHex)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore


@dataclass(frozen=True)
class OrderFilled(DomainEvent):
    ticker: str
    side: str
    leg: str
    order: int
    quantity: int
    remaining: int
    price: float
    market_price: float
    commission: int
    cash_change: int
    decided_on: str
    filled_on: str


def fill(aggregate: UUID, version: int) -> OrderFilled:
    trade = version // 2
    sale = version % 2
    price = 20 + trade % 977 * 0.25
    quantity = (10 + trade % 90) * 100_000_000
    return OrderFilled(
        originator_id=aggregate, originator_version=version, timestamp=datetime.now(timezone.utc),
        ticker=f"T{trade * 7 % 500}", side="sell" if sale else "buy",
        leg="closeOut" if sale else "entry", order=version, quantity=quantity, remaining=0,
        price=price, market_price=price, commission=0,
        cash_change=int(quantity * price) * (1 if sale else -1), decided_on="2023-11-13",
        filled_on="2023-11-14")


def recorder(path: str) -> SQLiteApplicationRecorder:
    made = SQLiteApplicationRecorder(SQLiteDatastore(path))
    made.create_table()
    return made


folder, count, singles = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
transcoder = JSONTranscoder()
for transcoding in (UUIDAsHex(), DatetimeAsISO(), DecimalAsStr()):
    transcoder.register(transcoding)
mapper = Mapper(transcoder)

batched, aggregate = recorder(folder + "/batches.sqlite"), uuid4()
started = time.perf_counter()
for first in range(1, count + 1, 1_000):
    versions = range(first, min(first + 1_000, count + 1))
    batched.insert_events([mapper.to_stored_event(fill(aggregate, v)) for v in versions])
batches = time.perf_counter() - started

single, aggregate = recorder(folder + "/singles.sqlite"), uuid4()
started = time.perf_counter()
for version in range(1, singles + 1):
    single.insert_events([mapper.to_stored_event(fill(aggregate, version))])
one = time.perf_counter() - started

started = time.perf_counter()
cash, shares, seen, last = 0, {}, 0, 0
while seen < count:
    page = batched.select_notifications(start=last + 1, limit=1_000)
    for notification in page:
        event = mapper.to_domain_event(notification)
        cash += event.cash_change
        change = -event.quantity if event.side == "sell" else event.quantity
        shares[event.ticker] = shares.get(event.ticker, 0) + change
        seen, last = seen + 1, notification.id
read = time.perf_counter() - started
assert seen == count and len(shares) > 0
print(json.dumps({"seconds": {"batches": batches, "singles": one, "read": read}}))
