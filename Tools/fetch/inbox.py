"""Files for an inbox: written beside it and renamed into place whole."""
import collections
import csv
import datetime
import json
import os


class Refused(Exception):
    """What ends a fetch: its text says what to do, `status` is what the process ends with."""

    def __init__(self, text, status=65):
        super().__init__(text)
        self.status = status


class Inbox:
    """A folder that `recountd` takes files from.

    Whatever is not for it lies in its folder `.fetch`, whose name it passes over: unfinished files,
    the filings that were taken, and what was not understood.
    """

    def __init__(self, folder, now=None):
        if not os.path.isdir(folder):
            raise Refused(f"{folder} is no folder; recountd makes DIR/inbox at its start", 66)
        self.folder = folder
        self.own = os.path.join(folder, ".fetch")
        os.makedirs(self.own, exist_ok=True)
        now = now or datetime.datetime.now(datetime.timezone.utc)
        self.stamp = now.strftime("%Y%m%dT%H%M%SZ")

    def put(self, source, columns, rows):
        """Writes rows as a file of the inbox; gives its path, or None where there are no rows."""
        return self._write(self.folder, source, columns, rows)

    def reject(self, source, rejects):
        """Writes what was not understood, as (filing, link, reason, text); gives its path."""
        columns = ["filing_id", "link", "reason", "text"]
        rows = [dict(zip(columns, reject)) for reject in rejects]
        return self._write(self.own, f"{source}-rejects", columns, rows)

    def _write(self, folder, name, columns, rows):
        if not rows:
            return None
        partial = os.path.join(self.own, f"{name}.partial")
        with open(partial, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            file.flush()
            os.fsync(file.fileno())
        path = os.path.join(folder, f"{name}-{self.stamp}.csv")
        if os.path.exists(path):
            raise Refused(f"{path} is there already: two fetches in one second", 75)
        os.rename(partial, path)
        return path

    def seen(self, source):
        """The ids of filings that were taken before."""
        try:
            with open(os.path.join(self.own, f"{source}.json"), encoding="utf-8") as file:
                return set(json.load(file))
        except FileNotFoundError:
            return set()

    def remember(self, source, ids):
        """Keeps them, after `put`: who dies between takes a filing twice, which adds nothing."""
        path = os.path.join(self.own, f"{source}.json")
        with open(path + ".partial", "w", encoding="utf-8") as file:
            json.dump(sorted(ids), file, indent=0)
            file.flush()
            os.fsync(file.fileno())
        os.rename(path + ".partial", path)


FILING_COLUMNS = [
    "filing_id", "disclosure_date", "transaction_date", "name", "chamber", "state", "district",
    "owner", "ticker", "asset", "asset_type", "type", "amount", "filing_status", "report_title",
    "link",
]


def deliver(inbox, source, ids, read, tell):
    """Reads filings one after another by `read(id)`, which gives rows, rejects and a kind; a failed
    download is told and tried again next time. Gives the counts."""
    seen, rows, rejects, taken = inbox.seen(source), [], [], set()
    counts = collections.Counter()
    for filing in ids:
        if filing in seen:
            counts["taken before"] += 1
            continue
        try:
            found, left, kind = read(filing)
        except OSError as error:
            counts["not downloaded, next time"] += 1
            tell(f"{filing}: {error}")
            continue
        rows += found
        rejects += left
        taken.add(filing)
        counts[kind] += 1
    for path in (inbox.put(source, FILING_COLUMNS, rows), inbox.reject(source, rejects)):
        if path:
            tell(f"wrote {path}")
    inbox.remember(source, seen | taken)
    counts["transactions"], counts["not understood"] = len(rows), len(rejects)
    tell(f"{source}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()))
    return counts


def american(text):
    """MM/DD/YYYY as an ISO date.

    Raises ValueError for anything else."""
    return datetime.datetime.strptime(text.strip(), "%m/%d/%Y").date().isoformat()
