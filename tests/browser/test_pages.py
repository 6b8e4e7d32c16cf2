"""The pages in a browser with the network closed: nothing fails, nothing spills, maps draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PAGES = ["/map", "/coverage", "/incidents/new", "/activations", "/ledgers", "/help", "/journal"]
SIZES = [(1440, 900), (360, 740)]
DRAWN = """() => [...document.querySelectorAll('#lj-map canvas')].some((canvas) => {
  const at = canvas.getContext('2d', {willReadFrequently: true});
  const {data} = at.getImageData(0, 0, canvas.width, canvas.height);
  let seen = 0;
  for (let i = 3; i < data.length; i += 4) if (data[i] && ++seen > 200) return true;
  return false;
})"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pages_open_without_a_fault_and_fit(watch: Callable, width: int, height: int) -> None:
    watched = watch("admin", width, height)
    for path in PAGES:
        page = watched.open(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path


def test_the_map_draws_soon_and_weighs_little(watch: Callable) -> None:
    watched = watch("dispatch")
    sizes: list[int] = []
    watched.page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
    page = watched.open("/map")
    page.wait_for_function(DRAWN, timeout=10_000)
    drawn_ms = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 1_500_000
    assert drawn_ms < 6_000  # the bench measures; this only catches a map that has gone slow


def test_a_click_opens_the_card(watch: Callable, site: Any) -> None:
    watched = watch("grid")
    page = watched.open("/map")
    page.wait_for_function(DRAWN, timeout=10_000)
    unit = page.evaluate(
        """async () => {
          const all = await (await fetch('/api/layers/compounds/features')).json();
          const name = all.features[0].properties.name;
          const found = await (await fetch('/api/find?q=' + encodeURIComponent(name))).json();
          return found.units.find((u) => u.level === 'compound');
        }"""
    )
    page.evaluate("u => lj.maps['lj-map'].fly(u.lon, u.lat, 17)", unit)
    page.wait_for_timeout(800)
    box = page.locator("#lj-map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    card = page.locator(".lj-card")
    card.wait_for(state="visible")
    assert unit["name"] in card.inner_text()
    assert "党支部" in card.inner_text()


def test_numbers_on_the_page_and_on_the_legend_agree(watch: Callable) -> None:
    page = watch("dispatch").open("/map")
    page.wait_for_function(DRAWN, timeout=10_000)
    total = page.locator(".lj-layer[data-key=compounds] .lj-total").inner_text()
    figure = page.locator(".figures dd").first.inner_text()
    assert total.split()[0].replace(",", "") == figure.replace(",", "")


def test_the_log_in_works_by_keyboard(watch: Callable, site: Any) -> None:
    page = watch(None).open("/login")
    page.keyboard.type("dispatch")
    page.keyboard.press("Tab")
    page.keyboard.type(site.passwords["dispatch"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/activations")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_the_watch_sees_what_goes_wrong(watch: Callable) -> None:
    """The control of the tests above: each kind of fault is noticed."""
    watched = watch("dispatch")
    page = watched.open("/help")
    page.evaluate("fetch('/api/nothing')")
    page.evaluate("fetch('/api/layers', {redirect: 'error'}).then(() => console.error('said'))")
    page.evaluate("new Image().src = 'http://outside.example/x.png'")
    page.evaluate("setTimeout(() => { throw new Error('thrown'); }, 0)")
    page.wait_for_timeout(1000)
    told = "\n".join(watched.wrong)
    assert "404" in told and "console said" in told and "script" in told
    assert "outside.example" in told  # the policy itself refuses it
    watched.wrong.clear()
