#!/usr/bin/env python3
"""Looks at the dashboard of a demonstration in headless Chromium, with its loop running.

Usage: check-dashboard.py RECOUNTD [--pictures FOLDER] [--short]

Every page of the menu, and those that they lead to, in both schemes, now and in the past, at 1300
and at 390 pixels: no error of a script, no request to another host, nothing wider than the screen,
curves drawn, text that can be read against what lies behind it. Then what people do: the slider, a
step, the keys, a page that follows the log, a login, a halt and its end. It needs Debian's packages
chromium and chromium-driver; without them it says so and ends well. Example:
Tools/check-dashboard.py .build/debug/recountd --pictures pictures
"""
import argparse
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

WIDTHS = [(1300, 900), (390, 844)]

# Every text whose colour lies too near to what is behind it, with its ratio (WCAG 2.1, 1.4.3).
CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgb = (text) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
};
const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if (colour[3] > 250) return colour;
  }
  return [255, 255, 255];
};
const bad = [];
for (const element of document.querySelectorAll('body *')) {
  const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('');
  if (!text || !element.offsetParent || element.closest('script, .skip, canvas')) continue;
  const [one, two] = [luminance(rgb(getComputedStyle(element).color)), luminance(behind(element))];
  const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
  if (ratio < 4.5) bad.push(`${ratio.toFixed(1)} ${element.tagName} ${element.className}: ${text.slice(0, 40)}`);
}
return bad.slice(0, 8);
"""

FIGURES = """
const paints = performance.getEntriesByType('paint').map((e) => e.startTime);
const shifts = window.recountShifts || 0;
const loads = performance.getEntriesByType('resource');
return {
  paint: Math.max(0, ...paints), shift: shifts,
  strangers: loads.map((e) => e.name).filter((n) => !n.startsWith(location.origin)),
  bytes: performance.getEntriesByType('navigation')[0].decodedBodySize,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  heading: (document.querySelector('h1') || {}).textContent || '',
  labels: [...document.querySelectorAll('input:not([type=hidden]), select')]
    .filter((e) => e.offsetParent && !(e.labels && e.labels.length) && !e.getAttribute('aria-label')).map((e) => e.name),
  plots: document.querySelectorAll('.chart').length,
  drawn: document.querySelectorAll('.chart canvas').length,
};
"""


class Browser:
    """Chromium by the WebDriver protocol (W3C), without a library."""

    def __init__(self, folder):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "HOME": folder})
        port = None
        for line in self.driver.stdout:
            if "successfully on port" in line:
                port = int(line.rsplit("port", 1)[1].strip().rstrip("."))
                break
        assert port, "chromedriver did not start"
        self.base = f"http://127.0.0.1:{port}"
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--hide-scrollbars", f"--user-data-dir={folder}/profile"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.base += f"/session/{answer['sessionId']}"

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()[:400]}") from None

    def go(self, address):
        self.call("POST", "/url", {"url": address})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=width < 500)

    def scheme(self, name):
        self.devtools("Emulation.setEmulatedMedia",
                      features=[{"name": "prefers-color-scheme", "value": name}])

    def type(self, selector, text):
        element = self.call("POST", "/element", {"using": "css selector", "value": selector})
        self.call("POST", f"/element/{next(iter(element.values()))}/value", {"text": text})

    def press(self, text):
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": kind, "value": text} for kind in ("keyDown", "keyUp")]}]})

    def errors(self):
        """What the console has of errors since it was asked before."""
        log = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in log if entry["level"] == "SEVERE"]

    def picture(self, path):
        height = min(6000, self.run("return document.documentElement.scrollHeight"))
        width = self.run("return innerWidth")
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True,
                             clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def until(self, seconds, script, *arguments):
        """Waits for a script to give something true."""
        deadline = time.time() + seconds
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            assert time.time() < deadline, f"never came: {script} on {self.run('return location.href')}"
            time.sleep(0.2)

    def end(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(20)


def demonstration(program, folder):
    """A demonstration that answers, its address and its tokens."""
    process = subprocess.Popen(
        [program, "demo", "--port", "0", "--data", folder, "--day-seconds", "3"],
        stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:"), address
    lines = [process.stdout.readline() for _ in range(3)]
    return process, address, {line.split()[4].rstrip(":"): line.split()[-1] for line in lines}


def pages(browser, address):
    """The menu's pages, and one of each kind that they lead to."""
    browser.go(address)
    found = browser.run("return [...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))")
    assert len(found) >= 10, found
    for path, selector in [("/signals?show=all", "a[href^='/why/']"),
                           ("/signals?show=all", "a[href^='/tickers/']"),
                           ("/disclosures", "a[href^='/led-to/']"), ("/models", "a[href^='/models/']")]:
        browser.go(address + path)
        target = browser.run(
            "const a = document.querySelector(arguments[0]); return a && a.getAttribute('href')", selector)
        if target:
            found.append(target)
    return found + ["/signals?show=all", "/events?log=timeline", "/login", "/nothing-is-here"]


def looks(browser, address, folder, is_short):
    """Each page at each width, in each scheme, now and then; shortly, half of these."""
    figures = []
    end = int(browser.run("return document.querySelector('.slider')?.max || 0") or 0)
    for path in pages(browser, address):
        browser.go(address + "/")
        end = int(browser.run("return document.querySelector('.slider').max"))
        for moment in ["", str(end * 2 // 3)]:
            for scheme in ["light", "dark"]:
                for width, height in WIDTHS:
                    if is_short and (scheme == "light") != (width > 500):
                        continue
                    if moment and path in ("/login", "/nothing-is-here"):
                        continue
                    browser.size(width, height)
                    browser.scheme(scheme)
                    mark = "&" if "?" in path else "?"
                    target = path + (f"{mark}at={moment}" if moment else "")
                    browser.go(address + target)
                    browser.until(60, "const h = document.querySelector('h1');"
                                  "return h && !h.textContent.includes('being made')")
                    time.sleep(0.25)
                    seen = browser.run(FIGURES)
                    where = f"{target} {scheme} {width}"
                    assert seen["heading"], where
                    assert seen["wide"] <= 0, f"{where}: {seen['wide']} pixels too wide"
                    assert not seen["strangers"], f"{where}: {seen['strangers']}"
                    assert not seen["labels"], f"{where}: fields without a label: {seen['labels']}"
                    assert seen["bytes"] < 300_000, f"{where}: {seen['bytes']} bytes"
                    assert not seen["plots"] or seen["drawn"], f"{where}: no curve was drawn"
                    errors = [e for e in browser.errors() if "404" not in e and "503" not in e]
                    assert not errors, f"{where}: {errors[:3]}"
                    bad = browser.run(CONTRAST)
                    assert not bad, f"{where}: {bad}"
                    figures.append((seen["paint"], seen["shift"], seen["bytes"], where))
                    if folder:
                        name = target.strip("/").translate({ord(c): "-" for c in "/?&="}) or "overview"
                        browser.picture(f"{folder}/{name}-{scheme}-{width}.png")
    return figures


def travels(browser, address):
    """The slider, a step, the keys."""
    browser.size(1300, 900)
    browser.go(address + "/holdings")
    browser.run("""
        const slider = document.querySelector('.slider');
        slider.value = Math.floor(slider.max / 2);
        slider.dispatchEvent(new Event('input')); """)
    text = browser.until(10, "const t = document.querySelector('.moment').textContent;"
                         "return t.includes(' · ') && !t.includes('…') ? t : null")
    position = int(text.split()[1])
    browser.run("document.querySelector('.slider').dispatchEvent(new Event('change'))")
    browser.until(10, f"return location.search.includes('at={position}')")
    assert browser.until(5, "return document.body.className") == "past"
    assert "The past" in browser.run("return document.querySelector('.past-banner').textContent")
    browser.press(".")
    later = browser.until(10, f"const at = new URL(location).searchParams.get('at');"
                          f"return at && at !== '{position}' ? at : null")
    assert int(later) > position, (later, position)
    browser.press(",")
    browser.until(10, f"return location.search.includes('at={position}')")
    browser.press("/")
    browser.until(5, "return document.activeElement.name === 'at'")
    browser.run("document.activeElement.blur()")
    browser.press("n")
    browser.until(10, "return document.body.className === 'present' && !location.search")
    # Somebody without a mouse comes to the content first.
    browser.press("\ue004")
    assert browser.run("return document.activeElement.className") == "skip"


def sorts(browser, address):
    """A head that is clicked sorts its table, and again the other way round."""
    browser.go(address + "/models")
    place = browser.run(
        "return [...document.querySelectorAll('main table')[0].tHead.rows[0].cells]"
        ".findIndex((cell) => cell.textContent === 'Rows')")
    assert place > 0, place
    column = "return [...document.querySelectorAll('main table')[0].tBodies[0].rows]" \
        f".map((row) => Number(row.cells[{place}].textContent))"
    head = "document.querySelectorAll('main table')[0].tHead.rows[0]" \
        f".cells[{place}].querySelector('button').click()"
    browser.run(head)
    down = browser.run(column)
    assert down == sorted(down, reverse=True) and len(down) > 5, down
    browser.run(head)
    assert browser.run(column) == sorted(down), "the other way round"


def follows(browser, address):
    """A page goes on by itself, without being loaded again, and what is open stays open."""
    browser.go(address)
    browser.run("window.mark = 1; const d = document.querySelector('main details'); d.open = true;")
    before = int(browser.run("return document.querySelector('.slider').max"))
    browser.until(60, f"return Number(document.querySelector('.slider').max) > {before}")
    assert browser.run("return window.mark") == 1, "the page was loaded again"
    assert browser.run("return document.querySelector('main details').open"), "it was closed"


def acts(browser, address, tokens):
    """A login; a halt that every page shows; what a role may not; its end."""
    def log_in(role):
        browser.go(address + "/login?then=/settings")
        browser.type("[name=token]", tokens[role])
        browser.run("document.querySelector('[name=token]').form.requestSubmit()")
        browser.until(10, "return location.pathname === '/settings'")

    def send(action, reason):
        browser.run("""
            const form = document.querySelector(`form[action="/act/${arguments[0]}"]`);
            form.querySelector('[name=reason]').value = arguments[1]; form.requestSubmit();""",
                    action, reason)

    log_in("operator")
    send("halt", "<b>to look at</b>")
    browser.until(20, "return location.search.includes('done=halt')")
    assert "The halt is recorded" in browser.run("return document.body.textContent")
    assert not browser.run("return document.querySelector('main b b, td b')"), "markup was let through"
    browser.go(address + "/trail")
    assert "<b>to look at</b>" in browser.run("return document.querySelector('main').textContent")
    browser.go(address + "/settings")
    send("resume", "enough")
    browser.until(20, "return document.body.textContent.includes('needs the role admin')")
    log_in("admin")
    send("resume", "enough")
    browser.until(20, "return location.search.includes('done=resume')")
    browser.go(address + "/jobs")
    browser.run("document.querySelector('form[action=\"/act/train\"]').requestSubmit()")
    browser.until(30, "return location.search.includes('done=train')")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recountd")
    parser.add_argument("--pictures", help="a folder for a picture of each page")
    parser.add_argument("--short", action="store_true", help="half of the views")
    options = parser.parse_args()
    if not shutil.which("chromedriver") or not shutil.which("chromium"):
        print("skipped: no chromium and chromium-driver here")
        return
    if options.pictures:
        os.makedirs(options.pictures, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        process, address, tokens = demonstration(options.recountd, f"{folder}/demo")
        browser = None
        try:
            browser = Browser(folder)
            browser.devtools("Page.addScriptToEvaluateOnNewDocument", source="""
                new PerformanceObserver((list) => { for (const e of list.getEntries())
                  if (!e.hadRecentInput) window.recountShifts = (window.recountShifts || 0) + e.value;
                }).observe({type: 'layout-shift', buffered: true});""")
            browser.go(address)
            began = time.time()
            browser.until(120, "return !!document.querySelector('.slider')")
            print(f"the demonstration could be looked at after {time.time() - began:.0f} s")
            # Enough days that there is something to see.
            browser.until(60, "return document.querySelectorAll('.chart canvas').length > 0")
            travels(browser, address)
            sorts(browser, address)
            follows(browser, address)
            acts(browser, address, tokens)
            browser.errors()  # the refusal that was asked for
            figures = looks(browser, address, options.pictures, options.short)
            paints = sorted(figure[0] for figure in figures)
            shift = max(figures, key=lambda figure: figure[1])
            print(f"{len(figures)} views looked at; first paint {paints[len(paints) // 2]:.0f} ms, "
                  f"at most {paints[-1]:.0f} ms; layout shift at most {shift[1]:.3f} ({shift[3]}); "
                  f"largest page {max(figure[2] for figure in figures)} bytes")
        finally:
            if browser:
                browser.end()
            process.send_signal(signal.SIGTERM)
            status = process.wait(60)
        assert status == 0, f"recountd demo ended with {status}"


if __name__ == "__main__":
    try:
        main()
    except AssertionError as error:
        sys.exit(f"check-dashboard: {error}")
