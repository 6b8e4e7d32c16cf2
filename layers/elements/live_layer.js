// A layer that follows the service: its GeoJSON once, then what changed after a cursor.
// A change may come twice and is then applied twice to the same effect. When nobody answers, the
// pauses grow and the map says how old its picture is.
"use strict";
lj.elements.liveLayer = (self, { def, visible, features, changes, params, pauseMs, slowestMs }) => {
  if (!self.painter) lj.painter.make(self);
  self.register(def, visible, null);
  const sign = lj.el("p", { className: "lj-stale", hidden: true, role: "status" });
  self.foot.prepend(sign);
  let source = null, cursor = 0, pause = pauseMs, answeredAt = Date.now(), timer = 0;
  let isAsking = false;

  function counts() {
    const found = {};
    for (const f of source.items()) found[f.props.s] = (found[f.props.s] || 0) + 1;
    return found;
  }

  function stale(is) {
    sign.hidden = !is;
    if (is) {
      const at = new Date(answeredAt).toLocaleTimeString("zh-CN", { hour12: false });
      sign.textContent = `实时更新中断，图上是 ${at} 的情况，正在重连`;
    }
    self.tell("live", { layer: def.key, cursor, changed: 0, stale: is });
  }

  async function load() {
    // The cursor first: what changes while the shapes are on their way comes again.
    const first = await lj.get(lj.address(changes, { layer: def.key }, { ...params, after: cursor }));
    const all = await lj.get(lj.address(features, { layer: def.key }, params));
    cursor = first.cursor;
    source = lj.memory.make(def, { [def.item_level]: all.features });
    self.layers.get(def.key).view = source.view();
    self.painter.rebuild();
    self.tell("counts", { layer: def.key, counts: counts() });
  }

  async function follow() {
    const news = await lj.get(lj.address(changes, { layer: def.key }, { ...params, after: cursor }));
    cursor = news.cursor;
    // A place that was not there before brings a shape: read all of them again.
    if (news.features.some((f) => !source.has(f.id))) return load();
    const changed = source.update(news.features);
    if (!changed) return undefined;
    self.layers.get(def.key).view = source.view();
    self.painter.rebuild();
    self.tell("counts", { layer: def.key, counts: counts() });
    self.tell("live", { layer: def.key, cursor, changed, stale: false });
    return undefined;
  }

  async function turn() {
    if (isAsking) return;
    isAsking = true;
    try {
      await (source ? follow() : load());
      if (pause > pauseMs) stale(false);
      pause = pauseMs;
      answeredAt = Date.now();
    } catch (fault) {
      pause = Math.min(slowestMs, pause * 1.8);
      stale(true);
      if (fault.status === 401 || fault.status === 403 || fault.status === 404) {
        sign.textContent = fault.message;
        return;
      }
    } finally {
      isAsking = false;
    }
    timer = window.setTimeout(turn, document.hidden ? Math.max(pause, 5000) : pause);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !source) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(turn, 0);
  });
  turn();
};
