#!/usr/bin/env python3
"""Checks a log against an implementation that is not ours.

    check-with-sbe.py LOG EVENTS.jsonl       LOG is a folder with data.mdb, or its parent with log/
    check-with-sbe.py --records FILE         lines of {"position":N,"message":"hex","event":{...}}

EVENTS.jsonl is the output of `recount events --json`: an object a line, with its "position". Each
record is read with py-lmdb, its CRC-32C computed here, its message decoded by the Python package
`sbe` with the XML of the version in its header, and every value compared. Data fields, of which
that package returns only the first byte, are read by their documented layout. The first difference
ends the check with exit code 1; otherwise the number of compared events and values is printed.

Needs the packages sbe and lmdb.
"""

import argparse
import base64
import json
import math
import struct
import sys
import xml.etree.ElementTree as ElementTree
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sbe

SCHEMAS = Path(__file__).resolve().parent.parent.parent / "Schemas"
FLAGS = ["hindsight", "simulated", "unverifiedDate", "tradesDecisionClose"]


class Difference(Exception):
    pass


def crc_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = crc_table()


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = CRC_TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


class Schema:
    """One version of the schema: Python's decoder for it, and what the XML says of each field."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.decoder = sbe.Schema.parse(file)
        root = ElementTree.parse(path).getroot()
        self.version = int(root.get("version"))
        self.types = {}
        for declared in root.find("types"):
            self.types[declared.get("name")] = declared
        self.messages = {}
        for message in root:
            if message.tag.endswith("message"):
                self.messages[int(message.get("id"))] = message

    @staticmethod
    def all():
        schemas = {}
        for path in [*sorted((SCHEMAS / "history").glob("recount-*.xml")), SCHEMAS / "recount.xml"]:
            schema = Schema(path)
            schemas[schema.version] = schema
        return schemas


class Comparison:
    def __init__(self, schema, position):
        self.schema = schema
        self.where = f"position {position}"
        self.values = 0

    def differ(self, path, decoded, shown):
        raise Difference(f"{self.where}: {path}: the record holds {decoded!r}, shown is {shown!r}")

    def block(self, fields, decoded, shown, path):
        for field in fields:
            name = field.get("name")
            if name not in shown:
                self.differ(f"{path}{name}", decoded[name], "nothing")
            self.field(field, decoded[name], shown[name], path + name)

    def field(self, field, decoded, shown, path):
        declared = self.schema.types.get(field.get("type"))
        if declared is None:
            self.scalar(field.get("type"), None, 1, False, decoded, shown, path)
        elif declared.tag == "composite" and declared.get("semanticType") == "Digest":
            digest = b"".join(struct.pack("<Q", decoded[f"w{i}"]) for i in range(4))
            absent = field.get("presence") == "optional" and digest == bytes(32)
            self.equal(None if absent else digest.hex(), shown, path)
        elif declared.tag == "composite":
            if list(shown) != [member.get("name") for member in declared]:
                self.differ(path, list(decoded), list(shown))
            for member in declared:
                name = member.get("name")
                if member.tag == "enum":
                    self.equal(decoded[name], shown[name], f"{path}.{name}")
                else:
                    self.type(member, False, decoded[name], shown[name], f"{path}.{name}")
        elif declared.tag == "enum" and declared.get("name") == "Boolean":
            self.equal({"no": False, "yes": True, None: None}[decoded], shown, path)
        elif declared.tag in ("enum", "set"):
            self.equal(decoded, shown, path)
        else:
            self.type(declared, field.get("presence") == "optional", decoded, shown, path)

    def type(self, declared, optional, decoded, shown, path):
        optional = optional or declared.get("presence") == "optional"
        self.scalar(
            declared.get("primitiveType"), declared.get("semanticType"),
            int(declared.get("length", "1")), optional, decoded, shown, path)

    def scalar(self, primitive, semantic, length, optional, decoded, shown, path):
        if decoded is None:
            expected = None
        elif semantic == "UTCTimestamp":
            seconds, nanoseconds = divmod(decoded, 10**9)
            moment = datetime(1970, 1, 1) + timedelta(seconds=seconds)
            fraction = f".{nanoseconds:09}" if nanoseconds else ""
            expected = f"{moment.isoformat()}{fraction}Z"
        elif semantic == "LocalMktDate":
            expected = str(datetime(1970, 1, 1).date() + timedelta(days=decoded))
        elif semantic in ("Amt", "Qty"):
            expected, shown = decoded, shown * 10**8 if isinstance(shown, (Decimal, int)) else shown
        elif semantic == "Reference":
            own = decoded & ~(1 << 63)
            expected = f"{'t' if decoded >> 63 else 'r'}{own}" if decoded else None
        elif semantic == "EventFlags":
            expected = [name for bit, name in enumerate(FLAGS) if decoded >> bit & 1]
        elif primitive == "char":
            # The package strips white space from texts.
            expected = None if optional and decoded == "" else decoded
            shown = shown.strip() if isinstance(shown, str) else shown
        elif primitive in ("float", "double"):
            return self.floating(primitive, decoded, shown, path)
        else:
            expected = decoded
        self.equal(expected, shown, path)

    def floating(self, primitive, decoded, shown, path):
        if math.isnan(decoded):
            return self.equal(None, shown, path)
        if math.isinf(decoded):
            return self.equal("inf" if decoded > 0 else "-inf", shown, path)
        if not isinstance(shown, (Decimal, int)):
            self.differ(path, decoded, shown)
        form = "<f" if primitive == "float" else "<d"
        # By bits, so that -0.0 is not 0.0.
        text = float(str(shown))
        if struct.pack(form, decoded) != struct.pack(form, text):
            self.differ(path, decoded, shown)
        self.values += 1

    def equal(self, expected, shown, path):
        if type(expected) is bool or type(shown) is bool:
            same = expected is shown
        else:
            same = expected == shown
        if not same:
            self.differ(path, expected, shown)
        self.values += 1

    def data(self, raw, shown, path):
        if isinstance(shown, dict):
            return self.equal(raw, base64.b64decode(shown["base64"], validate=True), path)
        self.equal(raw, shown.encode(), path)


def compare(schemas, position, message, shown):
    """Compares one message with its JSON object; gives the number of values that are equal."""
    block_length, template, _, version = struct.unpack_from("<HHHH", message)
    schema = schemas.get(version)
    if schema is None:
        raise Difference(f"position {position}: no XML of version {version} in {SCHEMAS}")
    declared = schema.messages.get(template)
    if declared is None:
        raise Difference(f"position {position}: version {version} has no message {template}")
    comparison = Comparison(schema, position)
    # The package reads a byte of data even where there is none.
    decoded = schema.decoder.decode(bytes(message) + bytes(8))
    comparison.equal(decoded.message_name, shown.get("type"), "type")
    comparison.equal(decoded.header["version"], shown.get("version"), "version")
    comparison.equal(block_length, decoded.header["blockLength"], "blockLength")
    value, end = decoded.value, 8 + block_length
    comparison.block(declared.findall("field"), value, shown, "")
    for group in declared.findall("group"):
        name = group.get("name")
        entry_length, count = struct.unpack_from("<HH", message, end)
        end += 4 + entry_length * count
        entries = shown.get(name, [])
        comparison.equal(count, len(entries), f"{name}.count")
        comparison.equal(count, len(value[name]), f"{name}.count")
        for index, (entry, seen) in enumerate(zip(value[name], entries)):
            comparison.block(group.findall("field"), entry, seen, f"{name}[{index}].")
    data = declared.find("data")
    if data is not None:
        (count,) = struct.unpack_from("<I", message, end)
        raw = bytes(message[end + 4:end + 4 + count])
        comparison.data(raw, shown.get(data.get("name")), data.get("name"))
        end += 4 + count
    comparison.equal(end, len(message), "length")
    names = {part.get("name") for part in declared} | {"type", "version"}
    extra = set(shown) - names - {"position", "features_by_name"}
    if extra:
        comparison.differ(sorted(extra)[0], "nothing", shown[sorted(extra)[0]])
    return comparison.values


def log_records(folder):
    import lmdb

    folder = Path(folder)
    if (folder / "log" / "data.mdb").exists():
        folder = folder / "log"
    environment = lmdb.open(
        str(folder), readonly=True, lock=False, max_dbs=8, map_size=1 << 40, subdir=True)
    events = environment.open_db(b"events", create=False, integerkey=True)
    with environment.begin() as transaction:
        for key, value in transaction.cursor(events):
            position = int.from_bytes(key, sys.byteorder)
            if len(value) < 12:
                raise Difference(f"position {position}: the record has {len(value)} bytes")
            message, stored = value[:-4], struct.unpack("<I", value[-4:])[0]
            computed = crc32c(struct.pack("<Q", position) + message)
            if computed != stored:
                raise Difference(
                    f"position {position}: CRC-32C {stored:08x} is stored, "
                    f"{computed:08x} is computed")
            yield position, message


def lines(path):
    with (sys.stdin if path == "-" else open(path, encoding="utf-8")) as file:
        for line in file:
            if line.strip():
                yield json.loads(line, parse_float=Decimal)


def pairs(arguments):
    """(position, message, JSON object) of every event, in order."""
    if arguments.records:
        for line in lines(arguments.records):
            yield line["position"], bytes.fromhex(line["message"]), line["event"]
        return
    shown = lines(arguments.events)
    last = 0
    for position, message in log_records(arguments.log):
        line = next(shown, None)
        if line is None:
            raise Difference(f"position {position}: the log goes on, {arguments.events} ends")
        if position != last + 1 or line.get("position") != position:
            raise Difference(
                f"position {position} follows {last}, the line says {line.get('position')}")
        last = position
        yield position, message, line.get("event", line)
    if next(shown, None) is not None:
        raise Difference(f"the log ends at {last}, {arguments.events} goes on")


def main():
    parser = argparse.ArgumentParser(description="Check a log with Python's sbe package.")
    parser.add_argument("log", nargs="?", help="folder of the log")
    parser.add_argument("events", nargs="?", help="output of recount events --json, - for stdin")
    parser.add_argument("--records", help="file of messages in hexadecimal with their objects")
    arguments = parser.parse_args()
    if bool(arguments.records) == bool(arguments.log and arguments.events):
        parser.error("give LOG and EVENTS.jsonl, or --records FILE")
    schemas = Schema.all()
    events = values = 0
    kinds = set()
    try:
        for position, message, shown in pairs(arguments):
            values += compare(schemas, position, message, shown)
            events += 1
            kinds.add(shown["type"])
    except Difference as difference:
        print(f"difference after {events} equal events: {difference}", file=sys.stderr)
        return 1
    if events == 0:
        print("there is no event to compare", file=sys.stderr)
        return 1
    print(f"{events} events of {len(kinds)} kinds are equal, {values} values")
    return 0


if __name__ == "__main__":
    sys.exit(main())
