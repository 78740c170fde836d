"use strict";
(() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const byId = (id) => document.getElementById(id);
  const color = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dollars = (value, digits = 0) => (value < 0 ? "−$" : "$")
    + Math.abs(value).toLocaleString("en-US",
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const percent = (value, digits = 1) => value.toFixed(digits).replace("-", "−") + "%";
  const isoDay = (time) => new Date(time).toISOString().slice(0, 10);

  // Charts of sessions: value, drawdown, exposure, with one zoom for all.
  const curves = data.curves;
  const times = curves.days.map((day) => day * 86400000);
  const charts = [];

  const rows = (columns) => times.map((time, row) =>
    [new Date(time), ...columns.map((column) => column[row])]);

  function showLegend(id, names, format) {
    const place = byId(id);
    return (event) => {
      place.textContent = "";
      if (event.x === undefined || event.x === null) return "";
      const day = document.createElement("span");
      day.textContent = isoDay(event.x);
      place.append(day);
      names.forEach((name, number) => {
        const part = document.createElement("span");
        const mark = document.createElement("i");
        mark.style.background = color("--s" + number);
        const series = event.series && event.series[number];
        if (!series || !series.isVisible || series.y === undefined || series.y === null) return;
        part.append(mark, name + " " + format(series.y));
        place.append(part);
      });
      return "";
    };
  }

  // Whole years, as many as have room; closer in, the months and days that dygraphs chooses.
  function ticks(from, to, pixels, options, chart, values) {
    const year = 365.25 * 86400000;
    if (to - from < 2.5 * year) {
      return Dygraph.dateTicker(from, to, pixels, options, chart, values);
    }
    const step = Math.max(1, Math.ceil((to - from) / year / (pixels / 52)));
    const found = [];
    for (let at = new Date(from).getUTCFullYear(); at <= new Date(to).getUTCFullYear(); at += 1) {
      const time = Date.UTC(at, 0, 1);
      if (at % step === 0 && time >= from && time <= to) found.push({ v: time, label: String(at) });
    }
    return found;
  }

  function look() {
    return {
      colors: [0, 1, 2, 3].map((number) => color("--s" + number)),
      axisLineColor: color("--line"), gridLineColor: color("--line"),
    };
  }

  function makeChart(id, names, columns, format, more) {
    const place = byId(id);
    place.textContent = "";
    const chart = new Dygraph(place, rows(columns), {
      labels: ["Day", ...names], labelsUTC: true, legend: "always",
      legendFormatter: showLegend(id + "-legend", names, format),
      strokeWidth: 1.5, highlightCircleSize: 3, gridLineWidth: 0.5, axisLineWidth: 0.5,
      animatedZooms: false, axes: {
        x: { axisLabelWidth: 64, ticker: ticks },
        y: { axisLabelWidth: 58, axisLabelFormatter: format, valueFormatter: format },
      },
      drawCallback: (drawn, isInitial) => { if (!isInitial) follow(drawn); },
      highlightCallback: (event, x, points, row) => {
        for (const other of charts) if (other !== chart) other.setSelection(row);
      },
      unhighlightCallback: () => {
        for (const other of charts) if (other !== chart) other.clearSelection();
      },
      ...look(), ...more,
    });
    charts.push(chart);
    place.addEventListener("keydown", (event) => steer(chart, event));
    return chart;
  }

  let isFollowing = false;
  function follow(source) {
    if (isFollowing) return;
    isFollowing = true;
    const range = source.xAxisRange();
    for (const other of charts) {
      if (other === source) continue;
      const own = other.xAxisRange();
      if (own[0] !== range[0] || own[1] !== range[1]) {
        other.updateOptions({ dateWindow: range.slice() });
      }
    }
    isFollowing = false;
  }

  // Arrow keys move the window, plus and minus zoom, Home shows all.
  function steer(chart, event) {
    const [from, to] = chart.xAxisRange();
    const width = to - from;
    const first = times[0], last = times[times.length - 1];
    let next = null;
    if (event.key === "ArrowLeft") next = [from - width / 5, to - width / 5];
    if (event.key === "ArrowRight") next = [from + width / 5, to + width / 5];
    if (event.key === "+" || event.key === "=") next = [from + width / 6, to - width / 6];
    if (event.key === "-") next = [from - width / 4, to + width / 4];
    if (event.key === "Home") next = [first, last];
    if (!next) return;
    event.preventDefault();
    if (next[0] < first) next = [first, Math.min(last, next[1] + first - next[0])];
    if (next[1] > last) next = [Math.max(first, next[0] + last - next[1]), last];
    chart.updateOptions({ dateWindow: next });
  }

  if (typeof Dygraph === "function" && times.length > 1) {
    byId("curves-live").hidden = false;
    const thousands = (value) => dollars(value);
    const value = makeChart("value-chart", curves.names, curves.values, thousands, {});
    makeChart("drawdown-chart", curves.names, curves.drawdowns, (y) => percent(y),
      { includeZero: true });
    makeChart("exposure-chart", ["Exposure"], [curves.exposure], (y) => percent(y, 0),
      { fillGraph: true, includeZero: true });
    const last = times[times.length - 1];
    for (const button of document.querySelectorAll("[data-years]")) {
      button.addEventListener("click", () => {
        const years = Number(button.dataset.years);
        const first = years ? last - years * 365.25 * 86400000 : times[0];
        value.updateOptions({ dateWindow: [Math.max(times[0], first), last] });
      });
    }
    byId("log-scale").addEventListener("click", (event) => {
      const isLog = event.currentTarget.getAttribute("aria-pressed") !== "true";
      event.currentTarget.setAttribute("aria-pressed", String(isLog));
      value.updateOptions({ logscale: isLog });
    });
    // Each line can be left out, so that small ones are not flattened by large ones.
    const choices = byId("line-choices");
    curves.names.forEach((name, number) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        for (const chart of charts.slice(0, 2)) chart.setVisibility(number, box.checked);
      });
      const mark = document.createElement("i");
      mark.style.background = "var(--s" + number + ")";
      label.append(box, mark, name);
      choices.append(label);
    });
    choices.hidden = false;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const chart of charts) chart.updateOptions(look());
    });
  }

  // The table of trades: search, sort, pages.
  const table = byId("trades");
  if (!table) return;
  const columns = data.trades.columns;
  const all = data.trades.rows.map((row) =>
    ({ row, text: row.map((cell) => cell === null ? "" : String(cell)).join(" ").toLowerCase() }));
  const pageSize = 25;
  let found = all, page = 0, sortColumn = 1, sortSign = -1;

  const shown = {
    text: (value) => value,
    dollars: (value) => dollars(value, 2),
    price: (value) => dollars(value, 2),
    percent: (value) => (value > 0 ? "+" : "") + percent(value, 2),
    count: (value) => value.toLocaleString("en-US", { maximumFractionDigits: 2 }),
    hundredths: (value) => value.toFixed(2),
  };

  function compare(left, right) {
    const a = left.row[sortColumn], b = right.row[sortColumn];
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return (a < b ? -1 : 1) * sortSign;
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    page = Math.min(Math.max(page, 0), pages - 1);
    const body = table.tBodies[0];
    body.textContent = "";
    for (const { row } of found.slice(page * pageSize, (page + 1) * pageSize)) {
      const line = body.insertRow();
      columns.forEach((column, number) => {
        const cell = document.createElement(number === 0 ? "th" : "td");
        if (number === 0) cell.scope = "row";
        const value = row[number];
        cell.textContent = value === null ? "–" : shown[column.kind](value);
        if (column.kind === "text") cell.classList.add("text");
        if (column.tone && value) cell.classList.add(value > 0 ? "up" : "down");
        line.append(cell);
      });
    }
    byId("trades-count").textContent = found.length.toLocaleString("en-US") + " of "
      + all.length.toLocaleString("en-US") + " trades, page " + (page + 1) + " of " + pages;
    byId("trades-first").disabled = byId("trades-previous").disabled = page === 0;
    byId("trades-next").disabled = byId("trades-last").disabled = page === pages - 1;
    for (const head of table.tHead.rows[0].cells) {
      const isSorted = head.cellIndex === sortColumn;
      head.setAttribute("aria-sort",
        isSorted ? (sortSign > 0 ? "ascending" : "descending") : "none");
    }
  }

  function search() {
    const words = byId("trades-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    found = all.filter(({ text }) => words.every((word) => text.includes(word)));
    found.sort(compare);
    page = 0;
    draw();
  }

  columns.forEach((column, number) => {
    const head = document.createElement("th");
    head.scope = "col";
    if (column.kind === "text") head.className = "text";
    if (column.definition) head.title = column.definition;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = column.title;
    button.addEventListener("click", () => {
      sortSign = number === sortColumn ? -sortSign : column.kind === "text" ? 1 : -1;
      sortColumn = number;
      found.sort(compare);
      page = 0;
      draw();
    });
    head.append(button);
    table.tHead.rows[0].append(head);
  });
  byId("trades-search").addEventListener("input", search);
  byId("trades-first").addEventListener("click", () => { page = 0; draw(); });
  byId("trades-previous").addEventListener("click", () => { page -= 1; draw(); });
  byId("trades-next").addEventListener("click", () => { page += 1; draw(); });
  byId("trades-last").addEventListener("click", () => { page = all.length; draw(); });
  byId("trades-panel").hidden = false;
  search();
})();
