#!/usr/bin/env python3
"""Check the example fetcher on pages, archives and bars of our own, without a network beyond this
machine.

Usage: check-fetch.py [RECOUNT]
With RECOUNT, the command, the files that the fetcher writes are ingested too. Needs the standard
library alone; with pypdf a PDF is read as well. Exit 0 when all is as expected, 1 with each
difference, 2 on wrong use.
"""
import datetime
import http.server
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import types
import urllib.parse
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "fetch"))
import house
import inbox
import prices
import senate

wrong = []
checked = 0


def same(what, found, expected):
    global checked
    checked += 1
    if found != expected:
        wrong.append(f"{what}:\n  found    {found}\n  expected {expected}")


def refused(what, status, body):
    try:
        body()
        same(what, "taken", f"refused with {status}")
    except inbox.Refused as error:
        same(what, error.status, status)


# MARK: Bars

def day(text):
    return datetime.date.fromisoformat(text)


def bar(date, price, volume, dividend=0.0, split=0.0):
    """As Yahoo has it: divided by all later splits."""
    return {"date": day(date), "open": price, "high": price * 1.01, "low": price * 0.99,
            "close": price, "volume": volume, "dividend": dividend, "split": split}


# Four for one on the 4th, one for two on the 6th: traded at 100, 104, 25, 26, 52.
YAHOO = [
    bar("2026-11-02", 50.0, 2_000), bar("2026-11-03", 52.0, 2_000, dividend=0.5),
    bar("2026-11-04", 50.0, 8_000, split=4.0), bar("2026-11-05", 52.0, 8_000),
    bar("2026-11-06", 52.0, 4_000, split=0.5), bar("2026-11-09", 53.0, 4_000),
]


def check_prices():
    rows, left = prices.as_traded("ABC", YAHOO, day("2026-11-06"))
    same("closes as traded", [row["close"] for row in rows],
         ["100.0000", "104.0000", "25.0000", "26.0000", "52.0000"])
    same("volumes as traded", [row["volume"] for row in rows], [1000, 1000, 16000, 16000, 4000])
    same("splits", [row["split_coefficient"] for row in rows], ["1", "1", "4", "1", "0.5"])
    same("a dividend as paid", rows[1]["dividend_amount"], "1")
    same("no bar is left out", left, 0)
    holes = [dict(YAHOO[0], close=None), YAHOO[1]]
    same("a bar without a close", [len(prices.as_traded("A", holes, day("2026-11-09"))[0]),
                                   prices.as_traded("A", holes, day("2026-11-09"))[1]], [1, 1])
    same("single precision", prices.rounded(74.05999755859375), "74.0600")
    same("single precision above 1,000", prices.rounded(4123.4501953125), "4123.45")
    same("symbols", prices.symbols("aapl, BRK.B  # a remark\nBF/B\nAAPL"),
         ["AAPL", "BRK-B", "BF-B"])
    refused("no symbols", 64, lambda: prices.symbols("# none\n"))
    utc = datetime.timezone.utc
    for moment, last in ((datetime.datetime(2026, 11, 6, 21, 59, tzinfo=utc), "2026-11-05"),
                         (datetime.datetime(2026, 11, 6, 22, 0, tzinfo=utc), "2026-11-06"),
                         (datetime.datetime(2026, 7, 6, 21, 0, tzinfo=utc), "2026-07-06"),
                         (datetime.datetime(2026, 7, 7, 3, 0, tzinfo=utc), "2026-07-06")):
        same(f"the last whole day at {moment}", prices.last_whole_day(moment).isoformat(), last)


def fetch_prices(folder, found):
    options = types.SimpleNamespace(symbols="ABC,GONE", index="SPY", vix="^VIX")
    setattr(options, "from", "2026-11-04")
    asked, told = [], []

    def download(names, start):
        asked.append((names, start))
        return {name: found.get(name, []) for name in names}

    now = datetime.datetime(2026, 11, 10, 1, 0, tzinfo=datetime.timezone.utc)
    prices.fetch(options, inbox.Inbox(folder, now), now, told.append, download)
    same("what is asked of Yahoo", asked, [(["ABC", "GONE", "SPY", "^VIX"], day("2026-10-25"))])
    same("who is missing is named", told[-1], "nothing came of: GONE")


# MARK: The Senate

REPORT = "12345678-aaaa-bbbb-cccc-1234567890ab"
PAPER = "87654321-aaaa-bbbb-cccc-1234567890ab"


def listing(rows, total):
    return json.dumps({"draw": 0, "recordsTotal": total, "recordsFiltered": total, "data": rows,
                       "result": "ok"})


LISTED = [
    ["Ann B", "Sample", "Sample, Ann B (Senator)",
     f'<a href="/search/view/ptr/{REPORT}/" target="_blank">Periodic Transaction Report for '
     "11/05/2026 (Amendment 1)</a>", "11/05/2026"],
    ["Old", "Hand", "Hand, Old (Senator)",
     f'<a href="/search/view/paper/{PAPER.upper()}/" target="_blank">Periodic Transaction '
     "Report</a>",
     "11/04/2026"],
]
PAGE = """<html><body><h1 class="mb-2">Periodic Transaction Report for 11/05/2026
 (Amendment 1)</h1><table class="table"><thead><tr><th>#</th><th>Transaction Date</th><th>Owner</th>
<th>Ticker</th><th>Asset Name</th><th>Asset Type</th><th>Type</th><th>Amount</th>
<th>Comment</th></tr>
</thead><tbody>
<tr><td>1</td><td> 10/20/2026 </td><td>Spouse</td><td><a href="https://example.org/ABC">ABC</a></td>
<td>A &amp; B Corp <div class="text-muted">Common</div></td><td>Stock</td><td>Sale (Partial)</td>
<td>$1,001 - $15,000</td><td>--</td></tr>
<tr><td>2</td><td>10/21/2026</td><td>Self</td><td>--</td><td>Town of X 3%</td><td>Municipal
Security</td><td>Purchase</td><td>$15,001 - $50,000</td><td>R</td></tr>
<tr><td>3</td><td>sometime</td><td>Self</td><td>DEF</td><td>DEF Inc</td><td>Stock</td>
<td>Purchase</td><td>$15,001 - $50,000</td><td></td></tr></tbody></table></body></html>"""


class Visitor:
    """Stands in for the site: a session of one page of results."""

    def __init__(self, pause):
        self.asked = []

    def search(self, start):
        return senate.reports(listing(LISTED, 2))[0]

    def ask(self, path, form=None):
        same("what is asked of the Senate", path, f"/search/view/ptr/{REPORT}/")
        return PAGE


def check_senate():
    found, total = senate.reports(listing(LISTED, 2))
    report = found[REPORT]
    same("reports", [total, report["name"], report["filed"], found[PAPER]["is_paper"]],
         [2, "Ann B Sample", "2026-11-05", True])
    rows, rejects = senate.transactions(REPORT, found[REPORT], PAGE)
    same("a Senate row", rows[0], {
        "filing_id": REPORT, "disclosure_date": "2026-11-05", "transaction_date": "2026-10-20",
        "name": "Ann B Sample", "chamber": "senate", "owner": "Spouse", "ticker": "ABC",
        "asset": "A & B Corp Common", "asset_type": "Stock", "type": "Sale (Partial)",
        "amount": "$1,001 - $15,000",
        "report_title": "Periodic Transaction Report for 11/05/2026 (Amendment 1)",
        "link": f"https://efdsearch.senate.gov/search/view/ptr/{REPORT}/"})
    same("no ticker", rows[1]["ticker"], "")
    same("a row without a date", [len(rows), len(rejects)], [2, 1])
    changed = PAGE.replace("<th>Owner</th>", "<th>Owned by</th>")
    same("another table", [part and part[0][2] for part in senate.transactions(
        REPORT, found[REPORT], changed)], [[], "no table of transactions as it was"])
    same("the token", senate.Page('<input type="hidden" name="csrfmiddlewaretoken" value="t1">')
         .inputs["csrfmiddlewaretoken"], "t1")
    refused("another answer of the search", 65, lambda: senate.reports('{"data": []}'))
    refused("a row without a report", 65, lambda: senate.reports(
        listing([["A", "B", "C", "nothing", "11/05/2026"]], 1)))
    session = senate.Session.__new__(senate.Session)
    answers = iter([listing(LISTED, 5), listing(LISTED, 5)])
    session.ask = lambda path, form: next(answers)
    refused("a search that ends before its end", 65, lambda: session.search(day("2026-11-01")))


# MARK: The House

LIST = ("Prefix\tLast\tFirst\tSuffix\tFilingType\tStateDst\tYear\tFilingDate\tDocID\r\n"
        "Hon.\tSample\tBea C.\tJr.\tP\tCA11\t2026\t11/5/2026\t20029001\r\n"
        "Hon.\tPaper\tAl\t\tP\tTX02\t2026\t11/6/2026\t8220001\r\n"
        "Hon.\tYearly\tAl\t\tO\tTX02\t2026\t11/6/2026\t10060001\r\n")
HEAD = """Filing ID #20029001
P\0\0\0\0\0\0 T\0\0\0\0 R\0\0\0\0
Name: Hon. Bea C. Sample
Status: Member
ID Owner Asset Transaction
Type
Date Notification
Date
Amount Cap.
Gains >
$200?
"""
END = """* For the complete list of asset type abbreviations, please visit the page.
I\0\0\0\0\0 V\0\0\0\0\0 D\0\0\0\0
Digitally Signed: Hon. Bea C. Sample , 11/05/2026
"""
ROWS = """SP Alpha Beta Inc. - Common
Stock (ABC) [ST]
P 10/05/2026 10/20/2026 $1,001 - $15,000 gfedc
F\0\0\0\0\0 S\0\0\0\0\0: New
D\0\0\0\0: Part of a plan that goes on
over two lines (XYZ).
JT Delta Corp (DEL.B) [ST] S (partial) 10/06/2026 10/20/2026 $250,001 -
$500,000
F\0\0\0\0\0 S\0\0\0\0\0: Amended
S\0\0\0\0 O\0: A Trust
Epsilon Fund [MF] S 10/07/2026 10/20/2026 Over $50,000,000
F\0\0\0\0\0 S\0\0\0\0\0: Deleted
Filing ID #20029001
ID Owner Asset Transaction
Type
Date Notification
Date
Amount Cap.
Gains >
$200?
D\0\0\0\0: Of the one before, on another page
Zeta plc American Depositary Shares (ZET) [ST]S (partial)10/08/202610/20/2026$15,001 -
Filing ID #20029001
ID Owner Asset Transaction
Type
Date Notification
Date
Amount Cap.
Gains >
$200?
$50,000
F\0\0\0\0\0 S\0\0\0\0\0: New
JT Theta Co (THE)
[ST]
P 1/9/202610/20/2026Over $50,000,000
F\0\0\0\0\0 S\0\0\0\0\0: New
L\0\0\0\0\0\0\0: US
"""
BAD = {
    "an asset below remarks": ("D: words\nthat go on\nEta Inc (ETA) [ST] P 10/08/2026 10/20/2026 "
                               "$15,001 - $50,000\nF S: New\n",
                               "an asset that cannot be told from the remarks above it"),
    "no band": ("Eta Inc (ETA) [ST] P 10/08/2026 10/20/2026 $15,001 - $15,000\nF S: New\n",
                "$15,001 to ['15,000'] is no band of the form"),
    "no code": ("Eta Inc (ETA) P 10/08/2026 10/20/2026 $15,001 - $50,000\nF S: New\n",
                "an asset without its code at the end"),
    "two tickers": ("Eta (ETA) Theta (THE) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\n"
                    "F S: New\n", "several words in brackets that may be the ticker"),
    "two transactions": ("Eta Inc (ETA) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\n"
                         "Eta Inc (ETA) [ST] S 10/08/2026 10/20/2026 $15,001 - $50,000\nF S: New\n",
                         "2 lines with type, dates and amount"),
    "no date": ("Eta Inc (ETA) [ST] P 10/48/2026 10/20/2026 $15,001 - $50,000\nF S: New\n", None),
    "an owner in small letters": ("sP Eta Inc (ETA) [ST] P 10/08/2026 10/20/2026 $15,001 - "
                                  "$50,000\nF S: New\n", "capitals are not as on the page"),
    "a ticker in small letters": (
        "Eta Inc (eTa) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\nF S: New\n",
        "a word in brackets that may be the ticker, with small letters"),
    "another status": ("Eta Inc (ETA) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\n"
                       "F S: Pending\n", "status Pending"),
}


def archive(text=LIST, name="2026FD.txt"):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr(name, "\ufeff" + text)
        file.writestr("2026FD.xml", "<FinancialDisclosure/>")
    return data.getvalue()


def check_house():
    found = house.index(archive())
    same("reports of transactions", list(found), ["20029001", "8220001"])
    report = found["20029001"]
    same("a report", report, {
        "name": "Bea C. Sample Jr.", "state": "CA", "district": "CA11", "filed": "2026-11-05",
        "year": 2026, "link": f"{house.ROOT}/ptr-pdfs/2026/20029001.pdf"})
    refused("no archive", 65, lambda: house.index(b"<html>"))
    refused("another list", 65, lambda: house.index(archive(LIST.replace("StateDst", "Seat"))))
    refused("another name", 65, lambda: house.index(archive(name="list.txt")))
    rows, rejects, kind = house.transactions("20029001", report, HEAD + ROWS + END)
    same("nothing is rejected", [rejects, kind], [[], "read"])
    fields = ("transaction_date", "owner", "ticker", "asset", "type", "amount", "filing_status")
    same("House rows", [[row[field] for field in fields] for row in rows], [
        ["2026-10-05", "SP", "ABC", "Alpha Beta Inc. - Common Stock (ABC) [ST]", "P",
         "$1,001 - $15,000", "New"],
        ["2026-10-06", "JT", "DEL.B", "Delta Corp (DEL.B) [ST]", "S (partial)",
         "$250,001 - $500,000", "Amended"],
        ["2026-10-07", "self", "", "Epsilon Fund [MF]", "S", "Over $50,000,000", "Deleted"],
        ["2026-10-08", "self", "ZET", "Zeta plc American Depositary Shares (ZET) [ST]",
         "S (partial)", "$15,001 - $50,000", "New"],
        ["2026-01-09", "JT", "THE", "Theta Co (THE) [ST]", "P", "Over $50,000,000", "New"]])
    same("the other fields", {key: rows[0][key] for key in (
        "filing_id", "disclosure_date", "name", "chamber", "state", "district", "asset_type")}, {
            "filing_id": "20029001", "disclosure_date": "2026-11-05", "name": "Bea C. Sample Jr.",
            "chamber": "house", "state": "CA", "district": "CA11", "asset_type": "ST"})
    same("scanned pages", house.transactions("8220001", found["8220001"], " \n")[2], "on paper")
    for text in (HEAD + ROWS, ROWS + END, "words"):
        rows, rejects, _ = house.transactions("20029001", report, text)
        same("a page without its head or its end", [rows, len(rejects)], [[], 1])
    rows, rejects, _ = house.transactions("20029002", report, HEAD + ROWS + END)
    same("another filing's page", [rows, rejects[0][2]], [[], "names filing ['20029001']"])
    good = "Iota Inc (IOT) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\nF S: New\n"
    for name, (text, reason) in BAD.items():
        rows, rejects, _ = house.transactions("20029001", report, HEAD + good + text + END)
        same(name, [row["ticker"] for row in rows], ["IOT"])
        same(name, len(rejects), 1)
        if reason:
            same(name, rejects[0][2], reason)
    cut = "Eta Inc (ETA) [ST] P 10/08/2026 10/20/2026 $15,001 - $50,000\n"
    rows, rejects, _ = house.transactions("20029001", report, HEAD + good + cut + END)
    same("a row without a status", [len(rows), len(rejects)], [1, 1])


def pdf(lines):
    """A PDF of one page with these lines."""
    drawn = "".join(f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T* "
                    for line in lines)
    content = f"BT /F1 10 Tf 12 TL 40 800 Td {drawn}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 900] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects):
        places.append(len(data))
        data += f"{number + 1} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (data + f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\n"
            f"startxref\n{len(data)}\n%%EOF\n").encode()


def check_pdf():
    try:
        import pypdf  # noqa: F401
    except ImportError:
        print("skipped: no pypdf, so no PDF is read")
        return
    text = (HEAD + ROWS + END).replace("\0", "")
    report = house.index(archive())["20029001"]
    rows, rejects, _ = house.transactions("20029001", report, house.layer(pdf(text.splitlines())))
    same("a PDF", [len(rows), rejects], [5, []])
    same("a PDF without text", house.cleaned(house.layer(pdf([]))), [])


# MARK: A site on this machine

class Site(http.server.BaseHTTPRequestHandler):
    """Does what the Senate's site does: who has not agreed is sent to the agreement."""

    asked = []

    def answer(self, text, *headers, status=200):
        data = text.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def has_agreed(self):
        return "sessionid=agreed" in (self.headers["Cookie"] or "")

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/search/home/":
            self.answer('<form><input type="hidden" name="csrfmiddlewaretoken" value="t1"></form>',
                        ("Set-Cookie", "csrftoken=c1; Path=/"))
        elif self.has_agreed():
            self.answer(PAGE)
        else:
            self.answer("", ("Location", "/search/home/"), status=302)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        self.asked.append((self.path, form.get("start")))
        if self.path == "/search/home/":
            agreed = form == {"prohibition_agreement": "1", "csrfmiddlewaretoken": "t1"}
            self.answer("", *([("Set-Cookie", "sessionid=agreed; Path=/")] if agreed else []))
        elif self.has_agreed() and self.headers["X-CSRFToken"] == "c1":
            same("what is searched", [form["report_types"], form["submitted_start_date"]],
                 ["[11]", "11/01/2026 00:00:00"])
            place = int(form["start"])
            self.answer(listing(LISTED[place:place + 1], 2))
        else:
            self.answer("", status=403)

    def log_message(self, *arguments):
        pass


def check_site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root, senate.ROOT = senate.ROOT, f"http://127.0.0.1:{server.server_port}"
    try:
        visitor = senate.Session(0)
        found = visitor.search(day("2026-11-01"))
        same("both pages of results", sorted(found), sorted([REPORT, PAPER]))
        same("a report", visitor.ask(f"/search/view/ptr/{REPORT}/"), PAGE)
        same("in this order", Site.asked, [
            "/search/home/", ("/search/home/", None), ("/search/report/data/", "0"),
            ("/search/report/data/", "1"), f"/search/view/ptr/{REPORT}/"])
        visitor.jar.clear()
        refused("a session that was lost", 75, lambda: visitor.ask(f"/search/view/ptr/{REPORT}/"))
        same("a download", house.download(senate.ROOT + "/search/home/", 0)[:5], b"<form")
    finally:
        senate.ROOT = root
        server.shutdown()


# MARK: The files

def fetch_filings(folder):
    now = datetime.datetime(2026, 11, 10, 1, 0, tzinfo=datetime.timezone.utc)
    options, told = types.SimpleNamespace(pause=0), []
    answers = {f"{house.ROOT}/financial-pdfs/2026FD.zip": archive(),
               f"{house.ROOT}/ptr-pdfs/2026/20029001.pdf": ("%PDF\n" + HEAD + ROWS + END).encode(),
               f"{house.ROOT}/ptr-pdfs/2026/8220001.pdf": b"%PDF"}

    def download(link, pause):
        if answers[link] is None:
            raise OSError("time out")
        return answers[link]

    def house_again(moment):
        return house.fetch(options, inbox.Inbox(folder, moment), day("2026-11-01"), [2026],
                           told.append, download,
                           lambda data: data.decode()[4:])

    whole = answers[f"{house.ROOT}/ptr-pdfs/2026/20029001.pdf"]
    for place, failure in enumerate((None, b"<html>Access denied</html>")):
        answers[f"{house.ROOT}/ptr-pdfs/2026/20029001.pdf"] = failure
        counts = house_again(now - datetime.timedelta(seconds=4 - place))
        same("a download that failed", counts["not downloaded, next time"], 1)
    answers[f"{house.ROOT}/ptr-pdfs/2026/20029001.pdf"] = whole
    counts = house_again(now)
    same("is made up for",
         [counts["read"], counts["taken before"], counts["transactions"]], [1, 1, 5])
    counts = house_again(now + datetime.timedelta(seconds=2))
    same("nothing is taken twice", [counts["taken before"], counts["transactions"]], [2, 0])
    counts = senate.fetch(
        options, inbox.Inbox(folder, now), day("2026-11-01"), told.append, Visitor)
    class Denied(Visitor):
        def ask(self, path, form=None):
            return "<h1>Access denied</h1>"

    other = tempfile.mkdtemp(dir=folder, prefix=".")
    counts_denied = senate.fetch(
        options, inbox.Inbox(other, now), day("2026-11-01"), told.append, Denied)
    same("a page of something else", counts_denied["not downloaded, next time"], 1)
    same("the Senate's counts", [counts["read"], counts["on paper"], counts["transactions"],
                                 counts["not understood"]], [1, 1, 2, 2])
    refused("no inbox", 66, lambda: inbox.Inbox(os.path.join(folder, "nowhere")))


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True)
    same(" ".join(arguments[1:4]), done.returncode, 0)
    if done.returncode:
        print(done.stdout, done.stderr)
    return done.stdout


def ingest(recount, folder, files):
    data = os.path.join(folder, "data")
    by_kind = {"prices": [], "index": [], "vix": [], "house": [], "senate": []}
    for name in files:
        by_kind[name.split("-")[0]].append(os.path.join(folder, "inbox", name))
    run(recount, "ingest", "prices", *by_kind["prices"], "--data", data)
    run(recount, "ingest", "index", *by_kind["index"], "--series", "market", "--symbol", "SPY",
        "--data", data)
    run(recount, "ingest", "index", *by_kind["vix"], "--series", "vix", "--symbol", "VIX",
        "--data", data)
    run(recount, "ingest", "disclosures", *by_kind["house"], *by_kind["senate"], "--data", data,
        "--max-rejects", "0.9")
    events = [json.loads(line) for line in
              run(recount, "events", "--data", data, "--json").splitlines()]
    def of(kind):
        return [event for event in events if event["type"] == kind]

    same("sessions in the log",
         [[one["adjustment"], one["bars"][0]["close"], one["bars"][0]["volume"]]
          for one in of("SessionClosed")],
         [["none", 100.0, 1000.0], ["none", 104.0, 1000.0], ["none", 25.0, 16000.0],
          ["none", 26.0, 16000.0], ["none", 52.0, 4000.0], ["none", 53.0, 4000.0]])
    same("actions in the log", [[one["kind"], one["exDay"], one["ratio"], one["amount"]]
                                for one in of("CorporateActionAnnounced")],
         [["dividend", "2026-11-03", None, 1.0], ["split", "2026-11-04", 4.0, None],
          ["split", "2026-11-06", 0.5, None]])
    same("indices in the log", sorted((one["series"], one["symbol"]) for one in of("IndexClosed")),
         [("market", "SPY")] * 6 + [("volatility", "VIX")] * 6)
    same("filings in the log", sorted((one["ticker"], one["side"], one["filer"], one["owner"])
                                      for one in of("DisclosureFiled")),
         [("ABC", "buy", "Bea C. Sample Jr.", "spouse"),
          ("THE", "buy", "Bea C. Sample Jr.", "joint"),
          ("ZET", "sell", "Bea C. Sample Jr.", "filer")])
    same("amendments in the log", sorted((one["ticker"], one["side"], one["chamber"], one["owner"])
                                         for one in of("DisclosureAmended")),
         [("ABC", "sell", "senate", "spouse"), ("DEL-B", "sell", "house", "joint")])
    same("rows without a ticker", [one["reason"] for one in of("DisclosureRejected")],
         ["noTicker"] * 2)


def main(arguments):
    if len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    check_prices()
    check_senate()
    check_house()
    check_pdf()
    check_site()
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "inbox")
        os.mkdir(place)
        plain = [dict(one, split=0.0) for one in YAHOO]
        fetch_prices(place, {"ABC": YAHOO, "SPY": plain, "^VIX": plain})
        fetch_filings(place)
        files = sorted(name for name in os.listdir(place) if not name.startswith("."))
        same("files of the inbox", [name.split("-")[0] for name in files],
             ["house", "index", "prices", "senate", "vix"])
        same("nothing unfinished is left", [
            name for name in os.listdir(os.path.join(place, ".fetch")) if "partial" in name], [])
        if arguments:
            ingest(arguments[0], folder, files)
    for text in wrong:
        print(text)
    print(f"fetch: {checked} checks, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
