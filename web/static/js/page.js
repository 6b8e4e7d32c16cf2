// What every page's script uses: words in the reader's language, requests, elements as text.
"use strict";
window.page = (() => {
  const node = document.getElementById("texts");
  const words = node ? JSON.parse(node.textContent || "{}") : {};
  const isEnglish = document.documentElement.lang === "en";

  /** A sentence in the reader's language, its {values} filled in. */
  function t(zh, values = {}) {
    const text = words[zh] || zh;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  /** JSON of our own service. Throws an Error with the service's own sentence. */
  async function ask(method, url, body, signal) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
      headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
      headers["Content-Type"] = "application/json";
    }
    let answer;
    try {
      answer = await fetch(url, {
        method, headers, signal, credentials: "same-origin",
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch (fault) {
      if (fault.name === "AbortError") throw fault;
      throw new Error(t("连不上服务，请检查网络后重试。"));
    }
    let found = {};
    try { found = await answer.json(); } catch { /* not JSON: the status says enough */ }
    if (!answer.ok) {
      const said = (isEnglish && found.message_en) || found.message || String(answer.status);
      const fields = found.fields ? Object.values(found.fields).flatMap((f) => Object.keys(f)) : [];
      const fault = new Error(fields.length ? `${said} ${fields.join(", ")}` : said);
      fault.status = answer.status;
      throw fault;
    }
    return found;
  }

  /** An element with properties and children; text stays text. */
  function el(tag, props = {}, ...children) {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  // Panels stand over the left of the map: what it opens on belongs beside them.
  document.addEventListener("lj:ready", (event) => {
    const self = window.lj.maps[event.target.id];
    if (!self || !self.options.bounds || self.root.clientWidth < 700) return;
    const [w, s, e, n] = self.options.bounds;
    self.map.fitBounds([[s, w], [n, e]], { paddingTopLeft: [310, 16], paddingBottomRight: [60, 16], animate: false });
  });

  const count = (number) => Number(number).toLocaleString(isEnglish ? "en" : "zh-CN");
  return { t, ask, el, count, isEnglish };
})();
