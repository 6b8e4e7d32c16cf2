// The dispatcher's four steps: area, event, plan tried, order. Nothing is written before the last.
"use strict";
(() => {
  const { t, ask, el, count } = window.page;
  const form = document.getElementById("incident");
  const by = (id) => document.getElementById(id);
  const tiers = JSON.parse(by("tiers") ? by("tiers").textContent : "{}");
  const known = { shape: null, affected: null, proposal: null, incident: null };
  let asking = null;

  const ZONE = "+08:00"; // times are entered and read on China's one clock
  const local = (moment) => new Date(moment.getTime() + 8 * 3600e3).toISOString().slice(0, 16);
  const moment = (name) => (form[name].value ? `${form[name].value}:00${ZONE}` : "");

  function fill(box, found) {
    for (const cell of box.querySelectorAll("[data-figure]")) {
      cell.textContent = count(found[cell.dataset.figure]);
    }
    box.hidden = false;
  }
  function fault(id, message) {
    const box = by(id);
    if (!box) return;
    box.hidden = !message;
    box.textContent = message || "";
  }
  function mark(id, state) {
    const step = by(id);
    if (step) step.className = `step is-${state}`;
  }

  /** What still stands between the dispatcher and the button, in words. */
  function missing() {
    const lacks = [];
    if (!known.affected) lacks.push(t("范围"));
    if (!form.name.value.trim()) lacks.push(t("名称"));
    if (form.plan_id && !known.proposal) lacks.push(t("试排"));
    if (form.order_no) {
      if (!form.order_no.value.trim()) lacks.push(t("命令文号"));
      if (!form.authority.value.trim()) lacks.push(t("发布机关"));
      if (!form.expected_end_at.value) lacks.push(t("预计结束"));
      if (!form.is_checked.checked) lacks.push(t("核对确认"));
    }
    return lacks;
  }
  function refresh() {
    const lacks = missing();
    const hasEvent = Boolean(form.name.value.trim());
    mark("step-area", known.affected ? "done" : "now");
    mark("step-event", !known.affected ? "waiting" : hasEvent ? "done" : "now");
    mark("step-plan", !known.affected ? "waiting" : known.proposal ? "done" : "now");
    mark("step-order", known.proposal ? "now" : "waiting");
    if (by("try")) by("try").disabled = !known.affected;
    if (by("report")) by("report").disabled = !known.affected || !hasEvent;
    if (by("activate")) {
      by("activate").disabled = lacks.length > 0;
      by("what-missing").textContent = lacks.length ? t("还缺：{what}", { what: lacks.join(t("、")) }) : "";
    }
  }
  function forgetProposal() {
    known.proposal = null;
    if (by("proposal")) by("proposal").hidden = true;
    if (form.is_checked) form.is_checked.checked = false;
    fault("plan-fault", "");
  }

  async function areaChanged(geometry) {
    Object.assign(known, { shape: geometry, affected: null, incident: null });
    forgetProposal();
    fault("area-fault", "");
    by("affected").hidden = true;
    by("area-hint").hidden = Boolean(geometry);
    refresh();
    if (asking) asking.abort();
    if (!geometry) return;
    asking = new AbortController();
    try {
      const found = await ask("POST", "/api/incidents/affected", { shape: geometry }, asking.signal);
      showAffected(found);
      known.affected = found;
    } catch (wrong) {
      if (wrong.name !== "AbortError") fault("area-fault", wrong.message);
    }
    refresh();
  }
  function showAffected(found) {
    fill(by("affected"), found);
    by("compounds").replaceChildren(...found.compounds.map((c) => el("tr", {},
      el("td", {}, c.name),
      el("td", { className: "n" }, `${Math.round(100 * c.area_share)}%`),
      el("td", { className: "n" }, count(c.households)))));
    by("facilities").replaceChildren(...found.facilities_list.map((f) => el("li", {}, f.name)));
  }

  async function tryPlan() {
    forgetProposal();
    const button = by("try");
    button.disabled = true;
    button.textContent = t("正在试排…");
    try {
      const found = await ask("POST", "/api/incidents/proposal", {
        shape: known.shape, plan_id: form.plan_id.value, starts_at: moment("starts_at"),
      });
      showProposal(found);
      known.proposal = found;
    } catch (wrong) {
      fault("plan-fault", wrong.message);
    }
    button.textContent = t("试排岗位与人员");
    refresh();
  }
  function showProposal(found) {
    fill(by("proposal"), found);
    const spent = Object.values(found.seconds).reduce((a, b) => a + b, 0).toFixed(1);
    by("proof").textContent = [
      t("从 {n} 名有空的在册成员中选派，用时 {s} 秒。", { n: count(found.pool), s: spent }),
      found.gap === 0 ? t("已证明按此预案没有代价更低的派法。") : t("与最优下界相差 {g}。", { g: count(found.gap) }),
      found.travel_is_estimated ? t("没有道路数据，路程按直线估计。") : "",
    ].join("");
    by("kinds").replaceChildren(...found.by_kind.map((k) => el("tr", {},
      el("td", {}, k.post),
      el("td", { className: "n" }, count(k.needed)),
      el("td", { className: "n" }, k.unfilled ? el("b", { className: "tag is-bad" }, count(k.unfilled)) : "0"))));
    by("shortfall-box").hidden = found.unfilled === 0;
    by("shortfall-title").textContent = t("缺口 {n} 个，及原因", { n: count(found.unfilled) });
    by("shortfalls").replaceChildren(...found.shortfalls.map((s) => el("li", {},
      el("b", {}, t("{place} · {post} · 第 {no} 班 缺 {n} 人",
        { place: s.compound, post: s.post, no: s.shift_no + 1, n: s.missing })),
      el("br"), el("span", { className: "small" }, s.reason))));
    by("sample").replaceChildren(...found.assignments_sample.map((a) => el("li", {},
      el("b", {}, `${a.compound} · ${a.post}`), " ",
      el("span", { className: "tag" }, tiers[a.tier] || a.tier),
      el("br"), el("span", { className: "small" }, a.reason))));
  }

  async function report() {
    if (known.incident) return known.incident;
    const grade = form.event_grade.value;
    const made = await ask("POST", "/api/incidents", {
      name: form.name.value, category: form.category.value,
      event_grade: grade ? Number(grade) : null, shape: known.shape,
    });
    known.incident = made.incident_id;
    return made.incident_id;
  }
  async function activate(event) {
    event.preventDefault();
    const button = by("activate");
    if (!button || button.disabled) return;
    button.disabled = true;
    button.textContent = t("正在启动…");
    fault("order-fault", "");
    try {
      const id = await report();
      const made = await ask("POST", `/api/incidents/${id}/mobilization`, {
        plan_id: form.plan_id.value, starts_at: moment("starts_at"),
        expected_end_at: moment("expected_end_at"),
        order_no: form.order_no.value, authority: form.authority.value,
      });
      window.location.assign(made.board);
    } catch (wrong) {
      fault("order-fault", wrong.message);
      button.textContent = t("启动预案");
      refresh();
    }
  }
  async function reportOnly() {
    by("report").disabled = true;
    try {
      await report();
      by("reported").hidden = false;
      by("reported").textContent = t("已上报，编号 {n}。调度员可以看到它的范围和影响。", { n: known.incident });
    } catch (wrong) {
      fault("area-fault", wrong.message);
      refresh();
    }
  }

  function plansOfCategory() {
    if (!form.plan_id) return;
    const options = [...form.plan_id.options];
    for (const option of options) option.hidden = option.disabled = option.dataset.category !== form.category.value;
    const chosen = form.plan_id.selectedOptions[0];
    if (!chosen || chosen.disabled) {
      const first = options.find((option) => !option.disabled);
      form.plan_id.value = first ? first.value : "";
    }
    planChanged();
  }
  function planChanged() {
    const chosen = form.plan_id.selectedOptions[0];
    by("measures").textContent = chosen ? chosen.dataset.measures : "";
    forgetProposal();
    refresh();
  }

  document.getElementById("lj-map").addEventListener("lj:area", (e) => areaChanged(e.detail.geometry));
  // What is drawn matters here, not the legend: it waits folded.
  const fold = document.querySelector(".lj-fold[aria-expanded='true']");
  if (fold) fold.click();
  form.category.addEventListener("change", () => { known.incident = null; plansOfCategory(); });
  form.event_grade.addEventListener("change", () => { known.incident = null; });
  form.name.addEventListener("input", () => { known.incident = null; });
  form.addEventListener("input", refresh);
  form.addEventListener("submit", activate);
  if (by("report")) by("report").addEventListener("click", reportOnly);
  if (form.plan_id) {
    const now = new Date();
    form.starts_at.value = local(now);
    if (form.expected_end_at) form.expected_end_at.value = local(new Date(now.getTime() + 24 * 3600e3));
    form.plan_id.addEventListener("change", planChanged);
    form.starts_at.addEventListener("change", () => { forgetProposal(); refresh(); });
    by("try").addEventListener("click", tryPlan);
    plansOfCategory();
  }
  // An incident that was reported before: its area and words are there, its plan is not.
  const given = JSON.parse(by("given").textContent);
  if (given) {
    form.name.value = given.name;
    form.category.value = given.category;
    form.event_grade.value = given.event_grade || "";
    plansOfCategory();
    const map = window.lj && window.lj.maps["lj-map"];
    if (map) map.setArea(given.shape); else areaChanged(given.shape);
    known.incident = given.incident_id;
  }
  refresh();
})();
