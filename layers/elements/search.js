// A box that finds units by name, alias or code and moves the map there. A combobox by ARIA.
"use strict";
lj.finder = (self, { url, label, onChoose }) => {
  const id = `${self.id}-find-${Math.trunc(performance.now() * 1000)}`;
  const input = lj.el("input", {
    type: "search", className: "lj-find-input", placeholder: label, autocomplete: "off",
    role: "combobox", "aria-label": label, "aria-expanded": "false", "aria-controls": id,
    "aria-autocomplete": "list", maxLength: 60,
  });
  const list = lj.el("ul", { id, className: "lj-found", role: "listbox", hidden: true, "aria-label": label });
  const box = lj.el("div", { className: "lj-find" }, input, list);
  let units = [], at = -1, timer = 0, asked = null;

  function close() {
    list.hidden = true; at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function mark(next) {
    at = (next + units.length) % units.length;
    [...list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
  function choose(i) {
    const unit = units[i];
    if (!unit) return;
    input.value = unit.name;
    close();
    onChoose(unit);
  }
  function say(words) {
    list.replaceChildren(lj.el("li", { className: "lj-nothing" }, words));
    list.hidden = false;
  }
  async function find() {
    const words = input.value.trim();
    if (asked) asked.abort();
    if (!words) return close();
    asked = new AbortController();
    try {
      units = (await lj.get(lj.address(url, {}, { q: words }), asked.signal)).units;
    } catch (fault) {
      if (fault.name !== "AbortError") say(fault.message);
      return;
    }
    if (!units.length) return say("没有找到，请换个名称或代码");
    list.replaceChildren(...units.map((unit, i) => {
      const row = lj.el("li", { role: "option", id: `${id}-${i}`, "aria-selected": "false" },
        lj.el("span", {}, unit.name),
        lj.el("small", {}, lj.LEVELS[unit.level] || unit.level));
      row.addEventListener("mousedown", (e) => { e.preventDefault(); choose(i); });
      return row;
    }));
    list.hidden = false; at = -1;
    input.setAttribute("aria-expanded", "true");
  }
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(find, 200);
  });
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" && units.length && !list.hidden) { e.preventDefault(); mark(at + 1); }
    else if (e.key === "ArrowUp" && units.length && !list.hidden) { e.preventDefault(); mark(at - 1); }
    else if (e.key === "Enter") {
      e.preventDefault();
      if (list.hidden || !units.length) find(); else choose(Math.max(0, at));
    } else if (e.key === "Escape") { e.stopPropagation(); close(); }
  });
  input.addEventListener("blur", () => window.setTimeout(close, 120));
  return { box, input };
};
lj.elements.search = (self, { url }) => {
  const zooms = { city: 10, county: 11, street: 13, community: 15, grid: 16, compound: 17 };
  const { box } = lj.finder(self, {
    url, label: "查找小区、社区、街道或代码",
    onChoose: (unit) => {
      self.fly(unit.lon, unit.lat, zooms[unit.level] || 15);
      if (unit.level === "compound") self.pick && self.pick(unit.lon, unit.lat);
    },
  });
  box.classList.add("lj-search");
  self.left.prepend(box);
};
