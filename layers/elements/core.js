// The namespace of our elements: DOM as text only, requests, and one map with its layers.
// Nothing here or in the other files writes markup from data: values are set by textContent.
"use strict";
window.lj = (() => {
  const maps = {};

  /** A DOM element; props are properties, children are elements or text. */
  function el(tag, props = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === null || value === undefined) continue;
      if (name.includes("-") || name === "role" || name === "for") made.setAttribute(name, value);
      else made[name] = value;
    }
    made.append(...children.filter((c) => c !== null && c !== undefined));
    return made;
  }

  /** The address with these values in its {braces} and the rest as its query. */
  function address(template, words = {}, query = {}) {
    const path = template.replace(/\{(\w+)\}/g, (whole, name) =>
      name in words ? encodeURIComponent(words[name]) : whole);
    const asked = new URLSearchParams(query).toString();
    return asked ? path + (path.includes("?") ? "&" : "?") + asked : path;
  }

  /** JSON of our own service; an error carries the service's own sentence. */
  async function get(url, signal) {
    const answer = await fetch(url, {
      credentials: "same-origin", headers: { Accept: "application/json" }, signal,
    });
    let body = null;
    try { body = await answer.json(); } catch { /* not JSON: the status says enough */ }
    if (!answer.ok) {
      const fault = new Error((body && body.message) || `服务未能回答（${answer.status}）。`);
      fault.status = answer.status;
      throw fault;
    }
    return body;
  }

  /** The level of a layer at a map zoom, and whether its parents stand for it there. */
  function levelAt(def, zoom) {
    for (const [below, level] of def.parents) if (zoom < below) return level;
    return def.item_level;
  }

  /** A new map: Leaflet, its panels, and the layers that elements register on it. */
  function makeMap(id, options) {
    const root = document.getElementById(id);
    const map = L.map(root, {
      zoomControl: false, attributionControl: false, minZoom: options.minZoom,
      maxZoom: options.maxZoom, zoomSnap: 1, keyboard: true,
    });
    const corner = (name) => root.appendChild(el("div", { className: `lj-corner lj-${name}` }));
    const self = {
      id, map, root, options, layers: new Map(), primary: null, painter: null,
      left: corner("left"), right: corner("right"), foot: corner("foot"),
      tell: (name, detail = {}) =>
        root.dispatchEvent(new CustomEvent(`lj:${name}`, { detail, bubbles: true })),
      on: (name, act) => root.addEventListener(`lj:${name}`, (e) => act(e.detail)),
      fly: (lon, lat, zoom) => map.setView([lat, lon], zoom || map.getZoom()),
      shown: () => [...self.layers.values()].filter((l) => l.visible).map((l) => l.def.key),
      area: () => null, setArea: () => {}, refresh: () => self.painter && self.painter.reload(),
    };
    for (const box of [self.left, self.right, self.foot]) {
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.disableScrollPropagation(box);
    }
    self.register = (def, visible, view) => {
      self.layers.set(def.key, { def, visible, view });
      if (visible && def.kind !== "ground") self.primary = def.key;
      if (self.painter) self.painter.rebuild();
    };
    self.show = (key, on) => {
      const layer = self.layers.get(key);
      if (!layer || layer.visible === on) return;
      layer.visible = on;
      const themes = self.shown().filter((k) => self.layers.get(k).def.kind !== "ground");
      if (on && layer.def.kind !== "ground") self.primary = key;
      else if (self.primary === key) self.primary = themes[themes.length - 1] || null;
      if (self.painter) self.painter.rebuild();
      self.tell("layers", { shown: self.shown() });
    };
    L.control.zoom({ position: "bottomright", zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright", maxWidth: 90 }).addTo(map);
    const source = el("p", { className: "lj-source" }, options.source || "");
    self.foot.append(source);
    if (options.bounds) {
      const [w, s, e, n] = options.bounds;
      // Beside the panels where there is room for both.
      const left = root.clientWidth > 900 ? 312 : 8;
      map.fitBounds([[s, w], [n, e]], {
        paddingTopLeft: [left, 8], paddingBottomRight: [8, 8], animate: false,
      });
    } else map.setView([options.center[1], options.center[0]], options.zoom);
    root.setAttribute("role", "application");
    root.setAttribute("aria-label", options.title || "地图");
    let zoom = map.getZoom();
    map.on("zoomend", () => {
      if (map.getZoom() === zoom) return;
      zoom = map.getZoom();
      for (const layer of self.layers.values()) {
        self.tell("level", { layer: layer.def.key, level: levelAt(layer.def, zoom) });
      }
    });
    maps[id] = self;
    return self;
  }

  /** The page has built everything: draw, and say so. */
  function start(id) {
    const self = maps[id];
    if (self.painter) self.painter.rebuild();
    self.tell("layers", { shown: self.shown() });
    self.tell("ready");
  }

  const LEVELS = {
    city: "市", county: "区县", street: "街道", community: "社区", grid: "网格",
    section: "片", compound: "小区", group: "组", neighbourhood: "邻", item: "逐项",
  };
  return { maps, el, address, get, levelAt, map: makeMap, start, LEVELS, elements: {} };
})();
