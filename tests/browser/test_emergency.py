"""The dispatcher's night in a browser: draw, try, activate; a phone answers; the board follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from gis.base.runtime import Runtime
from gis.mobilization import links

pytestmark = pytest.mark.browser


def box_of(city: Runtime) -> tuple[float, float, float, float]:
    """Around the compounds of the first street."""
    with city.read() as session:
        return tuple(session.execute(text(
            "SELECT min(ST_XMin(c.geom)), min(ST_YMin(c.geom)), max(ST_XMax(c.geom)), "
            "max(ST_YMax(c.geom)) FROM territory c JOIN territory s ON c.lo >= s.lo "
            "AND c.hi <= s.hi WHERE c.level = 'compound' AND s.territory_id = (SELECT "
            "territory_id FROM territory WHERE level = 'street' ORDER BY lo LIMIT 1)"
        )).one())  # fmt: skip


def draw(page: Page, box: tuple[float, float, float, float]) -> None:
    """Draws a four-sided area around a box with the mouse, corner by corner."""
    west, south, east, north = box
    page.evaluate("([w, s, e, n]) => lj.maps['lj-map'].map.fitBounds([[s, w], [n, e]], "
                  "{padding: [140, 140], animate: false})", list(box))  # fmt: skip
    page.get_by_role("button", name="多边形").click()
    points = page.evaluate(
        """([w, s, e, n]) => {
          const m = lj.maps['lj-map'].map, r = m.getContainer().getBoundingClientRect();
          return [[s, w], [s, e], [n, e], [n, w]].map((p) => {
            const at = m.latLngToContainerPoint(p);
            return [r.left + at.x, r.top + at.y];
          });
        }""",
        [west, south, east, north],
    )
    for x, y in [*points, points[0]]:
        page.mouse.move(x, y, steps=4)
        page.mouse.click(x, y)


def activate(page: Page) -> None:
    """Fills the four steps after an area is there."""
    expect(page.locator("#affected")).to_be_visible()
    page.fill("[name=name]", "6·18 内涝")
    page.select_option("[name=plan_id]", "flood-II")
    page.click("#try")
    expect(page.locator("#proposal")).to_be_visible(timeout=30_000)
    page.fill("[name=order_no]", "张防指〔2026〕1号")
    page.fill("[name=authority]", "市防汛抗旱指挥部")
    page.check("[name=is_checked]")
    page.click("#activate")
    page.wait_for_url("**/activations/*", timeout=30_000)


def test_draw_activate_and_follow(watch: Callable, site: Any) -> None:
    watched = watch("dispatch")
    page = watched.open("/incidents/new")
    page.wait_for_function("() => window.lj && lj.maps['lj-map']")
    draw(page, box_of(site.city))
    expect(page.locator("#affected [data-figure=affected_compounds]")).not_to_have_text("")
    activate(page)
    sent = int(page.locator("[data-figure=sent]").inner_text().replace(",", ""))
    assert sent > 0
    assert page.locator(".alarm").count() == 1

    with site.city.read() as session:
        one = session.scalar(text("SELECT min(assignment_id) FROM assignment"))
    settings = site.app.extensions["lianjian.settings"]
    phone = watch(None, 360, 740, java_script_enabled=False)
    answer = phone.open(f"/a/{links.answer_token(settings, one)}")
    answer.get_by_role("button", name="能到岗", exact=True).click()
    expect(answer.get_by_text("已收到：您能到岗。")).to_be_visible()
    expect(page.locator("[data-figure=acknowledged]")).to_have_text("1", timeout=10_000)
    answer.get_by_role("button", name="已到岗").click()
    expect(page.locator("[data-figure=on_post]")).to_have_text("1", timeout=10_000)

    page.get_by_text("解除响应…").click()
    page.fill("details[open] [name=reason]", "水位回落")
    page.check("[name=is_sure]")
    page.get_by_role("button", name="解除响应").click()
    expect(page.get_by_text("响应已解除", exact=False).first).to_be_visible()
    assert page.locator(".alarm").count() == 0


def test_an_uploaded_area_and_a_bad_one(watch: Callable, site: Any, tmp_path: Path) -> None:
    west, south, east, north = box_of(site.city)
    good = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    crossed = [good[0], good[2], good[1], good[3], good[0]]
    watched = watch("dispatch")
    page = watched.open("/incidents/new")
    page.wait_for_function("() => window.lj && lj.maps['lj-map']")
    for ring, seen in ((crossed, "#area-fault"), (good, "#affected")):
        file = tmp_path / "area.geojson"
        file.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
        page.set_input_files(".lj-file", file)
        expect(page.locator(seen)).to_be_visible()
    expect(page.locator("#area-fault")).to_be_hidden()
    watched.forgive(r"422 .*/affected|console Failed to load resource.*422")


def test_the_list_works_without_tiles(watch: Callable, site: Any, tmp_path: Path) -> None:
    watched = watch("dispatch")
    page = watched.open("/incidents/new")
    page.wait_for_function("() => window.lj && lj.maps['lj-map']")
    west, south, east, north = box_of(site.city)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    page.evaluate("g => lj.maps['lj-map'].setArea(g)", {"type": "Polygon", "coordinates": [ring]})
    activate(page)
    for pattern in ("**/api/layers/**", "**/static/vendor/**", "**/static/elements/**"):
        page.route(pattern, lambda route: route.abort())
    page.reload()
    rows = page.locator("#board tbody tr")
    assert rows.count() > 0
    expect(page.locator("#live")).to_have_text("实时")
    with site.city.begin() as session:
        session.execute(text(
            "UPDATE assignment SET state = 'acknowledged' WHERE assignment_id = "
            "(SELECT min(assignment_id) FROM assignment)"
        ))  # fmt: skip
    expect(page.locator("[data-figure=acknowledged]")).to_have_text("1", timeout=10_000)
    watched.wrong.clear()  # every tile was refused on purpose


def test_a_lost_connection_is_said_and_recovers(watch: Callable, site: Any) -> None:
    watched = watch("dispatch")
    page = watched.open("/incidents/new")
    page.wait_for_function("() => window.lj && lj.maps['lj-map']")
    west, south, east, north = box_of(site.city)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    page.evaluate("g => lj.maps['lj-map'].setArea(g)", {"type": "Polygon", "coordinates": [ring]})
    activate(page)
    page.route("**/changes?*", lambda route: route.abort())
    expect(page.locator("#live.is-stale")).to_be_visible(timeout=10_000)
    page.unroute("**/changes?*")
    expect(page.locator("#live")).to_have_text("实时", timeout=20_000)
    watched.wrong.clear()


def test_a_reported_incident_waits_for_the_dispatcher(watch: Callable, site: Any) -> None:
    west, south, east, north = box_of(site.city)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    page = watch("grid").open("/incidents/new")
    page.wait_for_function("() => window.lj && lj.maps['lj-map']")
    page.evaluate("g => lj.maps['lj-map'].setArea(g)", {"type": "Polygon", "coordinates": [ring]})
    page.fill("[name=name]", "小区进水")
    page.click("#report")
    expect(page.locator("#reported")).to_be_visible()

    page = watch("dispatch").open("/activations")
    page.get_by_role("link", name="看影响与试排").click()
    expect(page.locator("[name=name]")).to_have_value("小区进水")
    expect(page.locator("#affected")).to_be_visible()
    page.click("#try")
    expect(page.locator("#proposal")).to_be_visible(timeout=30_000)
    page.fill("[name=order_no]", "2")
    page.fill("[name=authority]", "区防指")
    page.check("[name=is_checked]")
    page.click("#activate")
    page.wait_for_url("**/activations/*", timeout=30_000)
    with site.city.read() as session:
        assert session.scalar(text("SELECT count(*) FROM incident")) == 1  # not reported twice
