"use strict";
// Headings become buttons that sort their column; without this script the table reads the same.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      // Numbers begin with the highest, words with A.
      const before = heading.getAttribute("aria-sort");
      const falling = before ? before === "ascending" : heading.classList.contains("n");
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const column = heading.cellIndex;
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
      const compare = (a, b) => {
        const x = key(a), y = key(b), numeric = Number(x) - Number(y);
        return Number.isNaN(numeric) ? x.localeCompare(y) : numeric;
      };
      const sorted = Array.from(body.rows).sort((a, b) => (falling ? compare(b, a) : compare(a, b)));
      body.append(...sorted);
    });
  }
}
