"""Representatives' reports of transactions, from the Clerk's yearly index and the PDF of each."""
import csv
import io
import re
import time
import urllib.request
import zipfile

from inbox import Refused, american, deliver

ROOT = "https://disclosures-clerk.house.gov/public_disc"
LARGEST = 50 << 20
DATE = r"\d{1,2}/\d{1,2}/\d{4}"
OWNERS = ("SP", "JT", "DC")
# A transaction's type, date, date of notification and what its amount begins with.
CORE = re.compile(
    rf"(?<!\S)(P|S \(partial\)|S|E) +({DATE}) +({DATE}) +"
    r"((?:Spouse/DC )?Over \$|\$)([\d,]+)(?: *-)?")
BANDS = {
    1_001: 15_000, 15_001: 50_000, 50_001: 100_000, 100_001: 250_000, 250_001: 500_000,
    500_001: 1_000_000, 1_000_001: 5_000_000, 5_000_001: 25_000_000, 25_000_001: 50_000_000,
}
STATUS = re.compile(r"F(?:iling)? ?S(?:tatus)? ?: *(\S+)$", re.IGNORECASE)
# Description, subholding, location, comments: small capitals lose their small letters.
DETAIL = re.compile(
    r"(?:D(?:escription)?|S(?:ubholding)? ?O(?:f)?|L(?:ocation)?|C(?:omments)?) ?: ")
# What stands on every page above, below and between the transactions.
FURNITURE = re.compile(
    r"ID Owner Asset|Owner Asset|Transaction$|Type$|Date$|Date Notification|Notification|"
    r"Amount Cap\.?|"
    r"Amount$|Cap\.$|Gains ?>|\$200\?$|Filing ID #\d+$|gfedcb?$")


def index(data):
    """The reports of transactions of a year's archive, by id: who filed, of which seat, when."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"\d{4}FD\.txt", name)]
            if len(names) != 1 or archive.getinfo(names[0]).file_size > LARGEST:
                raise Refused(f"the archive has no one list: {archive.namelist()}")
            text = archive.read(names[0]).decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise Refused(f"the archive cannot be read: {error}") from error
    found = {}
    for row in csv.DictReader(io.StringIO(text), delimiter="\t"):
        try:
            if row["FilingType"] != "P":
                continue
            seat = re.fullmatch(r"([A-Z]{2})(\d{2})", row["StateDst"])
            if not re.fullmatch(r"\d+", row["DocID"]) or seat is None:
                raise ValueError(f"{row['DocID']} {row['StateDst']}")
            name = " ".join(f"{row['First']} {row['Last']} {row['Suffix'] or ''}".split())
            found[row["DocID"]] = {
                "name": name, "state": seat[1], "district": seat[1] + seat[2],
                "filed": american(row["FilingDate"]), "year": int(row["Year"]),
                "link": f"{ROOT}/ptr-pdfs/{int(row['Year'])}/{row['DocID']}.pdf",
            }
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(f"the list is not as it was: {error}") from error
    return found


def cleaned(text):
    """The lines of a PDF's text layer, without the bytes that stand for lost letters, and with the
    blanks between cells that it leaves out: `[ST]P01/02/202601/09/2026$1,001 - $15,000`."""
    lines = []
    for line in text.splitlines():
        line = " ".join(line.replace("\0", "").split())
        line = re.sub(rf"(?<=[\])])(?=(?:P|S|E|S \(partial\)) ?{DATE})", " ", line)
        line = re.sub(rf"(?<!\S)(P|S|E|S \(partial\))(?={DATE})", r"\1 ", line)
        line = re.sub(rf"({DATE})(?={DATE}|\$|Over |Spouse/)", r"\1 ", line)
        lines += [line] if line else []
    return lines


def body(lines):
    """The lines between the table's head and the notes below it; None where either is missing, or a
    transaction stands outside of them."""
    starts = [number for number, line in enumerate(lines) if line.endswith("$200?")]
    ends = [
        number for number, line in enumerate(lines)
        if line.startswith("* For the complete list")]
    if not starts or len(ends) != 1 or starts[0] > ends[0]:
        return None
    if any(CORE.search(line) for line in lines[:starts[0]] + lines[ends[0]:]):
        return None
    return [line for line in lines[starts[0] + 1:ends[0]] if not FURNITURE.match(line)]


def blocks(lines):
    """The lines of each transaction: before and up to its status, and whether what comes before its
    first line of its own cannot be told from the remarks of the one above."""
    result, current, has_details = [], [], False
    for line in lines:
        status = STATUS.match(line)
        if status:
            result.append((current, status[1], has_details))
            current, has_details = [], False
        elif result and not any(CORE.search(one) for one in current) and DETAIL.match(line):
            current, has_details = [], True
        else:
            current.append(line)
    # After the last status only its remarks may follow.
    is_whole = not any(CORE.search(line) for line in current)
    return result, is_whole


def transaction(lines, has_details):
    """Type, date, amount, owner, asset and ticker of a transaction's lines.

    Raises ValueError with the reason where they cannot be told for certain."""
    core = [number for number, line in enumerate(lines) if CORE.search(line)]
    if len(core) != 1:
        raise ValueError(f"{len(core)} lines with type, dates and amount")
    first = lines[core[0]]
    if has_details and not first.startswith(tuple(owner + " " for owner in OWNERS)) and core[0] > 0:
        # Lines above may go on with the remarks above them, or begin the asset's name.
        owned = [number for number in range(core[0]) if lines[number].split(" ")[0] in OWNERS]
        if len(owned) != 1:
            raise ValueError("an asset that cannot be told from the remarks above it")
        lines = lines[owned[0]:]
    elif has_details:
        lines = lines[core[0]:]
    text = " ".join(lines)
    found = CORE.findall(text)
    if len(found) != 1:
        raise ValueError(f"{len(found)} times type, dates and amount")
    match = CORE.search(text)
    kind, traded, _, before, low = match.groups()
    asset = text[:match.start()] + " " + text[match.end():]
    amount, asset = amounts(before, low, asset)
    words = [word for word in asset.split() if not re.fullmatch("gfedcb?", word)]
    # A row that amends names the row that it amends.
    if words and re.fullmatch(r"\d{6,}", words[0]):
        words = words[1:]
    if words and words[0] not in OWNERS and words[0].upper() in OWNERS:
        # Of some years the layer turns capitals and small letters about.
        raise ValueError("capitals are not as on the page")
    owner = words.pop(0) if words and words[0] in OWNERS else "self"
    asset = " ".join(words)
    codes = re.findall(r"\[([A-Z0-9]{2})\]", asset)
    if len(codes) != 1 or not asset.endswith("]"):
        raise ValueError("an asset without its code at the end")
    tickers = re.findall(r"\(([A-Z][A-Z0-9]*(?:[./-][A-Z0-9]+)?)\)", asset)
    if not tickers and re.search(r"\([A-Za-z]{1,5}\) \[ST\]$", asset):
        raise ValueError("a word in brackets that may be the ticker, with small letters")
    if len(tickers) > 1:
        raise ValueError("several words in brackets that may be the ticker")
    return {
        "transaction_date": american(traded), "owner": owner, "asset": asset,
        "asset_type": codes[0], "ticker": tickers[0] if tickers else "", "type": kind,
        "amount": amount,
    }


def amounts(before, low, rest):
    """The band of a transaction, and the rest of its text without the band's upper end."""
    number = int(low.replace(",", ""))
    if before != "$":
        return f"{before}{low}", rest
    ends = re.findall(r"(?<!\S)\$([\d,]+)(?!\S)", rest)
    high = BANDS.get(number)
    if high is None or [int(end.replace(",", "")) for end in ends] != [high]:
        raise ValueError(f"${low} to {ends} is no band of the form")
    return f"${number:,} - ${high:,}", re.sub(r"(?<!\S)\$[\d,]+(?!\S)", " ", rest, count=1)


def transactions(filing, report, text):
    """Rows, rejects and kind (`read`, `on paper`) of a report by its text layer."""
    lines = cleaned(text)
    if not lines:
        reason = "paper: no text in it, not read"
        return [], [(filing, report["link"], reason, report["name"])], "on paper"
    named = set(re.findall(r"Filing ID #(\d+)", "\n".join(lines)))
    inner = body(lines)
    if named != {filing} or inner is None:
        reason = "no table of transactions as it was"
        if named != {filing}:
            reason = f"names filing {sorted(named)}"
        return [], [(filing, report["link"], reason, "\n".join(lines))], "read"
    rows, rejects = [], []
    found, is_whole = blocks(inner)
    if not is_whole or not found:
        rejects.append((filing, report["link"], "transactions without a status", "\n".join(inner)))
    for block, status, has_details in found:
        try:
            if status.lower() not in ("new", "amended", "deleted"):
                raise ValueError(f"status {status}")
            row = transaction(block, has_details)
        except ValueError as error:
            rejects.append((filing, report["link"], str(error), "\n".join(block)))
            continue
        row.update({
            "filing_id": filing, "disclosure_date": report["filed"], "name": report["name"],
            "chamber": "house", "state": report["state"], "district": report["district"],
            "filing_status": status, "link": report["link"],
        })
        rows.append(row)
    return rows, rejects, "read"


def layer(data):
    """The text layer of a PDF; empty for scanned pages."""
    try:
        import pypdf
    except ImportError as error:
        raise Refused("pypdf is not there: pip install pypdf", 69) from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            # To be read by all, changed by nobody: the password to read is empty.
            reader.decrypt("")
        pages = reader.pages
        return "\n".join(page.extract_text() or "" for page in pages)
    except pypdf.errors.PyPdfError as error:
        return f"no PDF that pypdf reads: {error}"


def download(link, pause):
    time.sleep(pause)
    request = urllib.request.Request(link, headers={"User-Agent": "recount example fetcher"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        data = answer.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(f"more than {LARGEST >> 20} MiB")
    return data


def fetch(options, inbox, start, years, tell, download=download, layer=layer):
    """`fetch house`: of the years' indices the reports that were filed from a date on."""
    found = {}
    for year in years:
        found.update(index(download(f"{ROOT}/financial-pdfs/{year}FD.zip", options.pause)))
    found = {id: report for id, report in found.items() if report["filed"] >= start.isoformat()}

    def read(filing):
        report = found[filing]
        data = download(report["link"], options.pause)
        if not data.startswith(b"%PDF"):
            raise OSError(f"{report['link']} is no PDF")
        return transactions(filing, report, layer(data))

    order = sorted(found, key=lambda filing: (found[filing]["filed"], filing))
    return deliver(inbox, "house", order, read, tell)
