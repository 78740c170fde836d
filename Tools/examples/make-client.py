#!/usr/bin/env python3
"""Makes recount_client.py from the contract of the HTTP API (needs PyYAML).

Usage: make-client.py Schemas/api.yaml > Tools/examples/recount_client.py
"""
import re
import sys

import yaml

HEAD = '''"""A client of Recount's HTTP API, made from its contract by make-client.py: do not edit.

    client = Client("http://127.0.0.1:8080", token="rct_...")
    client.returns(limit=1000)["rows"]
    list(client.pages(client.trades))
"""
import json
import urllib.error
import urllib.parse
import urllib.request


class Refused(Exception):
    """A problem that the service answered with: status, detail, the fields that are meant."""

    def __init__(self, problem):
        super().__init__(f"{problem['status']}: {problem['detail']}")
        self.status = problem["status"]
        self.invalid = problem.get("invalid", [])


class Client:
    """Every call of the contract, a method each. Answers are what JSON makes of them."""

    def __init__(self, address, token=None, timeout=60):
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout

    def call(self, method, path, query=None, body=None, headers=None):
        """Makes a call and gives its answer; `Refused` for a problem."""
        query = {name: value for name, value in (query or {}).items() if value is not None}
        if query:
            path += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(
            self.address + path, method=method, headers=dict(headers or {}))
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                text, kind = answer.read().decode(), answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            raise Refused(json.loads(error.read())) from None
        return json.loads(text) if kind == "application/json" else text

    @staticmethod
    def pages(method, **query):
        """The rows of every page of a call that has pages."""
        cursor = None
        while True:
            page = method(cursor=cursor, **query)
            yield from page["rows"]
            cursor = page["next"]
            if cursor is None:
                return

    def follow(self, after=None, run=None, log=None):
        """Events as they come, each a pair of position and object."""
        query = {key: value for key, value in (("run", run), ("log", log)) if value is not None}
        headers = {"Accept": "text/event-stream"}
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        request = urllib.request.Request(
            self.address + "/api/v1/events?" + urllib.parse.urlencode(query), headers=headers)
        with urllib.request.urlopen(request, timeout=self.timeout) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    yield event["position"], event
'''


def method(path, verb, operation):
    """The method of an operation."""
    parameters = operation.get("parameters", [])
    inside = [p["name"] for p in parameters if p["in"] == "path"]
    query = [p["name"] for p in parameters if p["in"] == "query"]
    arguments = ["self"] + inside
    has_body = "requestBody" in operation
    arguments += ["body"] if has_body else []
    arguments += [f"{name}=None" for name in query]
    is_table = operation["operationId"] == "table"
    arguments += ["**columns"] if is_table else []
    url = re.sub(
        r"{(\w+)}", lambda m: "{urllib.parse.quote(str(" + m[1] + "), safe='')}", path)
    pairs = ", ".join(f'"{name}": {name}' for name in query)
    pairs += ", **columns" if is_table else ""
    call = f'"{verb.upper()}", ' + (f'f"{url}"' if inside else f'"{url}"')
    if query:
        call += ", {" + pairs + "}"
    if has_body:
        call += ", body=body" if query else ", None, body"
    text = operation["summary"]
    return (
        f"\n    def {operation['operationId']}({', '.join(arguments)}):\n"
        f"        \"\"\"{text}\"\"\"\n"
        f"        return self.call({call})\n")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        contract = yaml.safe_load(file)
    print(HEAD, end="")
    for path, verbs in contract["paths"].items():
        for verb, operation in verbs.items():
            print(method(path, verb, operation), end="")


if __name__ == "__main__":
    main()
