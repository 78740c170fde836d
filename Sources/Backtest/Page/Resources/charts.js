"use strict";
// What the scripts of a page share, and the charts of sessions.
const recount = (() => {
  const data = JSON.parse(document.getElementById("page-data").textContent);
  const byId = (id) => document.getElementById(id);
  const color = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dollars = (value, digits = 0) => (value < 0 ? "−$" : "$")
    + Math.abs(value).toLocaleString("en-US",
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const percent = (value, digits = 1) => value.toFixed(digits).replace("-", "−") + "%";
  const isoDay = (time) => new Date(time).toISOString().slice(0, 10);

  // Base-64 digits of five bits, the lowest bit of a number its sign (VLQ).
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function numbers(text) {
    const found = [];
    let value = 0, scale = 1;
    for (const character of text) {
      const digit = digits.indexOf(character);
      value += (digit & 31) * scale;
      scale *= 32;
      if (digit & 32) continue;
      // The zero with a sign is what is not known.
      found.push(value === 1 ? null : value % 2 ? -(value - 1) / 2 : value / 2);
      value = 0;
      scale = 1;
    }
    return found;
  }
  function sums(text) {
    let sum = 0;
    return numbers(text).map((number) => sum += number);
  }

  // Every column of a search table as it is shown.
  const cells = {
    text: (value) => value,
    day: (value) => isoDay(value * 86400000),
    dollars: (value) => dollars(value, 2),
    price: (value) => dollars(value, 2),
    percent: (value) => (value > 0 ? "+" : "") + percent(value, 2),
    share: (value) => percent(value, 1),
    count: (value) => value.toLocaleString("en-US", { maximumFractionDigits: 2 }),
    hundredths: (value) => value.toFixed(2).replace("-", "−"),
  };
  const shared = { data, byId, numbers, sums, cells, isoDay, dollars, percent };

  const curves = data.curves;
  if (!curves || typeof Dygraph !== "function") return shared;
  const times = sums(curves.days).map((day) => day * 86400000);
  if (times.length < 2) return shared;
  const formats = {
    dollars: (value) => dollars(value), percent: (value) => percent(value),
    ratio: (value) => value.toFixed(2),
  };
  const charts = [];

  // The values of a line by session: not known before its first and behind its last.
  function values(line, unit) {
    const known = sums(line.values).map((value) => value * unit);
    return [...Array(line.skip).fill(null), ...known];
  }

  // Value / highest value so far − 1, per cent; every line starts with the same value.
  function drawdown(column, start) {
    let high = start;
    return column.map((value) => {
      if (value === null) return null;
      high = Math.max(high, value);
      return (value / high - 1) * 100;
    });
  }

  function showLegend(id, lines, format) {
    const place = byId(id);
    return (event) => {
      place.textContent = "";
      if (event.x === undefined || event.x === null) return "";
      const day = document.createElement("span");
      day.textContent = isoDay(event.x);
      place.append(day);
      lines.forEach((line, number) => {
        const part = document.createElement("span");
        const mark = document.createElement("i");
        mark.style.background = color("--s" + line.color);
        const series = event.series && event.series[number];
        if (!series || !series.isVisible || series.y === undefined || series.y === null) return;
        part.append(mark, line.name + " " + format(series.y));
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

  function look(lines) {
    return {
      colors: lines.map((line) => color("--s" + line.color)),
      axisLineColor: color("--line"), gridLineColor: color("--line"),
    };
  }

  function makeChart(spec, columns) {
    const place = byId(spec.id);
    const format = formats[spec.format];
    place.textContent = "";
    const rows = times.map((time, row) =>
      [new Date(time), ...columns.map((column) => column[row] === undefined ? null : column[row])]);
    const chart = new Dygraph(place, rows, {
      // Two lines of one name would be one series.
      labels: ["Day", ...spec.lines.map((line, number) => number + " " + line.name)],
      labelsUTC: true, legend: "always",
      legendFormatter: showLegend(spec.id + "-legend", spec.lines, format),
      visibility: spec.lines.map((line) => line.shown),
      strokeWidth: 1.5, highlightCircleSize: 3, gridLineWidth: 0.5, axisLineWidth: 0.5,
      animatedZooms: false, axes: {
        x: { axisLabelWidth: 64, ticker: ticks },
        y: { axisLabelWidth: 58, axisLabelFormatter: format, valueFormatter: format },
      },
      drawCallback: (drawn, isInitial) => { if (!isInitial) follow(drawn); },
      highlightCallback: (event, x, points, row) => {
        for (const other of charts) if (other.chart !== chart) other.chart.setSelection(row);
      },
      unhighlightCallback: () => {
        for (const other of charts) if (other.chart !== chart) other.chart.clearSelection();
      },
      includeZero: spec.format === "percent", fillGraph: Boolean(spec.fill),
      ...look(spec.lines),
    });
    charts.push({ chart, lines: spec.lines });
    place.addEventListener("keydown", (event) => steer(chart, event));
    return columns;
  }

  let isFollowing = false;
  function follow(source) {
    if (isFollowing) return;
    isFollowing = true;
    const range = source.xAxisRange();
    for (const { chart } of charts) {
      if (chart === source) continue;
      const own = chart.xAxisRange();
      if (own[0] !== range[0] || own[1] !== range[1]) {
        chart.updateOptions({ dateWindow: range.slice() });
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

  byId("curves-live").hidden = false;
  for (const spec of curves.charts) {
    const columns = makeChart(spec, spec.lines.map((line) => values(line, spec.unit)));
    if (!spec.drawdown) continue;
    makeChart({ ...spec, id: spec.drawdown, format: "percent", unit: 1 },
      columns.map((column) => drawdown(column, spec.start)));
  }
  const main = charts[0].chart;
  const last = times[times.length - 1];
  for (const button of document.querySelectorAll("[data-years]")) {
    button.addEventListener("click", () => {
      const years = Number(button.dataset.years);
      const first = years ? last - years * 365.25 * 86400000 : times[0];
      main.updateOptions({ dateWindow: [Math.max(times[0], first), last] });
    });
  }
  const scale = byId("log-scale");
  if (scale) scale.addEventListener("click", () => {
    const isLog = scale.getAttribute("aria-pressed") !== "true";
    scale.setAttribute("aria-pressed", String(isLog));
    main.updateOptions({ logscale: isLog });
  });
  // Each line can be left out, so that small ones are not flattened by large ones.
  document.addEventListener("change", (event) => {
    const number = event.target.dataset.line;
    if (number === undefined) return;
    for (const { chart, lines } of charts) {
      if (Number(number) < lines.length && lines.length > 1) {
        chart.setVisibility(Number(number), event.target.checked);
      }
    }
  });
  const choices = byId("line-choices");
  if (choices) {
    curves.charts[0].lines.forEach((line, number) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = line.shown;
      box.dataset.line = number;
      const mark = document.createElement("i");
      mark.style.background = "var(--s" + line.color + ")";
      label.append(box, mark, line.name);
      choices.append(label);
    });
    choices.hidden = false;
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const { chart, lines } of charts) chart.updateOptions(look(lines));
  });
  return shared;
})();
