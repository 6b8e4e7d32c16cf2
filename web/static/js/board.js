// The board's list follows every answer by the cursor; it needs no map. The map follows by itself.
"use strict";
(() => {
  const { t, ask, el, count } = window.page;
  const table = document.getElementById("board");
  const body = table.tBodies[0];
  const sign = document.getElementById("live");
  const PAUSE_MS = 3000, SLOWEST_MS = 20000;
  let cursor = table.dataset.cursor, pause = PAUSE_MS, timer = 0, isAsking = false;
  const rows = new Map([...body.rows].map((row) => [row.dataset.id, row]));
  const gapOf = (row) => Number(row.querySelector(".gap").textContent.replace(/\D/g, "")) || 0;

  function bar(found) {
    const line = el("span", { className: "bar-line", ariaHidden: "true" });
    const whole = Math.max(found.needed, found.on_post + found.acknowledged + found.sent, 1);
    for (const state of ["on_post", "acknowledged", "sent"]) {
      const part = el("i", { className: state });
      part.style.width = `${(100 * found[state]) / whole}%`;
      line.append(part);
    }
    return line;
  }
  function paint(row, found, isFresh) {
    row.classList.toggle("is-gap", found.shortfall > 0);
    row.querySelector(".gap").replaceChildren(
      found.shortfall > 0 ? el("b", { className: "tag is-bad" }, String(found.shortfall)) : "0");
    row.querySelector(".need").textContent = found.needed;
    row.querySelector(".progress").replaceChildren(
      bar(found),
      el("span", { className: "small" }, t("到岗 {a} · 应答 {b} · 待答 {c} · 不能 {d}",
        { a: found.on_post, b: found.acknowledged, c: found.sent, d: found.declined })),
      found.shortfall > 0 && found.shortfall_reason
        ? el("span", { className: "why" }, found.shortfall_reason) : "");
    if (isFresh) {
      row.classList.remove("is-fresh");
      void row.offsetWidth; // the animation starts anew
      row.classList.add("is-fresh");
    }
  }
  function sort() {
    const wanted = [...body.rows].sort((a, b) => gapOf(b) - gapOf(a));
    if (wanted.some((row, i) => row !== body.rows[i])) body.append(...wanted);
  }
  function apply(found, isFresh) {
    for (const cell of document.querySelectorAll("#totals [data-figure]")) {
      cell.textContent = count(found.totals[cell.dataset.figure]);
    }
    for (const one of found.rows) {
      const row = rows.get(String(one.compound_id));
      const mark = `${one.sent} ${one.acknowledged} ${one.on_post} ${one.declined} ${one.shortfall}`;
      if (!row) continue;
      const isChanged = row.dataset.mark !== mark; // the feed may bring a row twice
      row.dataset.mark = mark;
      if (isChanged) paint(row, one, isFresh);
    }
    sort();
    filter();
  }

  function stale(is) {
    if (!sign) return;
    sign.classList.toggle("is-stale", is);
    sign.textContent = is ? t("连接中断，正在重连；下面是中断前的情况") : t("实时");
  }
  async function turn() {
    if (isAsking) return;
    isAsking = true;
    window.clearTimeout(timer);
    try {
      const found = await ask("GET", `/api/activations/${table.dataset.id}/changes?after=${cursor}`);
      if (found.state !== "active") return window.location.reload();
      apply(found, true);
      cursor = found.cursor;
      pause = PAUSE_MS;
      stale(false);
    } catch (fault) {
      if (fault.status === 401 || fault.status === 403) return window.location.reload();
      pause = Math.min(SLOWEST_MS, pause * 1.7);
      stale(true);
    } finally {
      isAsking = false;
    }
    timer = window.setTimeout(turn, document.hidden ? Math.max(pause, 10000) : pause);
    return undefined;
  }

  const onlyGaps = document.getElementById("only-gaps");
  const words = document.getElementById("filter");
  function filter() {
    const wanted = words.value.trim();
    for (const row of body.rows) {
      row.hidden = (onlyGaps.checked && gapOf(row) === 0)
        || (wanted !== "" && !row.cells[0].textContent.includes(wanted));
    }
  }
  onlyGaps.addEventListener("change", filter);
  words.addEventListener("input", filter);

  // A click beside the name shows the place; the list goes on without the map.
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    const map = window.lj && window.lj.maps && window.lj.maps["lj-map"];
    if (!row || !map || event.target.closest("a")) return;
    map.fly(Number(row.dataset.lon), Number(row.dataset.lat), 16);
  });

  ask("GET", `/api/activations/${table.dataset.id}`).then((found) => {
    apply(found, false);
    if (table.dataset.active === "1") timer = window.setTimeout(turn, PAUSE_MS);
  }).catch(() => { if (table.dataset.active === "1") turn(); });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && table.dataset.active === "1") turn();
  });
})();
