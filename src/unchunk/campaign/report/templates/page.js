"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const list = by("repositories");
  const all = [...list.children];
  const text = new Map();
  const said = (one) => {
    if (!text.has(one)) text.set(one, (one.dataset.name + " " + [...one.querySelectorAll(".finding, dd, li, figcaption")].map((part) => part.textContent).join(" ")).toLowerCase());
    return text.get(one);
  };
  const has = (words, word) => !word || words.split(" ").includes(word);
  const show = () => {
    const wanted = by("search").value.trim().toLowerCase();
    const [state, code, client] = ["state", "code", "client"].map((id) => by(id).value);
    let count = 0;
    for (const one of all) {
      const data = one.dataset;
      const fits = (!state || data.state === state) && has(data.codes, code) && has(data.clients, client) && (!wanted || said(one).includes(wanted));
      one.hidden = !fits;
      count += fits;
    }
    by("count").textContent = `${count} of ${all.length}`;
  };
  const sort = () => {
    const key = by("sort").value;
    const order = (a, b) => Number(a.dataset.order) - Number(b.dataset.order);
    const compare = key === "name" ? (a, b) => a.dataset.name.localeCompare(b.dataset.name) : key === "order" ? order : (a, b) => Number(b.dataset[key]) - Number(a.dataset[key]) || order(a, b);
    list.append(...all.sort(compare));
  };
  let waiting;
  by("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 120); });
  for (const id of ["state", "code", "client"]) by(id).addEventListener("change", show);
  by("sort").addEventListener("change", sort);
  by("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  by("controls").hidden = false;
  show();
})();
