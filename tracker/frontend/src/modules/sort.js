// Sortable tables: every <th data-sort="num|text"> becomes a button; rows marked .total stay on top.
// Sorts what is on the page only, so paged tables sort on the server by links instead.
function sortKey(row, column, kind) {
  const cell = row.cells[column];
  const text = (cell.dataset.value ?? cell.textContent).trim();
  if (kind !== "num") return text;
  const number = Number.parseFloat(text.replace(/[,%\s]/g, ""));
  return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number;
}

function compare(a, b, kind) {
  return kind === "num" ? a - b : a.localeCompare(b, document.documentElement.lang);
}

function sortBy(table, head) {
  const kind = head.dataset.sort;
  const up =
    head.getAttribute("aria-sort") === "descending" ||
    (kind === "text" && head.getAttribute("aria-sort") === "none");
  const rows = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("total"));
  const keyed = rows.map((row) => [sortKey(row, head.cellIndex, kind), row]);
  keyed.sort(([a], [b]) => (up ? 1 : -1) * compare(a, b, kind));
  for (const other of head.parentElement.cells) {
    if (other.dataset.sort) other.setAttribute("aria-sort", "none");
  }
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

export function makeSortable(table) {
  for (const head of table.tHead.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(table, head));
    head.append(button);
    head.setAttribute("aria-sort", "none");
  }
}
