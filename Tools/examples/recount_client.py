"""A client of Recount's HTTP API, made from its contract by make-client.py: do not edit.

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

    def index(self):
        """What can be called."""
        return self.call("GET", "/")

    def calls(self):
        """What can be called."""
        return self.call("GET", "/api")

    def style(self):
        """The style of the pages."""
        return self.call("GET", "/style.css")

    def openapi(self):
        """This contract."""
        return self.call("GET", "/api/v1/openapi.yaml")

    def status(self):
        """How the service does."""
        return self.call("GET", "/api/v1/status")

    def runs(self):
        """The runs of the folder."""
        return self.call("GET", "/api/v1/runs")

    def tables(self):
        """The tables of the read models and their columns."""
        return self.call("GET", "/api/v1/tables")

    def table(self, table, run=None, as_of=None, limit=None, cursor=None, order=None, **columns):
        """Rows of a read model, as they stand or as a moment had them. A name of the query that is a column's keeps the rows in which it has that value."""
        return self.call("GET", f"/api/v1/tables/{urllib.parse.quote(str(table), safe='')}", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor, "order": order, **columns})

    def events(self, run=None, log=None, after=None, limit=None, type=None, actor=None, ticker=None):
        """Events of a log, in their order. With Accept: text/event-stream they are followed: each has its position as id, and Last-Event-ID goes on behind one."""
        return self.call("GET", "/api/v1/events", {"run": run, "log": log, "after": after, "limit": limit, "type": type, "actor": actor, "ticker": ticker})

    def why(self, kind, id, run=None, as_of=None):
        """Why: the causes of an event down to the filings, with the numbers beside their rules."""
        return self.call("GET", f"/api/v1/why/{urllib.parse.quote(str(kind), safe='')}/{urllib.parse.quote(str(id), safe='')}", {"run": run, "as_of": as_of})

    def jobs(self, run=None, as_of=None, limit=None, cursor=None):
        """Jobs that train, the newest first."""
        return self.call("GET", "/api/v1/jobs", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor})

    def job(self, id, run=None):
        """A training that was asked for."""
        return self.call("GET", f"/api/v1/jobs/{urllib.parse.quote(str(id), safe='')}", {"run": run})

    def comparisons(self, run=None, as_of=None, limit=None, cursor=None):
        """Comparisons of models, the newest first."""
        return self.call("GET", "/api/v1/comparisons", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor})

    def trades(self, run=None, as_of=None, limit=None, cursor=None, order=None, format=None):
        """Closed and open trades."""
        return self.call("GET", "/api/v1/trades", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor, "order": order, "format": format})

    def returns(self, run=None, as_of=None, limit=None, cursor=None, order=None, format=None):
        """The value of the portfolio, a row a session."""
        return self.call("GET", "/api/v1/returns", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor, "order": order, "format": format})

    def holdings(self, run=None, as_of=None, limit=None, cursor=None, order=None, format=None):
        """What is held."""
        return self.call("GET", "/api/v1/holdings", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor, "order": order, "format": format})

    def mode(self, run=None):
        """The trading mode, its history, and what a change of it lacks."""
        return self.call("GET", "/api/v1/mode", {"run": run})

    def set_mode(self, body, run=None):
        """Changes the trading mode. To live it takes everything that recount mode live does."""
        return self.call("POST", "/api/v1/mode", {"run": run}, body=body)

    def halts(self, run=None):
        """What halts entries, and how each halt ends."""
        return self.call("GET", "/api/v1/halts", {"run": run})

    def halt(self, body, run=None):
        """Halts entries; with exits, new exits too."""
        return self.call("POST", "/api/v1/halts", {"run": run}, body=body)

    def orders(self, run=None):
        """Every order for the next open."""
        return self.call("GET", "/api/v1/orders", {"run": run})

    def resume(self, body, run=None):
        """Ends every halt, or those of a cause."""
        return self.call("POST", "/api/v1/halts/resume", {"run": run}, body=body)

    def promote(self, id, body, run=None):
        """Makes a model the champion."""
        return self.call("POST", f"/api/v1/models/{urllib.parse.quote(str(id), safe='')}/promote", {"run": run}, body=body)

    def rollback(self, body, run=None):
        """Makes the champion before the champion again."""
        return self.call("POST", "/api/v1/models/rollback", {"run": run}, body=body)

    def approvals(self, all=None, run=None):
        """What waits for a second person, and the candidates of the run that await one."""
        return self.call("GET", "/api/v1/approvals", {"all": all, "run": run})

    def comment_approval(self, id, body):
        """Says something of a request."""
        return self.call("POST", f"/api/v1/approvals/{urllib.parse.quote(str(id), safe='')}/comment", None, body)

    def approve(self, id, body):
        """Approves a request of another person: what it asks for is recorded."""
        return self.call("POST", f"/api/v1/approvals/{urllib.parse.quote(str(id), safe='')}/approve", None, body)

    def refuse(self, id, body):
        """Refuses a request; whoever asked takes it back."""
        return self.call("POST", f"/api/v1/approvals/{urllib.parse.quote(str(id), safe='')}/refuse", None, body)

    def require_approvals(self, body):
        """Says how many people promotions, rollbacks, resumes and changes of the mode need; fewer than before need a second person too."""
        return self.call("POST", "/api/v1/approvals/require", None, body)

    def refuse_candidate(self, id, body, run=None):
        """Decides that a candidate does not become champion."""
        return self.call("POST", f"/api/v1/models/{urllib.parse.quote(str(id), safe='')}/refuse", {"run": run}, body=body)

    def ml_train(self, body, run=None):
        """Asks for a training; the job is polled."""
        return self.call("POST", "/ml/train", {"run": run}, body=body)

    def ml_train_job(self, id, run=None):
        """How far a training is."""
        return self.call("GET", f"/ml/train/{urllib.parse.quote(str(id), safe='')}", {"run": run})

    def ml_retrain(self, body, run=None):
        """Trains now; fails where nothing was trained."""
        return self.call("POST", "/ml/retrain", {"run": run}, body=body)

    def ml_batch_predict(self, body, run=None):
        """What the champion thinks of tickers or of feature vectors."""
        return self.call("POST", "/ml/batch-predict", {"run": run}, body=body)

    def ml_models(self, run=None, as_of=None, limit=None, cursor=None):
        """Every model."""
        return self.call("GET", "/ml/models", {"run": run, "as_of": as_of, "limit": limit, "cursor": cursor})

    def ml_models_active(self, run=None, as_of=None):
        """The champion."""
        return self.call("GET", "/ml/models/active", {"run": run, "as_of": as_of})

    def ml_signal(self, ticker, run=None):
        """What the loop thinks of a ticker."""
        return self.call("GET", f"/ml/signal/{urllib.parse.quote(str(ticker), safe='')}", {"run": run})

    def ml_signal_bars(self, body, run=None):
        """The same by bars of your own."""
        return self.call("POST", "/ml/signal", {"run": run}, body=body)

    def ml_trades(self, body, run=None):
        """Tells of a trade made elsewhere."""
        return self.call("POST", "/ml/trades", {"run": run}, body=body)

    def ml_stats(self, run=None):
        """Where the run's loop stands."""
        return self.call("GET", "/ml/stats", {"run": run})

    def ml_training(self, body, run=None):
        """action train: trains, compares on one holdout, promotes or not, and answers with the comparison. action evaluate-training: what a job came to."""
        return self.call("POST", "/functions/v1/ml-training", {"run": run}, body=body)

    def trading_signals(self, body, run=None):
        """The signals of the latest evaluations."""
        return self.call("POST", "/functions/v1/trading-signals", {"run": run}, body=body)

    def signal_feedback(self, body, run=None):
        """What became of signals, how features went with returns, how the champion did."""
        return self.call("POST", "/functions/v1/signal-feedback", {"run": run}, body=body)

    def reference_portfolio(self, body, run=None):
        """The portfolio. set-trading-mode needs the role admin, a reason, and for live a phrase."""
        return self.call("POST", "/functions/v1/reference-portfolio", {"run": run}, body=body)
