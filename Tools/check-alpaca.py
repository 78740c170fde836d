#!/usr/bin/env python3
"""Whether the stub is an Alpaca to Alpaca's own client.

Usage: Tools/check-alpaca.py ALPACA-STUB

Runs the executable on loopback and lets alpaca-py (PyPI, by `url_override`) submit, look up, list,
replace, cancel and follow orders; nothing else is reached. Needs alpaca-py; RECOUNT_PYTHON names a
Python that has it, or this one makes a virtual environment of its own and throws it away.
"""
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

VERSION = "0.44.0"


def with_client():
    """This script under a Python that has alpaca-py."""
    try:
        import alpaca  # noqa: F401
        return
    except ImportError:
        pass
    if os.environ.get("RECOUNT_ALPACA_VENV"):
        sys.exit("alpaca-py is not there, although it was installed")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = folder + "/bin/python"
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "alpaca-py==" + VERSION], check=True)
        environment = dict(os.environ, RECOUNT_ALPACA_VENV=folder)
        sys.exit(subprocess.run([python] + sys.argv, env=environment).returncode)


class Stub:
    def __init__(self, command):
        self.process = subprocess.Popen(
            [command, "--now", "2026-11-25T01:00:00Z"], stdout=subprocess.PIPE, text=True)
        self.url = "127.0.0.1:" + self.process.stdout.readline().strip()

    def post(self, path, **fields):
        target = "http://%s/stub/%s?%s" % (self.url, path, urllib.parse.urlencode(fields))
        request = urllib.request.Request(target, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read().decode()

    def end(self):
        self.process.kill()
        self.process.wait()


def check(condition, sentence):
    if not condition:
        sys.exit("check-alpaca: not so: " + sentence)
    print("  " + sentence, flush=True)


def follow(stub, seen):
    from alpaca.trading.stream import TradingStream

    stream = TradingStream("PKSTUB", "secret", url_override="ws://%s/stream" % stub.url)

    async def take(update):
        seen.append(update)

    stream.subscribe_trade_updates(take)
    threading.Thread(target=stream.run, daemon=True).start()
    return stream


def wait(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.02)
    return False


def run(stub):
    from alpaca.common.exceptions import APIError
    from alpaca.trading.client import TradingClient
    from alpaca.trading.enums import OrderSide, OrderStatus, QueryOrderStatus, TimeInForce
    from alpaca.trading.requests import (
        GetCalendarRequest, GetOrdersRequest, MarketOrderRequest, ReplaceOrderRequest,
        StopOrderRequest)

    for day in ["2026-11-24", "2026-11-25", "2026-11-27"]:
        stub.post("bar", symbol="ACME", day=day, open=100, high=105, low=95, close=102)
    client = TradingClient("PKSTUB", "secret", url_override="http://" + stub.url)
    seen = []
    stream = follow(stub, seen)
    check(wait(lambda: stream._running), "alpaca-py follows the stream")
    time.sleep(0.2)

    account = client.get_account()
    check(account.cash == "100000" and account.status.value == "ACTIVE", "it reads the account")
    settings = client.get_account_configurations()
    check(settings.no_shorting and settings.max_margin_multiplier == "1", "and its settings")
    clock = client.get_clock()
    check(not clock.is_open and clock.next_open.isoformat() == "2026-11-25T09:30:00-05:00",
          "it reads the clock")
    days = client.get_calendar(GetCalendarRequest(start="2026-11-25", end="2026-11-28"))
    check([str(day.date) for day in days] == ["2026-11-25", "2026-11-27"]
          and days[1].close.hour == 13, "and the calendar, with its short day")
    asset = client.get_asset("ACME")
    check(asset.tradable and asset.symbol == "ACME", "and an asset")

    entry = client.submit_order(MarketOrderRequest(
        symbol="ACME", qty=10, side=OrderSide.BUY, time_in_force=TimeInForce.OPG,
        client_order_id="3f9a1c07b2d4e685-20261124-ACME-en-0"))
    check(entry.status == OrderStatus.ACCEPTED and entry.qty == "10", "it submits an entry")
    again = client.get_order_by_client_id("3f9a1c07b2d4e685-20261124-ACME-en-0")
    check(again.id == entry.id, "it looks it up by our id")
    try:
        client.submit_order(MarketOrderRequest(
            symbol="ACME", qty=10, side=OrderSide.BUY, time_in_force=TimeInForce.OPG,
            client_order_id="3f9a1c07b2d4e685-20261124-ACME-en-0"))
        check(False, "an id is taken once")
    except APIError as error:
        check(error.status_code == 422 and "must be unique" in error.message,
              "an id is taken once")
    stub.post("advance", to="2026-11-25T14:31:00Z")
    check(client.get_order_by_id(entry.id).status == OrderStatus.FILLED, "the auction fills it")
    position = client.get_all_positions()[0]
    check((position.symbol, position.qty, position.avg_entry_price) == ("ACME", "10", "100"),
          "it reads the position")

    stop = client.submit_order(StopOrderRequest(
        symbol="ACME", qty=10, side=OrderSide.SELL, time_in_force=TimeInForce.GTC,
        stop_price=90.5))
    check(stop.stop_price == "90.50" and stop.status == OrderStatus.NEW, "it submits a stop")
    raised = client.replace_order_by_id(stop.id, ReplaceOrderRequest(qty=10, stop_price=92.25))
    check(raised.replaces == stop.id and raised.stop_price == "92.25", "it replaces it")
    check(client.get_order_by_id(stop.id).replaced_by == raised.id, "the old one names the new")
    listed = client.get_orders(GetOrdersRequest(status=QueryOrderStatus.OPEN, limit=500))
    check([order.id for order in listed] == [raised.id], "it lists what is open")
    client.cancel_order_by_id(raised.id)
    check(client.get_order_by_id(raised.id).status == OrderStatus.CANCELED, "it cancels it")
    try:
        client.cancel_order_by_id(raised.id)
        check(False, "what has ended is not cancelled")
    except APIError as error:
        check(error.status_code == 422, "what has ended is not cancelled")
    fills = client.get("/account/activities", {"direction": "asc"})
    check([fill["activity_type"] for fill in fills] == ["FILL"], "it reads the activities")

    wanted = ["new", "fill", "new", "new", "replaced", "pending_cancel", "canceled"]
    check(wait(lambda: len(seen) >= len(wanted)), "updates come")
    events = [getattr(update.event, "value", update.event) for update in seen]
    check(events == wanted, "each of them, in order")
    check(seen[1].price == 100 and seen[1].order.id == entry.id, "with price and order")
    stub.post("cut")
    time.sleep(3)
    client.submit_order(StopOrderRequest(
        symbol="ACME", qty=1, side=OrderSide.SELL, time_in_force=TimeInForce.GTC, stop_price=91))
    check(wait(lambda: len(seen) > len(wanted)), "and again after a connection that ended")
    stream.stop()


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    with_client()
    stub = Stub(sys.argv[1])
    try:
        run(stub)
    finally:
        stub.end()
    print("check-alpaca: ok")


main()
