// GeoJSON as a source of tiles: for layers that change live and for files without a network.
"use strict";
lj.memory = (() => {
  /** A point as protomaps-leaflet handles them. */
  class Point {
    constructor(x, y) { this.x = x; this.y = y; }
    clone() { return new Point(this.x, this.y); }
    mult(k) { this.x *= k; this.y *= k; return this; }
    add(p) { this.x += p.x; this.y += p.y; return this; }
    sub(p) { return new Point(this.x - p.x, this.y - p.y); }
    mag() { return Math.hypot(this.x, this.y); }
    dist(p) { return Math.hypot(this.x - p.x, this.y - p.y); }
    distSqr(p) { return (this.x - p.x) ** 2 + (this.y - p.y) ** 2; }
  }
  const TYPES = { Point: 1, MultiPoint: 1, LineString: 2, MultiLineString: 2, Polygon: 3, MultiPolygon: 3 };

  /** Web Mercator with the world as 0..1. */
  function flat([lon, lat]) {
    const sin = Math.sin((lat * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
  }

  const parts = (g) => ({
    Point: () => [[g.coordinates]], MultiPoint: () => g.coordinates.map((c) => [c]),
    LineString: () => [g.coordinates], MultiLineString: () => g.coordinates,
    Polygon: () => g.coordinates, MultiPolygon: () => g.coordinates.flat(),
  })[g.type]();

  /** A feature with its flat coordinates and box; label is where its name stands. */
  function read(feature) {
    const rings = parts(feature.geometry).map((ring) => ring.map(flat));
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    const at = feature.properties.at;
    return { id: feature.id, props: feature.properties, type: TYPES[feature.geometry.type],
             rings, box, label: at ? flat(at) : [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] };
  }

  /** {level: features}: what is drawn at the layer's own level and, below a zoom, at its parents'. */
  function make(def, levels) {
    const held = new Map(Object.entries(levels).map(([level, fs]) => [level, fs.map(read)]));
    const byId = new Map((held.get(def.item_level) || []).map((f) => [f.id, f]));
    const source = {
      async get({ z, x, y }, size) {
        const zoom = z + 1, n = 2 ** z, pad = 8 / size;
        const fresh = lj.levelAt(def, zoom);
        const level = held.has(fresh) ? fresh : def.item_level;
        const shown = def.bands.length
          ? new Set(def.bands.filter(([least]) => zoom >= least).map(([, key]) => key)) : null;
        const shapes = [], labels = [];
        for (const f of held.get(level) || []) {
          if (shown && !shown.has(f.props.s)) continue;
          const [w, s, e, t] = f.box.map((v, i) => v * n - (i % 2 ? y : x));
          if (e < -pad || w > 1 + pad || t < -pad || s > 1 + pad) continue;
          const scale = ([a, b]) => new Point((a * n - x) * size, (b * n - y) * size);
          const geom = f.rings.map((ring) => ring.map(scale));
          const bbox = { minX: w * size, minY: s * size, maxX: e * size, maxY: t * size };
          shapes.push({ id: f.id, props: f.props, geomType: f.type, geom, bbox, numVertices: 0 });
          const p = scale(f.label);
          const named = f.props.n !== undefined || zoom >= def.names_from;
          if (named && f.type === 3 && p.x >= 0 && p.x < size && p.y >= 0 && p.y < size) {
            labels.push({ id: f.id, props: f.props, geomType: 1, geom: [[p]], numVertices: 1,
                          bbox: { minX: p.x, minY: p.y, maxX: p.x, maxY: p.y } });
          }
        }
        return new Map([[def.key, shapes], [`${def.key}.label`, labels]]);
      },
      /** New properties of items by id; says whether anything is different. */
      update(changes) {
        let changed = 0;
        for (const { id, properties } of changes) {
          const f = byId.get(id);
          if (!f) continue;
          if (f.props.s !== properties.s) changed += 1;
          Object.assign(f.props, properties);
        }
        return changed;
      },
      has: (id) => byId.has(id),
      items: () => [...byId.values()],
    };
    source.view = () => new protomapsL.View(new protomapsL.TileCache(source, 512), 16, 1);
    return source;
  }
  return { make };
})();
