// One canvas layer that paints every visible layer: from tiles of the service, or from GeoJSON in
// memory. Both go through the same rules, so a file that was exported looks like the page.
"use strict";
lj.painter = (() => {
  const PAPER = "#ffffff", INK = "#22303a", MUTED = "#5b6872", PLACE = "#44525c";
  const widen = (z) => (z < 12 ? 0.7 : z < 14 ? 1 : z < 16 ? 2 : z < 18 ? 3.4 : 5);

  /** Adds all rings of a geometry to a new path. */
  function trace(ctx, geom, close) {
    ctx.beginPath();
    for (const part of geom) {
      part.forEach((p, i) => (i ? ctx.lineTo(p.x, p.y) : ctx.moveTo(p.x, p.y)));
      if (close) ctx.closePath();
    }
  }

  /** Rules that paint a layer, one a category, so that a colour is set once and not per shape. */
  function paintRules(self, layer) {
    const { key, style, kind } = layer.def;
    const rule = (filter, draw) =>
      ({ dataSource: key, dataLayer: key, filter, symbolizer: { draw } });
    const isItem = (f) => f.props.n === undefined;
    const rules = style.signs.map((sign) => rule(
      (z, f) => isItem(f) && f.props.s === sign.key,
      (ctx, geom, z) => {
        if (style.shape === "point") {
          for (const [p] of geom) lj.signs.symbol(ctx, p.x, p.y, style.radius, sign);
        } else if (style.shape === "line") {
          trace(ctx, geom, false);
          ctx.lineCap = ctx.lineJoin = "round";
          const wide = { ...sign, width: sign.width * widen(z) };
          lj.signs.stroke(ctx, wide, sign.colour);
          // Close by, a road is a white bed between two kerbs.
          if (z >= 14 && !sign.dash.length) {
            lj.signs.stroke(ctx, { ...wide, width: Math.max(0.6, wide.width - 1.6) }, PAPER);
          }
        } else {
          trace(ctx, geom, true);
          if (kind === "ground") lj.signs.stroke(ctx, sign, sign.colour); else lj.signs.fill(ctx, sign);
        }
      }));
    rules.push(rule((z, f) => !isItem(f) && self.primary === key, (ctx, geom) => {
      trace(ctx, geom, true);
      ctx.globalAlpha = 0.3; ctx.fillStyle = PAPER; ctx.fill();
      ctx.globalAlpha = 1; ctx.strokeStyle = MUTED; ctx.lineWidth = 0.8; ctx.stroke();
    }));
    return rules;
  }

  /** A name set beside nothing: centred, with a halo in the paper's colour. */
  function name(size, weight, colour, dy = 0) {
    return {
      place(layout, geom, feature) {
        const words = feature.props.name;
        if (!words) return undefined;
        const font = `${weight} ${size}px ${lj.signs.FONT}`, a = geom[0][0];
        layout.scratch.font = font;
        const half = layout.scratch.measureText(words).width / 2 + 3;
        return [{
          anchor: a, deduplicationKey: words, deduplicationDistance: 60,
          bboxes: [{ minX: a.x - half, maxX: a.x + half, minY: a.y + dy - size * 0.7,
                     maxY: a.y + dy + size * 0.7 }],
          draw: (ctx) => {
            ctx.globalAlpha = 1; ctx.font = font; ctx.textAlign = "center";
            ctx.textBaseline = "middle"; ctx.lineJoin = "round"; ctx.lineWidth = 3;
            ctx.strokeStyle = "rgba(255,255,255,0.9)"; ctx.strokeText(words, 0, dy);
            ctx.fillStyle = colour; ctx.fillText(words, 0, dy);
          },
        }];
      },
    };
  }

  /** A ring of counts. It claims only its middle: rings may touch, but none may be left out. */
  function ring(signs) {
    return {
      place(layout, geom, feature) {
        const a = geom[0][0], props = feature.props, r = lj.signs.donutRadius(props.n), k = r * 0.4;
        return [{
          anchor: a, bboxes: [{ minX: a.x - k, maxX: a.x + k, minY: a.y - k, maxY: a.y + k }],
          draw: (ctx) => lj.signs.donut(ctx, r, signs, props),
        }];
      },
    };
  }

  /** The name below a ring, when there is room for it. */
  const ringName = {
    place: (layout, geom, feature) =>
      name(11.5, 500, INK, lj.signs.donutRadius(feature.props.n) + 9).place(layout, geom, feature),
  };

  const GROUND_NAMES = {
    county: { min: 0, max: 10, put: name(14, 600, PLACE) },
    street: { min: 11, max: 12, put: name(13, 600, PLACE) },
    community: { min: 13, max: 19, put: name(12, 600, PLACE) },
  };

  /** Labels, most wanted first: counts, then names of places, then names of items. */
  function labelRules(self, shown) {
    const first = [], places = [], items = [];
    for (const { def } of shown) {
      const base = { dataSource: def.key, dataLayer: `${def.key}.label` };
      if (def.kind === "ground") {
        if (def.style.shape !== "polygon") continue;
        for (const [level, how] of Object.entries(GROUND_NAMES)) {
          places.push({ ...base, minzoom: how.min, maxzoom: how.max, symbolizer: how.put,
            // Where a donut names the community, its name is not set twice.
            filter: (z, f) => f.props.s === level && !counted(self, z, level) });
        }
        continue;
      }
      const filter = (z, f) => f.props.n !== undefined && self.primary === def.key;
      first.unshift({ ...base, symbolizer: ring(def.style.signs), filter });
      first.push({ ...base, symbolizer: ringName, filter });
      const point = def.style.shape === "point";
      items.unshift({ ...base, dataLayer: point ? def.key : base.dataLayer,
        minzoom: def.names_from, symbolizer: name(11.5, 400, INK, point ? 13 : 0),
        filter: (z, f) => f.props.n === undefined });
    }
    return [...first, ...places, ...items];
  }

  const counted = (self, zoom, level) => {
    const top = self.layers.get(self.primary);
    return Boolean(top && top.visible && lj.levelAt(top.def, zoom) === level);
  };

  /** The painter of a map. */
  function make(self) {
    const canvas = protomapsL.leafletLayer({
      sources: {}, attribution: "", maxZoom: self.options.maxZoom, noWrap: true,
      updateWhenZooming: false, keepBuffer: 1,
    });
    let waiting = false;
    const painter = {
      canvas,
      /** Reads the layers anew: after one was added, shown or hidden. */
      rebuild() {
        if (waiting) return;
        waiting = true;
        queueMicrotask(() => { waiting = false; draw(); });
      },
      /** Asks the service for every tile again. */
      reload() {
        for (const layer of self.layers.values()) if (layer.renew) layer.view = layer.renew();
        painter.rebuild();
      },
      /** Items under a point, topmost layer first: [{def, feature}]. */
      at(latlng) {
        const found = canvas.queryTileFeaturesDebug(latlng.lng, latlng.lat, 9);
        return [...self.layers.values()].reverse()
          .filter((l) => l.visible && l.def.kind !== "ground" && found.get(l.def.key))
          .flatMap((l) => found.get(l.def.key)
            .filter((p) => p.layerName === l.def.key &&
              (p.feature.props.n === undefined || self.primary === l.def.key))
            .map((p) => ({ def: l.def, feature: p.feature })));
      },
    };
    function draw() {
      const shown = [...self.layers.values()].filter((l) => l.visible && l.view);
      canvas.views.clear();
      for (const layer of shown) canvas.views.set(layer.def.key, layer.view);
      canvas.paintRules = shown.flatMap((layer) => paintRules(self, layer));
      canvas.labelRules = labelRules(self, shown);
      canvas.clearLayout();
      if (self.map.hasLayer(canvas)) canvas.rerenderTiles(); else canvas.addTo(self.map);
    }
    self.painter = painter;
    return painter;
  }
  return { make };
})();
