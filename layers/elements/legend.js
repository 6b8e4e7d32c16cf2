// The legend: every layer with its signs, its counts, and which level the map shows now.
"use strict";
lj.elements.legend = (self, { title, legends, url, params }) => {
  const body = lj.el("div", { className: "lj-panel-body" });
  const fold = lj.el("button", { type: "button", className: "lj-fold", "aria-expanded": "true" },
    lj.el("span", {}, title || "图层与图例"));
  const panel = lj.el("section", { className: "lj-panel lj-legend", "aria-label": "图层与图例" }, fold, body);
  const sections = new Map();
  self.left.append(panel);
  self.legend = { panel, body, sections };

  function setOpen(open) {
    panel.classList.toggle("is-folded", !open);
    fold.setAttribute("aria-expanded", String(open));
  }
  fold.addEventListener("click", () => setOpen(panel.classList.contains("is-folded")));
  setOpen(!window.matchMedia("(max-width: 640px)").matches);

  function section(def) {
    const isGround = def.kind === "ground";
    const head = lj.el("h3", { className: "lj-layer-title" }, lj.el("span", {}, def.title_zh));
    const total = lj.el("span", { className: "lj-total" });
    const level = lj.el("p", { className: "lj-level", hidden: true });
    const rows = lj.el("ul", { className: "lj-rows" });
    const note = lj.el("p", { className: "lj-note", hidden: true });
    if (def.about) head.title = def.about;
    head.append(total);
    const made = lj.el("div", { className: `lj-layer${isGround ? " is-ground" : ""}` },
      head, level, rows, note);
    made.dataset.key = def.key;
    // Ground at the end: it is looked at least.
    if (isGround) body.append(made);
    else body.insertBefore(made, body.firstChild);
    return { made, head, total, level, rows, note, def, isAsked: false };
  }

  function fill(key, legend) {
    const to = sections.get(key);
    if (!to) return;
    const isGround = to.def.kind === "ground";
    to.total.textContent = isGround ? "" : `${legend.total} ${legend.unit}`;
    to.rows.replaceChildren(...legend.rows.map((row) => {
      const item = lj.el("li", { className: row.n || isGround ? "" : "is-none" },
        lj.signs.swatch(row, isGround ? "line" : to.def.style.shape),
        lj.el("span", { className: "lj-word" }, row.zh),
        lj.el("span", { className: "lj-n" }, isGround ? "" : String(row.n)));
      item.dataset.key = row.key;
      return item;
    }));
    to.note.hidden = !legend.note;
    to.note.textContent = legend.note || "";
  }

  function bare(def) {
    return { rows: def.style.signs.map((s) => ({ ...s, n: "" })), total: "", unit: "", note: "" };
  }

  async function ask(key) {
    const to = sections.get(key);
    if (to.isAsked) return;
    to.isAsked = true;
    if (legends[key]) return fill(key, legends[key]);
    fill(key, bare(to.def));
    if (!url || to.def.kind === "ground") return;
    try {
      fill(key, await lj.get(lj.address(url, { layer: key }, params[key])));
    } catch (fault) {
      to.isAsked = false;
      to.note.hidden = false;
      to.note.textContent = fault.message;
    }
  }

  function refresh() {
    const zoom = self.map.getZoom();
    for (const { def, visible } of self.layers.values()) {
      if (!sections.has(def.key)) sections.set(def.key, section(def));
      const to = sections.get(def.key);
      to.made.classList.toggle("is-off", !visible);
      if (visible) ask(def.key);
      const level = lj.levelAt(def, zoom), isParent = level !== def.item_level;
      to.level.hidden = !visible || !isParent || def.kind === "ground";
      to.level.textContent = self.primary === def.key
        ? `现显示：${lj.LEVELS[level]}汇总，环内为总数`
        : `放大后显示（${lj.LEVELS[level]}汇总时只画一个图层）`;
    }
  }
  for (const name of ["ready", "layers", "level"]) self.on(name, refresh);
  self.on("counts", ({ layer, counts }) => {
    const def = self.layers.get(layer).def;
    const rows = def.style.signs.map((s) => ({ ...s, n: counts[s.key] || 0 }));
    fill(layer, { rows, unit: def.unit, total: rows.reduce((sum, r) => sum + r.n, 0), note: "" });
  });
  self.on("trouble", ({ layer, message }) => {
    const to = sections.get(layer);
    if (!to) return;
    to.note.hidden = !message;
    to.note.textContent = message;
  });
};
