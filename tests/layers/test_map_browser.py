"""The composed map in Chromium under the strict policy: no failed request, no console error."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from gis.base.access import SYSTEM
from gis.base.db import begin, read
from layers.catalog import LAYERS
from layers.compose import MapUrls, build_map, export_html
from layers.compose import page as whole
from tests.layers.emergency import activate, assign, compounds, posts
from tests.layers.serving import NONCE, Service, serving

pytestmark = pytest.mark.browser
MAP = 'lj.maps["lj-map"]'
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def place(engine) -> dict:
    """A compound: its id, name and the point its name stands on."""
    with read(engine, SYSTEM) as session:
        row = session.execute(
            text("SELECT territory_id, name, ST_X(anchor) AS lon, ST_Y(anchor) AS lat FROM "
                 "territory WHERE level = 'compound' ORDER BY area_m2 DESC LIMIT 1")
        ).one()  # fmt: skip
    return row._asdict()


@pytest.fixture(scope="module")
def service(engine, place) -> Iterator[Service]:
    urls = MapUrls()
    center = (place["lon"], place["lat"])
    pages = {
        "/": whole(build_map(["projects", "grids", "compounds"], urls=urls, center=center,
                             zoom=15, nonce=NONCE, visible=["grids", "compounds"], title="覆盖")),
        "/draw": whole(build_map(["compounds"], urls=urls, center=center, zoom=15, nonce=NONCE,
                                 draw=True, max_vertices=100)),
    }  # fmt: skip
    with serving(pages, lambda: read(engine, SYSTEM)) as made:
        yield made


def ready(page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("canvas.leaflet-tile-loaded", state="attached")
    page.wait_for_load_state("networkidle")


def test_coverage_map_opens_clean_and_says_the_tables_numbers(engine, service, watched) -> None:
    with watched(host=service.address) as (page, faults):
        ready(page, service.address)
        for key in ("compounds", "grids"):
            with read(engine, SYSTEM) as session:
                legend = LAYERS[key].legend(session)
            rows = page.locator(f'.lj-layer[data-key="{key}"] .lj-rows li')
            shown = [row.inner_text().split("\n") for row in rows.all()]
            assert shown == [[r["zh"], str(r["n"])] for r in legend.rows]
        assert faults == []


def test_the_compound_under_the_pointer_is_the_one_of_the_table(service, watched, place) -> None:
    with watched(host=service.address) as (page, faults):
        ready(page, service.address)
        found = page.evaluate(
            f"at => {MAP}.painter.at(at).map(f => [f.def.key, f.feature.id])",
            {"lng": place["lon"], "lat": place["lat"]},
        )
        assert ["compounds", place["territory_id"]] in found
        assert faults == []


def test_a_click_opens_a_card_of_text_and_escape_closes_it(service, watched) -> None:
    service.card = {"title": EVIL, "note": "三方齐全", "href": None,
                    "rows": [{"label": "党支部", "value": EVIL}]}  # fmt: skip
    try:
        with watched(host=service.address) as (page, faults):
            ready(page, service.address)
            page.mouse.click(640, 400)
            card = page.locator(".lj-card")
            card.wait_for(state="visible")
            assert card.locator("h2").inner_text() == EVIL
            assert card.locator("img").count() == 0
            page.keyboard.press("Escape")
            card.wait_for(state="hidden")
            page.locator("#lj-map").focus()
            page.keyboard.press("Enter")
            card.wait_for(state="visible")
            assert faults == []
    finally:
        service.card = None


def test_low_zoom_says_its_level_and_switches_hide_layers(service, watched) -> None:
    with watched(host=service.address) as (page, faults):
        ready(page, service.address)
        section = page.locator('.lj-layer[data-key="compounds"]')
        assert section.locator(".lj-level").is_hidden()
        page.evaluate(f"{MAP}.map.setZoom(12, {{animate: false}})")
        page.wait_for_load_state("networkidle")
        assert "街道汇总" in section.locator(".lj-level").inner_text()
        section.locator("input").uncheck()
        assert section.locator(".lj-rows").is_hidden()
        assert "compounds" not in page.evaluate(f"{MAP}.shown()")
        assert page.evaluate(f"{MAP}.primary") == "grids"
        assert faults == []


def test_search_by_keyboard_flies_there(service, watched, place) -> None:
    with watched(host=service.address) as (page, faults):
        ready(page, service.address)
        page.evaluate(f"{MAP}.map.setView([29.4, 110.2], 9, {{animate: false}})")
        page.get_by_role("combobox").fill(place["name"])
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_load_state("networkidle")
        center = page.evaluate(f"{MAP}.map.getCenter()")
        assert center["lng"] == pytest.approx(place["lon"], abs=1e-3)
        assert faults == []


def test_an_area_is_drawn_with_the_mouse(service, watched) -> None:
    with watched(host=service.address) as (page, faults):
        ready(page, service.address + "/draw")
        page.get_by_role("button", name="多边形").click()
        for x, y in ((500, 300), (700, 300), (700, 500), (500, 500), (500, 300)):
            page.mouse.move(x, y, steps=3)
            page.mouse.click(x, y)
        area = page.evaluate(f"{MAP}.area()")
        assert area["type"] == "Polygon" and len(area["coordinates"][0]) == 5
        assert page.locator(".lj-card").is_hidden()
        page.get_by_role("button", name="清除").click()
        assert page.evaluate(f"{MAP}.area()") is None
        assert faults == []


def test_an_area_comes_from_a_file_or_a_name_without_a_mouse(service, watched, place) -> None:
    lon, lat, d = place["lon"], place["lat"], 0.002
    ring = [[lon - d, lat - d], [lon + d, lat - d], [lon + d, lat + d], [lon - d, lat - d]]
    good = {"type": "Feature", "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    projected = {"type": "Polygon", "coordinates": [[[4.5e5, 3.2e6]] * 4]}
    long = [[lon + d * i / 200, lat + d * (i % 2)] for i in range(150)]
    cases = {
        "not json": "不是 GeoJSON", json.dumps({"type": "Point", "coordinates": [1, 2]}): "没有面",
        json.dumps(projected): "不是经纬度", json.dumps(good): "顶点 4 个",
        json.dumps({"type": "Polygon", "coordinates": [[*long, long[0]]]}): "超过 100",
    }  # fmt: skip
    with watched(host=service.address) as (page, faults):
        ready(page, service.address + "/draw")
        for body, words in cases.items():
            page.locator(".lj-file").set_input_files(
                {"name": "area.geojson", "mimeType": "application/json", "buffer": body.encode()}
            )
            page.locator(".lj-draw-state", has_text=words).wait_for()
        box = page.get_by_role("combobox", name="或按名称选社区、街道")
        box.fill("社区")
        page.get_by_role("option").first.wait_for()
        box.press("ArrowDown")
        box.press("Enter")
        page.locator(".lj-draw-state", has_text="范围 1 块").wait_for()
        assert faults == []


def test_a_phone_shows_the_map_first(service, watched) -> None:
    with watched(host=service.address, width=360, height=740, has_touch=True) as (page, faults):
        ready(page, service.address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.locator(".lj-panel-body").is_hidden()
        fold = page.get_by_role("button", name="图层与图例")
        assert fold.bounding_box()["height"] >= 44
        fold.click()
        assert page.locator('.lj-layer[data-key="compounds"] .lj-rows').is_visible()
        assert faults == []


def test_live_layer_follows_goes_stale_and_comes_back(own_city, watched) -> None:
    with begin(own_city.owner, SYSTEM) as session:
        one, two = compounds(session, 2)
        activation = activate(session, {one: [1], two: [1]})
        first = posts(session, activation)[0].post_id
    made = build_map(["post-status"], urls=MapUrls(), center=(110.48, 29.12), nonce=NONCE,
                     params={"post-status": {"activation_id": activation}})  # fmt: skip

    def reads():
        return read(own_city.service, SYSTEM)

    with (
        serving({"/": whole(made)}, reads) as service,
        watched(host=service.address) as (page, faults),
    ):
        page.goto(service.address)
        row = page.locator('.lj-layer[data-key="post-status"] li[data-key="manned"] .lj-n')
        page.locator('li[data-key="empty"] .lj-n', has_text="2").wait_for()
        with begin(own_city.owner, SYSTEM) as session:
            assign(session, activation, first, 1, "on_post")
        row.get_by_text("1", exact=True).wait_for(timeout=5000)
        assert faults == []
        service.is_down = True
        stale = page.locator(".lj-stale")
        stale.wait_for(state="visible", timeout=8000)
        assert "实时更新中断" in stale.inner_text()
        service.is_down = False
        stale.wait_for(state="hidden", timeout=20_000)


def test_the_exported_file_opens_without_a_network(session, watched, tmp_path, place) -> None:
    file = tmp_path / "map.html"
    file.write_text(export_html(session, "coverage"), "utf-8")
    with watched(offline=True) as (page, faults):
        page.goto(file.as_uri())
        page.wait_for_selector("canvas.leaflet-tile-loaded", state="attached")
        page.evaluate(
            f"p => {MAP}.map.setView([p.lat, p.lon], 16, {{animate: false}})",
            {"lat": place["lat"], "lon": place["lon"]},
        )
        page.wait_for_timeout(600)
        page.mouse.click(640, 400)
        assert page.locator(".lj-card h2").inner_text() == place["name"]
        assert faults == []


def test_the_watch_sees_an_outside_request(service, watched) -> None:
    """The control: a page that asks another host is caught."""
    with watched(host=service.address) as (page, faults):
        ready(page, service.address)
        page.evaluate("fetch('http://192.0.2.1/x').catch(() => 0)")
        page.wait_for_timeout(300)
        assert faults
