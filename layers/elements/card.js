// A click (or Enter on the focused map) asks what is there and shows it beside the map.
"use strict";
lj.elements.card = (self, { url }) => {
  const close = lj.el("button", { type: "button", className: "lj-close", "aria-label": "关闭卡片" }, "×");
  const body = lj.el("div", { className: "lj-card-body" });
  const panel = lj.el("section", {
    className: "lj-panel lj-card", hidden: true, tabIndex: -1, "aria-label": "此处情况", "aria-live": "polite",
  }, close, body);
  self.right.append(panel);
  self.root.append(lj.el("div", { className: "lj-cross", "aria-hidden": "true" }));
  let asked = null, mark = null;
  // Internal counts under five are not told apart.
  const few = (n) => (n > 0 && n < 5 ? "少于 5" : String(n));
  const rows = (pairs) => lj.el("dl", { className: "lj-facts" }, ...pairs
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .flatMap(([label, value]) => [lj.el("dt", {}, label), lj.el("dd", {}, String(value))]));
  const heading = (words, small) => lj.el("header", {},
    lj.el("h2", {}, words), small ? lj.el("p", { className: "lj-sub" }, small) : null);
  const chainLine = (chain) => chain.length
    ? lj.el("p", { className: "lj-chain" }, chain.map((u) => u.name).join(" › ")) : null;

  function list(title, items) {
    return items.length ? lj.el("section", { className: "lj-list" }, lj.el("h3", {}, title),
      lj.el("ul", {}, ...items.map(([main, side]) => lj.el("li", {}, lj.el("span", {}, main),
        side ? lj.el("small", {}, side) : null)))) : null;
  }

  /** What the layers paint at this point: the map's own words for its signs. */
  function painted(latlng) {
    if (!self.painter) return [];
    return self.painter.at(latlng).slice(0, 6).map(({ def, feature }) => {
      const p = feature.props;
      const sign = def.style.signs.find((s) => s.key === p.s);
      return { def, p, title: def.title_zh, words: sign ? sign.zh : `${p.n} ${def.unit}` };
    });
  }

  function compound(c) {
    const missing = (value) => value || "无";
    const term = c.committee_term_due_on ? `${c.committee_zh}，届满 ${c.committee_term_due_on}` : c.committee_zh;
    return [
      heading(c.name, c.class_zh),
      chainLine(c.chain || []),
      rows([["党支部", missing(c.branch)], ["业委会", missing(term)], ["物业公司", missing(c.firm)],
            ["包保单位 A", missing(c.unit_a)], ["包保单位 B", missing(c.unit_b)],
            ["工作组", (c.work_groups || []).join("、")],
            ["在册力量", `${c.reserve_is_few ? "少于 5" : few(c.reserve)} 人`],
            ["户数", c.households], ["楼栋", c.buildings], ["出入口", c.gates],
            ["所属网格", (c.grids || []).map((g) => g.name).join("、")]]),
      list("未销号项目", (c.open_projects || []).map((p) => [p.title,
        p.due_on ? `${p.state_zh}，应完成 ${p.due_on}` : p.state_zh])),
      list("设施", (c.facilities || []).map((f) => [f.name])),
      c.is_synthetic ? lj.el("p", { className: "lj-note" }, "演示数据，非真实小区") : null,
    ];
  }

  function simple(card) {
    const link = card.href ? lj.el("a", { href: card.href }, "查看详情") : null;
    return [heading(card.title, card.note),
            rows((card.rows || []).map((r) => [r.label, r.value])), link];
  }

  function show(children) {
    body.replaceChildren(...children.filter(Boolean));
    panel.hidden = false;
    panel.focus({ preventScroll: true });
  }
  function hide() {
    if (panel.hidden) return;
    panel.hidden = true;
    if (mark) { mark.remove(); mark = null; }
    self.root.focus({ preventScroll: true });
  }

  self.pick = async (lon, lat) => {
    if (self.isDrawing) return;
    self.tell("pick", { lon, lat });
    const seen = painted({ lng: lon, lat });
    if (mark) mark.remove();
    mark = L.circleMarker([lat, lon], { radius: 7, color: "#22303a", weight: 2, fill: false, interactive: false }).addTo(self.map);
    const layersHere = list("图上所示", seen.map((s) => [s.words, s.title]));
    if (!url) {
      const first = seen[0];
      if (!first) return hide();
      return show([heading(first.p.name || first.title, first.words), rows(first.p.facts || []), layersHere]);
    }
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const found = await lj.get(lj.address(url, {}, { lon: lon.toFixed(6), lat: lat.toFixed(6) }), asked.signal);
      const place = found.chain[found.chain.length - 1];
      const top = found.compound ? compound(found.compound) : found.card ? simple(found.card)
        : place ? [heading(place.name, lj.LEVELS[place.level]), chainLine(found.chain.slice(0, -1))]
          : [heading("此处不在辖区范围内")];
      show([...top, layersHere]);
      self.tell("card", { chain: found.chain, card: found.compound || found.card || null });
    } catch (fault) {
      if (fault.name === "AbortError") return undefined;
      show([heading("未能取得此处情况", fault.message), layersHere]);
    }
    return undefined;
  };

  close.addEventListener("click", hide);
  self.root.addEventListener("keydown", (e) => {
    if (e.key === "Escape") hide();
    else if (e.key === "Enter" && e.target === self.root) {
      const c = self.map.getCenter();
      self.pick(c.lng, c.lat);
    }
  });
  self.map.on("click", (e) => self.pick(e.latlng.lng, e.latlng.lat));

  // A word under the pointer; fingers have none.
  if (window.matchMedia("(hover: hover)").matches) {
    const tip = lj.el("div", { className: "lj-tip", hidden: true });
    self.root.append(tip);
    let waiting = null;
    self.map.on("mousemove", (e) => {
      if (!waiting) requestAnimationFrame(() => {
        const event = waiting;
        waiting = null;
        const [first] = self.isDrawing ? [] : painted(event.latlng);
        tip.hidden = !first;
        self.root.classList.toggle("is-over", Boolean(first));
        if (!first) return;
        tip.textContent = first.p.name ? `${first.p.name} · ${first.words}` : first.words;
        tip.style.transform = `translate(${event.containerPoint.x + 14}px, ${event.containerPoint.y + 14}px)`;
      });
      waiting = e;
    });
    self.map.on("mouseout", () => { tip.hidden = true; });
  }
};
