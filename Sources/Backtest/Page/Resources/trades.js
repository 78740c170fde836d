"use strict";
// The table of trades: search, sort, pages, and what led to each.
(() => {
  const { data, byId, numbers, cells, isoDay } = recount;
  const table = byId("trades");
  if (!table) return;
  const { columns, tickers, filers, reasons, owners, bands, kinds, documents, run } = data.trades;
  // A row is one text: what is shown, then the order, its signal, and eight numbers a filed row.
  const hundredth = (value) => value === null ? null : value / 100;
  const all = data.trades.rows.map((source) => {
    const all = numbers(source);
    const names = all.slice(13, 13 + all[12]).map((number) => filers[number]);
    const rest = all.slice(13 + all[12]);
    const row = [
      tickers[all[0]], all[1], all[2] === null ? null : all[1] + all[2],
      ...all.slice(3, 9).map(hundredth), all[9], reasons[all[10]], hundredth(all[11]),
      names.length > 3
        ? names.slice(0, 3).join(", ") + " +" + (names.length - 3) : names.join(", "),
    ];
    const text = row.map((cell, number) => cell === null ? ""
      : columns[number].kind === "day" ? cells.day(cell) : String(cell));
    return { row, text: [...text, ...names].join(" ").toLowerCase(),
      order: "r" + rest[0], signal: rest[1] === null ? null : "r" + (rest[0] - rest[1]),
      filings: rest.slice(2) };
  });
  const pageSize = 25;
  let found = all, page = 0, sortColumn = 1, sortSign = -1;

  function compare(left, right) {
    const a = left.row[sortColumn], b = right.row[sortColumn];
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return (a < b ? -1 : 1) * sortSign;
  }

  function add(parent, kind, text, style) {
    const made = document.createElement(kind);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    parent.append(made);
    return made;
  }

  // Signal, filings and their source, of one trade.
  function reasonsOf(one) {
    const { order, signal, filings: flat } = one;
    const box = document.createElement("div");
    const head = add(box, "p");
    head.append("Order " + order + (signal ? " of signal " + signal : "") + ": ");
    add(head, "code", "recount why order " + order + " --run " + run);
    if (!flat.length) return box;
    const rows = add(add(box, "div", undefined, "scroll"), "table");
    const titles = add(add(rows, "thead"), "tr");
    for (const title of ["Filed", "Traded", "Filer", "Account", "Side", "Amount", "Row", "Source"]) {
      add(titles, "th", title, "text").scope = "col";
    }
    const body = add(rows, "tbody");
    let position = 0;
    for (let at = 0; at < flat.length; at += 8) {
      const [step, filer, before, lag, side, owner, band, source] = flat.slice(at, at + 8);
      position += step;
      const filed = one.row[1] - before;
      const [low, high] = bands[band];
      const line = add(body, "tr");
      add(line, "td", isoDay(filed * 86400000), "text");
      add(line, "td", isoDay((filed - lag) * 86400000) + " (" + lag + " days before)", "text");
      add(line, "td", filers[filer], "text");
      add(line, "td", owners[owner], "text");
      add(line, "td", side ? "bought" : "sold", "text");
      add(line, "td", low === null ? "not given" : recount.dollars(low)
        + (high === null ? " and more" : " to " + recount.dollars(high)), "text");
      add(line, "td", "t" + position, "text");
      const cell = add(line, "td", undefined, "text");
      const mark = documents[source].indexOf("|");
      const [format, link] = kinds[documents[source].slice(0, mark)];
      const name = documents[source].slice(mark + 1);
      cell.append(format + (name ? " " : ""));
      if (link !== null) {
        // Only official pages of House and Senate are links, and none is asked for unless clicked.
        const anchor = add(cell, "a", name || "the filing");
        anchor.href = link.replace("*", name);
        anchor.rel = "noopener noreferrer";
        anchor.target = "_blank";
      } else if (name) {
        add(cell, "code", name);
      }
    }
    const foot = add(box, "p");
    foot.append("A row as it was filed: ");
    add(foot, "code", "recount events --run " + run + " --timeline --position t" + position
      + " --limit 1");
    return box;
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(found.length / pageSize));
    page = Math.min(Math.max(page, 0), pages - 1);
    const body = table.tBodies[0];
    body.textContent = "";
    for (const one of found.slice(page * pageSize, (page + 1) * pageSize)) {
      const line = body.insertRow();
      columns.forEach((column, number) => {
        const cell = document.createElement(number === 0 ? "th" : "td");
        const value = one.row[number];
        const text = value === null ? "–" : cells[column.kind](value);
        if (number === 0) {
          cell.scope = "row";
          const button = add(cell, "button", text);
          button.type = "button";
          button.setAttribute("aria-expanded", "false");
          button.title = "What led to it";
          button.addEventListener("click", () => {
            const isOpen = button.getAttribute("aria-expanded") === "true";
            button.setAttribute("aria-expanded", String(!isOpen));
            if (isOpen) { line.nextSibling.remove(); return; }
            const below = document.createElement("tr");
            below.className = "why";
            const wide = add(below, "td");
            wide.colSpan = columns.length;
            wide.append(reasonsOf(one));
            line.after(below);
          });
        } else {
          cell.textContent = text;
        }
        if (column.kind === "text" || column.kind === "day") cell.classList.add("text");
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
    if (column.kind === "text" || column.kind === "day") head.className = "text";
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
