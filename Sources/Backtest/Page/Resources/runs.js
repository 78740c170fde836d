"use strict";
// The table of runs: sort, search, and the ticked ones beside each other.
(() => {
  const { data, byId } = recount;
  const table = byId("runs-table");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const titles = heads.map((head) => head.textContent);
  const isText = heads.map((head) => head.classList.contains("text"));
  rows.forEach((row, number) => { row.dataset.run = number; });
  let sortColumn = 0, sortSign = 1;

  function value(row, column) {
    const cell = row.cells[column];
    if (!cell || cell.colSpan > 1) return null;
    const text = cell.dataset.value === undefined ? cell.textContent : cell.dataset.value;
    if (text === "") return null;
    return isText[column] ? text.toLowerCase() : Number(text);
  }

  function sort() {
    rows.sort((left, right) => {
      const a = value(left, sortColumn), b = value(right, sortColumn);
      if (a === b) return left.dataset.run - right.dataset.run;
      if (a === null) return 1;
      if (b === null) return -1;
      return (a < b ? -1 : 1) * sortSign;
    });
    body.append(...rows);
    heads.forEach((head, column) => head.setAttribute("aria-sort",
      column === sortColumn ? (sortSign > 0 ? "ascending" : "descending") : "none"));
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = titles[column];
    button.addEventListener("click", () => {
      sortSign = column === sortColumn ? -sortSign : isText[column] ? 1 : -1;
      sortColumn = column;
      sort();
    });
    head.textContent = "";
    head.append(button);
  });

  const field = byId("runs-search");
  field.hidden = false;
  function search() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) found += 1;
    }
    byId("runs-count").textContent = found + " of " + rows.length + " runs; tick some to compare";
  }
  field.addEventListener("input", search);

  function add(parent, kind, text, style) {
    const made = document.createElement(kind);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    parent.append(made);
    return made;
  }

  // Figures of the ticked runs, then the settings in which they differ.
  function compare() {
    const place = byId("side-by-side");
    const ticked = rows.filter((row) => {
      const box = row.querySelector("[data-line]");
      return box && box.checked;
    });
    place.textContent = "";
    place.hidden = ticked.length < 2;
    if (place.hidden) return;
    const names = ticked.map((row) => row.cells[0].dataset.value);
    add(place, "h3", "The ticked runs");
    const wide = add(place, "div", undefined, "scroll");
    wide.tabIndex = 0;
    const grid = add(wide, "table");
    const head = add(add(grid, "thead"), "tr");
    for (const name of ["", ...names]) add(head, "th", name, name ? "" : "text").scope = "col";
    const lines = add(grid, "tbody");
    function line(title, cells, style) {
      const made = add(lines, "tr", undefined, style);
      add(made, "th", title, "text").scope = "row";
      for (const [text, tone] of cells) add(made, "td", text, tone);
    }
    titles.slice(1).forEach((title, at) => line(title,
      ticked.map((row) => [row.cells[at + 1].textContent, row.cells[at + 1].className
        .replace("text", "")])));
    data.keys.forEach((key, at) => {
      const values = ticked.map((row) => data.settings[row.dataset.run][at]);
      if (values.every((one) => one === values[0])) return;
      line(key, values.map((one) => [one === null ? "–" : one, ""]), "setting");
    });
    const foot = add(place, "p");
    foot.append("Look at one: ");
    add(foot, "code", "recount report --run " + names[0] + " --html page.html");
    if (ticked.length === 2) {
      foot.append("; where both part, event by event: ");
      add(foot, "code", "recount diff --run " + names[0] + " --run " + names[1]);
    }
  }
  document.addEventListener("change", (event) => {
    if (event.target.dataset.line !== undefined) compare();
  });
  for (const box of document.querySelectorAll("[data-line]")) box.hidden = false;
  sort();
  search();
  compare();
})();
