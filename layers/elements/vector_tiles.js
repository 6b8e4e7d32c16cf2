// A layer of the service's vector tiles, asked for with the reader's own session.
"use strict";
lj.elements.vectorTiles = (self, { def, visible, url, params }) => {
  if (!self.painter) lj.painter.make(self);
  let isTold = false;
  const tiles = {
    async getZxy(z, x, y, signal) {
      let answer;
      try {
        answer = await fetch(lj.address(url, { layer: def.key, z, x, y }, params),
          { credentials: "same-origin", signal });
      } catch (fault) {
        if (fault.name !== "AbortError") tell("网络不通，图层未能更新。");
        throw new DOMException("no answer", "AbortError");
      }
      if (!answer.ok) {
        tell(answer.status === 401 ? "登录已过期，请重新登录。" : `图层未能载入（${answer.status}）。`);
        // The painter drops an aborted tile without keeping it: the next look asks again.
        throw new DOMException("refused", "AbortError");
      }
      if (isTold) tell("");
      const data = await answer.arrayBuffer();
      return data.byteLength ? { data } : undefined;
    },
  };
  function tell(message) {
    isTold = Boolean(message);
    self.tell("trouble", { layer: def.key, message });
  }
  const renew = () => protomapsL.sourcesToViews(
    { sources: { [def.key]: { url: tiles, levelDiff: 1, maxDataZoom: 16 } } }).get(def.key);
  self.register(def, visible, renew());
  self.layers.get(def.key).renew = renew;
};
