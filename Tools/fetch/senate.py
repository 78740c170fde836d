"""Senators' electronic reports of transactions, from efdsearch.senate.gov."""
import html.parser
import http.cookiejar
import json
import re
import time
import urllib.parse
import urllib.request

from inbox import Refused, american, deliver

ROOT = "https://efdsearch.senate.gov"
HEAD = [
    "#", "Transaction Date", "Owner", "Ticker", "Asset Name", "Asset Type", "Type", "Amount",
    "Comment",
]
REPORT = re.compile(r'href="(/search/view/(ptr|paper)/([0-9a-fA-F-]{36})/)"[^>]*>(.*?)</a>')


class Page(html.parser.HTMLParser):
    """The title, the tables and the hidden inputs of a page."""

    def __init__(self, text):
        super().__init__()
        self.title, self.tables, self.inputs = "", [], {}
        self._cell = self._heading = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._cell = []
        elif tag == "h1":
            self._heading = []
        elif tag == "input" and attributes.get("name"):
            self.inputs[attributes["name"]] = attributes.get("value") or ""
        elif tag in ("br", "div", "p"):
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self._cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag == "h1" and self._heading is not None:
            self.title = " ".join("".join(self._heading).split())
            self._heading = None

    def handle_data(self, data):
        for part in (self._cell, self._heading):
            if part is not None:
                part.append(data)


def reports(text):
    """The reports that a page of search results lists, by id, and how many there are in all."""
    try:
        answer = json.loads(text)
        found, total = {}, int(answer["recordsTotal"])
        for first, last, _, link, filed in answer["data"]:
            match = REPORT.search(link)
            if match is None:
                raise ValueError(f"no report in {link}")
            found[match[3].lower()] = {
                "link": ROOT + match[1], "is_paper": match[2] == "paper",
                "title": " ".join(re.sub("<[^>]*>", " ", match[4]).split()),
                "name": " ".join(f"{first} {last}".split()), "filed": american(filed),
            }
        return found, total
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"the search's answer is not as it was: {error}") from error


def transactions(filing, report, text):
    """Rows and rejects of an electronic report's page."""
    page = Page(text)
    tables = [table for table in page.tables if table and table[0] == HEAD]
    if len(tables) != 1:
        return [], [(filing, report["link"], "no table of transactions as it was", page.title)]
    rows, rejects = [], []
    for cells in tables[0][1:]:
        try:
            if len(cells) != len(HEAD):
                raise ValueError(f"{len(cells)} cells")
            traded = american(cells[1])
        except ValueError as error:
            rejects.append((filing, report["link"], str(error), " | ".join(cells)))
            continue
        rows.append({
            "filing_id": filing, "disclosure_date": report["filed"], "transaction_date": traded,
            "name": report["name"], "chamber": "senate", "owner": cells[2],
            "ticker": "" if cells[3] == "--" else cells[3], "asset": cells[4],
            "asset_type": cells[5], "type": cells[6], "amount": cells[7],
            "report_title": report["title"], "link": report["link"],
        })
    return rows, rejects


class Session:
    """A visitor who has agreed to the site's terms, and waits between requests."""

    def __init__(self, pause):
        self.pause = pause
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [("User-Agent", "Mozilla/5.0 (recount example fetcher)")]
        token = Page(self.ask("/search/home/")).inputs.get("csrfmiddlewaretoken")
        if not token:
            raise Refused("the agreement's page is not as it was: it has no token")
        self.ask("/search/home/", {"prohibition_agreement": "1", "csrfmiddlewaretoken": token})

    def ask(self, path, form=None):
        time.sleep(self.pause)
        request = urllib.request.Request(ROOT + path, headers={"Referer": ROOT + "/search/"})
        if form is not None:
            request.data = urllib.parse.urlencode(form).encode()
            cookies = {cookie.name: cookie.value for cookie in self.jar}
            request.add_header("X-CSRFToken", cookies.get("csrftoken") or "")
        with self.opener.open(request, timeout=60) as answer:
            came = urllib.parse.urlsplit(answer.geturl()).path
            if came.startswith("/search/home") and form is None and path != "/search/home/":
                raise Refused("the site asks for its agreement again: the session was lost", 75)
            return answer.read().decode("utf-8")

    def search(self, start):
        """All reports of transactions by senators that were submitted from a date on."""
        found, total = {}, None
        while total is None or len(found) < total:
            known = len(found)
            page, total = reports(self.ask("/search/report/data/", {
                "start": known, "length": 100, "report_types": "[11]", "filer_types": "[1]",
                "submitted_start_date": start.strftime("%m/%d/%Y 00:00:00"),
                "submitted_end_date": "", "candidate_state": "", "senator_state": "",
                "office_id": "", "first_name": "", "last_name": ""}))
            found.update(page)
            if len(found) == known and known < total:
                raise Refused(f"the search lists {known} of {total} reports and no more")
        return found


def fetch(options, inbox, start, tell, session=Session):
    """`fetch senate`."""
    visitor = session(options.pause)
    found = visitor.search(start)

    def read(filing):
        report = found[filing]
        if report["is_paper"]:
            reject = (filing, report["link"], "paper: scanned pages, not read", report["name"])
            return [], [reject], "on paper"
        text = visitor.ask(urllib.parse.urlsplit(report["link"]).path)
        if not Page(text).title.startswith("Periodic Transaction Report"):
            raise OSError(f"{report['link']} shows no report")
        rows, rejects = transactions(filing, report, text)
        return rows, rejects, "read"

    # The oldest first: an amendment comes after what it amends.
    order = sorted(found, key=lambda filing: (found[filing]["filed"], filing))
    return deliver(inbox, "senate", order, read, tell)
