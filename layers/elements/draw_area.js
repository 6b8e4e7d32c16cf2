// Draws the area of an incident: polygon, rectangle, a GeoJSON file, or a unit by its name.
// The file and the name need no mouse. Every change is told as lj:area; the server has the last word.
"use strict";
lj.elements.drawArea = (self, { find, features, maxVertices }) => {
  const { map } = self;
  const LOOK = { color: "#8f2a1a", weight: 2.5, fillColor: "#c2402c", fillOpacity: 0.12, dashArray: "6 4" };
  const shapes = L.featureGroup().addTo(map);
  const state = lj.el("p", { className: "lj-draw-state", role: "status" }, "尚未画出范围");
  const button = (words, act) => {
    const made = lj.el("button", { type: "button", className: "lj-tool" }, words);
    made.addEventListener("click", act);
    return made;
  };
  map.pm.setLang("zh");
  map.pm.setGlobalOptions({ snappable: false, pathOptions: LOOK, allowSelfIntersection: false });

  function rings(geometry) {
    return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  }
  self.area = () => {
    const polygons = [];
    shapes.eachLayer((layer) => polygons.push(...rings(layer.toGeoJSON(7).geometry)));
    if (!polygons.length) return null;
    return polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] }
      : { type: "MultiPolygon", coordinates: polygons };
  };
  function say(words, isWrong) {
    state.textContent = words;
    state.classList.toggle("is-wrong", Boolean(isWrong));
  }
  function changed() {
    const geometry = self.area();
    const count = geometry ? rings(geometry).reduce((n, p) => n + p.reduce((m, r) => m + r.length, 0), 0) : 0;
    if (count > maxVertices) say(`顶点 ${count} 个，超过 ${maxVertices} 个，请简化后再用`, true);
    else say(geometry ? `范围 ${shapes.getLayers().length} 块，顶点 ${count} 个` : "尚未画出范围");
    self.tell("area", { geometry });
  }
  function watch(layer) {
    layer.on("pm:update pm:edit", changed);
    shapes.addLayer(layer);
  }
  function stop() {
    map.pm.disableDraw();
    shapes.eachLayer((layer) => layer.pm.disable());
    self.isDrawing = false;
    edit.setAttribute("aria-pressed", "false");
  }
  function draw(kind) {
    stop();
    self.isDrawing = true;
    map.pm.enableDraw(kind, { cursorMarker: true, templineStyle: LOOK, hintlineStyle: LOOK });
    say(kind === "Polygon" ? "逐点点击，回到起点结束；Esc 取消" : "点两个对角；Esc 取消");
  }
  map.on("pm:create", ({ layer }) => { watch(layer); stop(); changed(); });
  // The click that ends a drawing must not open a card.
  map.on("pm:drawend", () => window.setTimeout(() => { self.isDrawing = false; }, 50));

  self.setArea = (geometry) => {
    shapes.clearLayers();
    if (geometry) {
      for (const polygon of rings(geometry)) {
        const flip = (ring) => ring.map(([lon, lat]) => [lat, lon]);
        watch(L.polygon(polygon.map(flip), LOOK));
      }
      map.fitBounds(shapes.getBounds(), { padding: [40, 40], maxZoom: 16 });
    }
    changed();
  };

  function polygonsOf(data) {
    if (!data || typeof data !== "object") return [];
    if (data.type === "FeatureCollection") return (data.features || []).flatMap(polygonsOf);
    if (data.type === "Feature") return polygonsOf(data.geometry);
    if (data.type === "GeometryCollection") return (data.geometries || []).flatMap(polygonsOf);
    if (data.type === "Polygon") return [data.coordinates];
    return data.type === "MultiPolygon" ? data.coordinates : [];
  }
  const isRing = (ring) => Array.isArray(ring) && ring.length >= 4 && ring.every((c) =>
    Array.isArray(c) && Math.abs(c[0]) <= 180 && Math.abs(c[1]) <= 90);
  async function upload(file) {
    if (!file) return;
    if (file.size > 8e6) return say("文件超过 8 MB，请先简化", true);
    let polygons = [];
    try { polygons = polygonsOf(JSON.parse(await file.text())); }
    catch { return say(`“${file.name}”不是 GeoJSON 文件`, true); }
    if (!polygons.length) return say(`“${file.name}”里没有面（Polygon 或 MultiPolygon）`, true);
    if (!polygons.every((p) => Array.isArray(p) && p.every(isRing))) {
      return say(`“${file.name}”的坐标不是经纬度（度），请转换后再用`, true);
    }
    self.setArea(polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] }
      : { type: "MultiPolygon", coordinates: polygons });
    return undefined;
  }

  async function useUnit(unit) {
    const near = 1e-5, bbox = [unit.lon - near, unit.lat - near, unit.lon + near, unit.lat + near];
    const layer = ["grid", "compound"].includes(unit.level) ? `${unit.level}s` : "territory";
    try {
      const all = await lj.get(lj.address(features, { layer }, { bbox: bbox.join(",") }));
      const found = all.features.find((f) => f.id === unit.territory_id);
      if (found) self.setArea(found.geometry); else say("没有取得该辖区的范围", true);
    } catch (fault) { say(fault.message, true); }
  }

  const file = lj.el("input", { type: "file", accept: ".geojson,.json", className: "lj-file", id: `${self.id}-file` });
  file.addEventListener("change", () => { upload(file.files[0]); file.value = ""; });
  const edit = button("修改", () => {
    const isOn = edit.getAttribute("aria-pressed") === "true";
    stop();
    if (isOn) return changed();
    if (!shapes.getLayers().length) return undefined;
    self.isDrawing = true;
    shapes.eachLayer((layer) => layer.pm.enable({ allowSelfIntersection: false }));
    edit.setAttribute("aria-pressed", "true");
    say("拖动顶点修改，再按“修改”结束");
    return undefined;
  });
  edit.setAttribute("aria-pressed", "false");
  const tools = lj.el("div", { className: "lj-tools", role: "toolbar", "aria-label": "画范围" },
    button("多边形", () => draw("Polygon")), button("矩形", () => draw("Rectangle")), edit,
    button("清除", () => { stop(); shapes.clearLayers(); changed(); }),
    lj.el("label", { className: "lj-tool", for: file.id }, "上传", file));
  const { box } = lj.finder(self, { url: find, label: "或按名称选社区、街道", onChoose: useUnit });
  self.right.prepend(lj.el("section", { className: "lj-panel lj-draw", "aria-label": "事件范围" },
    lj.el("h3", {}, "事件范围"), tools, box, state));
  self.root.addEventListener("keydown", (e) => { if (e.key === "Escape" && self.isDrawing) { stop(); changed(); } });
};
