// A field that keeps the rows of the page's tables that have all of its words; a page asks for it with <div class="filter">.
document.addEventListener("DOMContentLoaded", function () {
  const bar = document.querySelector("div.filter");
  if (!bar) return;
  const table = function () {
    for (let node = bar.nextElementSibling; node; node = node.nextElementSibling) {
      const found = node.matches("table") ? node : node.querySelector("table");
      if (found) return found;
    }
  }();
  const rows = Array.from(table.tBodies[0].rows, function (row) {
    return { row: row, text: row.textContent.toLowerCase(), kind: row.cells[Number(bar.dataset.kind)].textContent };
  });
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = "Filter: requests iter_lines";
  field.setAttribute("aria-label", "Filter the table");
  const kinds = document.createElement("select");
  kinds.setAttribute("aria-label", "What a step is");
  kinds.add(new Option("every kind", ""));
  for (const kind of bar.dataset.kinds.split(" ")) kinds.add(new Option(kind, kind));
  const count = document.createElement("output");
  bar.append(field, kinds, count);
  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const each of rows) {
      const keeps = words.every((word) => each.text.includes(word)) && (!kinds.value || new RegExp("\\b" + kinds.value + "\\b").test(each.kind));
      each.row.hidden = !keeps;
      shown += keeps;
    }
    count.textContent = shown + " of " + rows.length;
  }
  field.addEventListener("input", filter);
  kinds.addEventListener("change", filter);
  const asked = new URLSearchParams(location.search).get("filter");
  if (asked) field.value = asked;
  filter();
});
