// What the pages can do beyond links and forms: curves, the slider, keys, following the log.
"use strict";
(() => {
  // light-dark() is resolved by the browser where a colour is used, not where it is read.
  const probe = document.createElement("span");
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };

  // Curves.
  const day = (text) => new Date(`${text}T00:00:00Z`);
  const candles = (event) => {
    const context = event.drawingContext;
    if (event.seriesIndex !== 0) return;
    const [open, high, low, close] = event.allSeriesPoints;
    if (!close) return;
    const width = Math.max(1, Math.min(9, event.plotArea.w / open.length * 0.6));
    const area = event.plotArea;
    for (let index = 0; index < open.length; index += 1) {
      const rises = close[index].yval >= open[index].yval;
      context.strokeStyle = context.fillStyle = rises ? colour.good : colour.bad;
      const x = open[index].canvasx;
      const y = (point) => area.y + point.y * area.h;
      context.beginPath();
      context.moveTo(x, y(high[index]));
      context.lineTo(x, y(low[index]));
      context.stroke();
      const top = Math.min(y(open[index]), y(close[index]));
      context.fillRect(x - width / 2, top, width, Math.max(1, Math.abs(y(open[index]) - y(close[index]))));
    }
  };
  const marksOf = (payload) => (canvas, area, graph) => {
    canvas.save();
    for (const mark of payload.marks || []) {
      const x = graph.toDomXCoord(day(mark.day));
      if (x < area.x || x > area.x + area.w) continue;
      canvas.strokeStyle = mark.sort === "halt" || mark.sort === "sold" ? colour.bad
        : mark.sort === "bought" || mark.sort === "promotion" ? colour.good : colour.line;
      canvas.globalAlpha = 0.7;
      canvas.setLineDash(mark.sort === "filing" ? [2, 3] : []);
      canvas.beginPath();
      canvas.moveTo(x, area.y);
      canvas.lineTo(x, area.y + area.h);
      canvas.stroke();
    }
    canvas.restore();
  };
  const draw = (figure) => {
    const payload = JSON.parse(figure.querySelector("script").textContent);
    const isCandles = figure.dataset.shape === "candles";
    const caption = figure.querySelector(".value");
    const label = caption.textContent;
    const written = (value) => payload.unit === "%" ? `${value.toFixed(2)} %`
      : value.toLocaleString("en", { maximumFractionDigits: 2 });
    const rows = payload.rows.map((row) => [day(row[0]), ...row.slice(1)]);
    const options = {
      labels: ["day", ...payload.names],
      colors: [colour.link, colour.index, colour.muted],
      axisLineColor: colour.line, gridLineColor: colour.line, gridLineWidth: 0.5,
      labelsUTC: true, animatedZooms: false, connectSeparatedPoints: true,
      fillGraph: figure.dataset.shape === "drawdown", strokeWidth: 1.6, rightGap: 8,
      highlightCallback: (_, x, points) => {
        caption.textContent = [new Date(x).toISOString().slice(0, 10)]
          .concat(points.map((point) => `${point.name} ${written(point.yval)}`)).join(" · ");
      },
      unhighlightCallback: () => { caption.textContent = label; },
      underlayCallback: marksOf(payload),
      axes: { y: { axisLabelWidth: 64, axisLabelFormatter: (value) =>
        payload.unit === "%" ? `${value.toFixed(Math.abs(value) < 2 ? 1 : 0)} %` : value.toLocaleString("en") },
        x: { axisLabelFormatter: Dygraph.dateAxisLabelFormatter } },
    };
    if (isCandles) { options.plotter = candles; options.colors = Array(4).fill(colour.link); }
    return new Dygraph(figure.querySelector(".plot"), rows, options);
  };
  const drawAll = () => {
    if (!window.Dygraph) {
      for (const plot of document.querySelectorAll(".plot")) {
        plot.textContent = "Curves need dygraphs on the machine of the service: apt-get install libjs-dygraphs.";
      }
      return;
    }
    for (const name of ["good", "bad", "line", "link", "index", "muted"]) colour[name] = colour(`--${name}`);
    // Its own legend writes styles into the page, which the page's policy forbids: what is pointed
    // at stands in the caption.
    Dygraph.PLUGINS = Dygraph.PLUGINS.filter((plugin) => plugin !== Dygraph.Plugins.Legend);
    const graphs = [...document.querySelectorAll(".chart")].map(draw);
    // Curves of one page are looked at over the same days.
    const linked = graphs.filter((graph) => graph.numRows() === graphs[0].numRows());
    if (linked.length > 1 && Dygraph.synchronize) Dygraph.synchronize(linked, { range: false });
  };

  // Columns are sorted by their heads: numbers by value, the rest by text.
  const sorting = () => {
    for (const head of document.querySelectorAll("main table:not(.rules) thead th")) {
      if (!head.textContent || head.querySelector("button")) continue;
      const button = document.createElement("button");
      button.className = "sort";
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.sort");
    if (!button) return;
    const head = button.parentElement;
    const index = [...head.parentElement.children].indexOf(head);
    const body = head.closest("table").tBodies[0];
    const isDown = head.getAttribute("aria-sort") !== "descending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const value = (row) => row.children[index] ? row.children[index].textContent : "";
    const number = (text) => /^[+-]?[\d,]+(\.\d+)?( %)?$/.test(text) ? Number(text.replace(/[,%+ ]/g, "")) : null;
    const rows = [...body.rows].map((row, place) => ({ row, place, text: value(row), number: number(value(row)) }));
    const compare = (a, b) => a.number !== null && b.number !== null ? a.number - b.number
      : a.number === null && b.number === null ? a.text.localeCompare(b.text) : a.number === null ? -1 : 1;
    rows.sort((a, b) => (isDown ? -compare(a, b) : compare(a, b)) || a.place - b.place);
    body.append(...rows.map((one) => one.row));
  });

  // The time machine.
  const form = document.querySelector(".time");
  const slider = form && form.querySelector(".slider");
  const moment = form && form.querySelector(".moment");
  const goTo = (position) => {
    const url = new URL(location.href);
    if (position === null) url.searchParams.delete("at"); else url.searchParams.set("at", position);
    location.assign(url);
  };
  if (slider) {
    slider.hidden = false;
    let wanted = 0, found = null, timer = 0;
    slider.addEventListener("input", () => {
      wanted += 1;
      const request = wanted;
      found = null;
      clearTimeout(timer);
      moment.textContent = `position ${slider.value} …`;
      timer = setTimeout(async () => {
        const url = new URL("/moment", location.href);
        url.searchParams.set("position", slider.value);
        url.searchParams.set("page", document.body.dataset.page);
        url.searchParams.set("run", document.body.dataset.run);
        const answer = await fetch(url).catch(() => null);
        if (request !== wanted) return;
        if (!answer || !answer.ok) { moment.textContent = "the moment cannot be read; try again"; return; }
        found = await answer.json();
        moment.textContent = found.text;
      }, 120);
    });
    slider.addEventListener("change", async () => {
      // At its end it is the present.
      if (slider.value === slider.max) { goTo(null); return; }
      for (let tries = 0; tries < 100 && !found; tries += 1) await new Promise((go) => setTimeout(go, 30));
      goTo(found ? found.position : slider.value);
    });
  }

  // Keys, outside of fields.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const press = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
    if (event.key === ",") press(".time [rel=prev]");
    else if (event.key === ".") press(".time [rel=next]");
    else if (event.key === "n") press(".time [accesskey=n]");
    else if (event.key === "/") { event.preventDefault(); form.querySelector("[name=at]").focus(); }
  });

  // Following the log: the page is asked for again once events have come, and what is open stays
  // open.
  const follow = () => {
    let timer = 0, isBusy = false, isDue = false;
    const again = async () => {
      if (isBusy) { isDue = true; return; }
      isBusy = true;
      try {
        const answer = await fetch(location.href, { headers: { "x-follow": "1" } });
        const text = await answer.text();
        if (!answer.ok) throw new Error(text);
        const fresh = new DOMParser().parseFromString(text, "text/html");
        const active = document.activeElement;
        const isEditing = active && active.closest("main form, .time");
        if (!isEditing) {
          const open = new Set([...document.querySelectorAll("main details[open] > summary")].map((s) => s.textContent));
          const place = scrollY;
          for (const part of ["main", ".bar", "footer"]) {
            document.querySelector(part).replaceWith(fresh.querySelector(part));
          }
          for (const summary of document.querySelectorAll("main details > summary")) {
            if (open.has(summary.textContent)) summary.parentElement.open = true;
          }
          slider.max = fresh.querySelector(".slider").max;
          slider.value = slider.max;
          moment.textContent = fresh.querySelector(".moment").textContent;
          scrollTo(0, place);
          sorting();
          drawAll();
        }
        document.body.classList.remove("stale");
      } catch { document.body.classList.add("stale"); }
      isBusy = false;
      if (isDue) { isDue = false; later(); }
    };
    const later = () => { clearTimeout(timer); timer = setTimeout(again, 700); };
    const url = new URL("/api/v1/events", location.href);
    url.searchParams.set("run", document.body.dataset.run);
    url.searchParams.set("log", "run");
    const source = new EventSource(url);
    // Each event comes under the name of its type.
    for (const type of window.recountEventTypes || []) source.addEventListener(type, later);
    source.onerror = () => document.body.classList.add("stale");
    source.onopen = () => document.body.classList.remove("stale");
    addEventListener("pagehide", () => source.close());
  };
  if (document.body.dataset.follow === "yes") follow();
  sorting();
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
