#!/usr/bin/env python3
"""Asks the HTTP API of a demonstration with its loop running.

Usage: check-api.py RECOUNTD CONTRACT

Each call of the replaced systems is replayed from its recorded shape; a training that is asked for
ends with a comparison; events are followed from a position; a token that is revoked is not taken
any more; SIGTERM ends it in order. Where schemathesis is to be had beside this Python, the contract
is held against what answers.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request


class Service:
    """A demonstration, and who asks it."""

    def __init__(self, program, folder):
        self.folder = folder
        self.process = subprocess.Popen(
            [program, "demo", "--port", "0", "--data", folder, "--day-seconds", "3"],
            stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:"), self.address
        lines = [self.process.stdout.readline() for _ in range(3)]
        self.tokens = {line.split()[4].rstrip(":"): line.split()[-1] for line in lines}
        assert sorted(self.tokens) == ["admin", "operator", "reader"], lines

    def ask(self, path, body=None, role=None, headers=None):
        """The status and the answer of a call."""
        request = urllib.request.Request(self.address + path, headers=headers or {})
        if role:
            request.add_header("Authorization", "Bearer " + self.tokens[role])
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read()
            kind = error.headers.get("Content-Type")
            assert kind == "application/problem+json", (path, error.code, text)
            return error.code, json.loads(text)

    def wait(self, path, seconds, is_done):
        """Asks until an answer is the one that is waited for."""
        deadline = time.time() + seconds
        while True:
            status, answer = self.ask(path)
            if is_done(status, answer):
                return answer
            assert time.time() < deadline, (path, status, answer)
            assert self.process.poll() is None, "the service has ended"
            time.sleep(0.5)


def has(answer, *names):
    """Refuses an answer that lacks a field of its recorded shape."""
    missing = [name for name in names if name not in answer]
    assert not missing, (missing, answer)


def replaced(service):
    """Each call of the replaced systems, by its recorded shape."""
    status, answer = service.ask("/ml/train", {"use_outcomes": True, "num_classes": 3}, "operator")
    assert status == 202, answer
    has(answer, "job_id", "status", "triggered_by", "message")
    job = service.wait(
        "/ml/train/" + answer["job_id"], 60, lambda _, a: a["status"] in ("completed", "failed"))
    has(job, "job_id", "status", "started_at", "completed_at", "error", "model_id", "metrics")
    assert job["status"] == "completed", job
    status, answer = service.ask(
        "/functions/v1/ml-training",
        {"action": "train", "use_outcomes": True, "outcome_window_days": 90,
         "compare_to_current": True, "triggered_by": "a check"}, "admin")
    assert status in (200, 202), answer
    if status == 202:
        has(answer, "status", "job_id", "baseline_model_id", "message")
        service.wait("/ml/train/" + answer["job_id"], 60, lambda _, a: a["status"] == "completed")
    status, answer = service.ask(
        "/functions/v1/ml-training",
        {"action": "evaluate-training", "job_id": answer["job_id"]}, "operator")
    assert status == 200 and answer["success"], answer
    has(answer, "job_id", "model_id", "promoted", "reason", "metrics", "comparison")
    has(answer["comparison"], "holdout_rows", "new_accuracy", "current_accuracy", "new_f1")
    status, answer = service.ask("/ml/retrain", {}, "operator")
    assert status in (200, 202) and "job_id" in answer, answer
    status, answer = service.ask(
        "/ml/retrain",
        {"use_outcomes": False, "lookback_days": 120, "compare_to_current": False}, "operator")
    assert status in (200, 202) and "job_id" in answer, answer
    job = service.wait(
        "/ml/train/" + answer["job_id"], 60, lambda _, a: a["status"] in ("completed", "failed"))
    assert job["status"] == "completed" and job["comparison"] is None, job
    assert job["request"]["lookback_sessions"] == 120, job
    for body in ({"num_classes": 5}, {"stratified": True}, {"model_type": "forest"}):
        status, answer = service.ask("/ml/train", body, "operator")
        assert status == 400 and answer["invalid"], answer
    status, models = service.ask("/ml/models")
    assert status == 200 and models["rows"], models
    ticker = service.ask("/api/v1/tables/trading_signals?limit=1")[1]["rows"][0]["ticker"]
    status, answer = service.ask("/ml/signal/" + ticker)
    assert status == 200, answer
    has(answer, "signal", "probability", "confidence", "model_id", "regime")
    bars = [{"date": f"2014-{m:02}-{d:02}", "open": 10, "high": 11, "low": 9, "close": 10.5,
             "volume": 1000} for m in range(1, 7) for d in range(1, 28)]
    status, answer = service.ask("/ml/signal", {"ticker": "NEW", "bars": bars})
    assert status == 200, answer
    status, answer = service.ask("/ml/batch-predict", {"tickers": [ticker], "use_cache": True})
    assert status in (200, 503), answer
    if status == 200:
        has(answer[0], "ticker", "prediction", "signal_type", "confidence", "cached", "model_id")
    trade = {"ticker": ticker, "signal": "long", "entry": 10, "exit": 11, "size": 5, "id": "check"}
    status, answer = service.ask("/ml/trades", trade, "operator")
    assert status == 200 and answer["recorded"], answer
    has(answer, "recorded", "outcome", "trainable", "reason")
    status, answer = service.ask("/ml/trades", trade, "operator")
    assert status == 200 and not answer["recorded"], answer
    status, answer = service.ask("/ml/stats")
    has(answer, "enhanced_ml_available", "win_rate", "outcomes", "thresholds", "blend_weight",
        "last_retrain", "buffers")
    for action in ("generate-signals", "regenerate-signals"):
        status, answer = service.ask(
            "/functions/v1/trading-signals",
            {"action": action, "minConfidence": 0.5, "lookbackDays": 30})
        assert status == 200, answer
        has(answer, "success", "signals", "summary")
    for action, names in (
            ("record-outcomes", ("success", "recorded", "summary")),
            ("analyze-features", ("success", "features")),
            ("evaluate-model", ("success", "performance", "breakdown", "weightAdjustment"))):
        status, answer = service.ask(
            "/functions/v1/signal-feedback", {"action": action, "windowDays": 90})
        assert status == 200, answer
        has(answer, *names)
    for action in ("get-state", "execute-signals", "check-exits", "reset-daily-trades",
                   "take-snapshot"):
        status, answer = service.ask("/functions/v1/reference-portfolio", {"action": action})
        assert status == 200 and answer["success"], answer
    status, answer = service.ask(
        "/functions/v1/reference-portfolio",
        {"action": "set-trading-mode", "mode": "live", "reason": "a check"}, "admin")
    assert status == 409, answer


def acted(service):
    """A halt reaches the loop that runs, and its end too."""
    status, answer = service.ask("/api/v1/halts", {"reason": "a check"}, "operator")
    assert status == 200 and answer["halted"], answer
    service.wait("/api/v1/halts", 30, lambda _, a: a["halted"] and a["waiting"] == 0)
    status, answer = service.ask("/api/v1/halts/resume", {"reason": "a check"}, "admin")
    assert status == 200 and not answer["halted"], answer
    status, answer = service.ask("/api/v1/halts/resume", {"reason": "a check"}, "operator")
    assert status == 403, answer


def followed(service):
    """Events come as the loop records them, each once, from the position that is asked for."""
    page = service.ask("/api/v1/events?limit=1")[1]
    first = page["events"][0]["position"]
    request = urllib.request.Request(
        service.address + "/api/v1/events",
        headers={"Accept": "text/event-stream", "Last-Event-ID": str(first)})
    positions, deadline = [], time.time() + 40
    end = None
    with urllib.request.urlopen(request, timeout=30) as stream:
        while time.time() < deadline:
            line = stream.readline().decode()
            if line.startswith("id: "):
                positions.append(int(line[4:]))
                if end is None and len(positions) > 50:
                    end = max(positions[-1], service.ask(
                        "/api/v1/events?limit=1&after=999999999")[1]["looked"])
            if end is not None and positions[-1] > min(end, positions[0] + 100_000):
                break
    assert positions == list(range(first + 1, first + 1 + len(positions))), positions[:5]
    assert len(positions) > 50, len(positions)
    print(f"followed {len(positions)} events, each once")


def examples(service, contract):
    """The client is what its contract makes of it, and the notebook's cells run."""
    try:
        import pandas
        import quantstats
        import yaml
    except ImportError:
        print("skipped: no pandas, quantstats and PyYAML")
        return
    del pandas, quantstats, yaml
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "examples")
    made = subprocess.run(
        [sys.executable, folder + "/make-client.py", contract], check=True, capture_output=True,
        text=True).stdout
    with open(folder + "/recount_client.py", encoding="utf-8") as file:
        assert file.read() == made, "make-client.py makes another client: run it"
    sys.path.insert(0, folder)
    # Of what it is replayed over the live run has few sessions yet.
    os.environ.update(RECOUNT_API=service.address, RECOUNT_RUN="live")
    names = {}
    with open(folder + "/run.ipynb", encoding="utf-8") as file:
        for cell in json.load(file)["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)  # pylint: disable=exec-used
    assert len(names["returns"]) > 5, names["returns"]
    print(f"a notebook of {len(names['returns'])} sessions and {len(names['trades'])} trades")


def main():
    program, contract = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        service = Service(program, folder + "/demo")
        try:
            status = service.ask("/healthz")[0]
            assert status == 200
            service.wait(
                "/api/v1/tables/trading_signals?limit=1", 180,
                lambda status, a: status == 200 and a["rows"])
            replaced(service)
            acted(service)
            followed(service)
            examples(service, contract)
            name = "demo-operator"
            subprocess.run(
                [program, "token", "revoke", name, "--data", service.folder], check=True)
            assert service.ask("/ml/retrain", {}, "operator")[0] == 401
            tool = os.path.join(os.path.dirname(sys.executable), "schemathesis")
            if os.path.exists(tool):
                subprocess.run(
                    [tool, "--config-file", "Tools/schemathesis.toml", "run", contract, "--url",
                     service.address, "-H", "Authorization: Bearer " + service.tokens["admin"],
                     "-n", "8", "--seed", "1", "--checks", "all", "--no-color"], check=True)
            else:
                print("skipped: no schemathesis beside this Python")
            service.process.send_signal(signal.SIGTERM)
            assert service.process.wait(timeout=60) == 0, service.process.returncode
        finally:
            if service.process.poll() is None:
                service.process.kill()
    print("the API answers as it should")


if __name__ == "__main__":
    main()
