"""Pages with a map in a headless Chromium: bytes on the wire, requests, seconds to first tiles.

Each opening is cold: a new browser context with the log-in's cookie and an empty cache. Bytes are
those the browser counts as received, headers included, until the network rests. First tiles drawn:
a tile has come, and over 200 pixels of the map's canvas are painted; asked every 50 ms, counted
from the start of the navigation. The board comes last and right after its activation: statistics
are stale then, as they are when a dispatcher looks. A page that is not drawn in time counts as
that time and is not opened again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from bench.activation import activate
from bench.city import City, say
from bench.figures import Figure, bound
from bench.served import served

PAGE_BYTES, FIRST_TILES_S, START_S = 1_500_000, 3, 5
OPENINGS, PATIENCE_S = 3, 30
WIDTH, HEIGHT = 1440, 900
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
DRAWN = """() => {
  const came = performance.getEntriesByType('resource')
    .some((r) => r.name.includes('/tiles/') && r.responseEnd > 0);
  const isPainted = (canvas) => {
    if (!canvas.width || !canvas.height) return false;
    const at = canvas.getContext('2d', {willReadFrequently: true});
    const {data} = at.getImageData(0, 0, canvas.width, canvas.height);
    let seen = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] && ++seen > 200) return true;
    return false;
  };
  const canvases = [...document.querySelectorAll('.leaflet-container canvas')];
  return came && canvases.some(isPainted) ? performance.now() : 0;
}"""


@dataclass
class Opening:
    """What one cold opening of a page took."""

    wire: int = 0
    requests: int = 0
    tiles_s: float = 0.0
    failed: list[str] = field(default_factory=list)


def measure(city: City) -> list[Figure]:
    """Bytes and seconds of each page beside their bounds."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with served(city) as (url, started), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=ARGS)
        try:
            state = _logged_in(browser, url, city.passwords["dispatch"])
            figures = [bound("service ready", started, "s", START_S, "bound of a second start")]
            for path in ("/map", "/incidents/new"):
                figures += _page(browser, url, path, state)
            board = f"/activations/{activate(city)['activation_id']}"
            figures += _page(browser, url, board, state)
        finally:
            browser.close()
    return figures


def _page(browser: Browser, url: str, path: str, state: Any) -> list[Figure]:
    seen = []
    for turn in range(1, OPENINGS + 1):
        say(f"pages: {path} ({turn}/{OPENINGS})")
        seen.append(_open(browser, url + path, state))
        if seen[-1].tiles_s >= PATIENCE_S:
            break
    times = [one.tiles_s for one in seen]
    failed = sorted({line for one in seen for line in one.failed})
    note = f"{max(one.requests for one in seen)} requests" + "".join(f"; {f}" for f in failed)
    return [
        bound(f"{path} on the wire", max(one.wire for one in seen), "B", PAGE_BYTES, note),
        bound(f"{path} first tiles", median(times), "s", FIRST_TILES_S,
              f"slowest {max(times):.2f}, first opening {times[0]:.2f}"),
    ]  # fmt: skip


def _context(browser: Browser, state: Any = None) -> BrowserContext:
    return browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", timezone_id="Asia/Shanghai",
        storage_state=state,
    )  # fmt: skip


def _logged_in(browser: Browser, url: str, password: str) -> Any:
    context = _context(browser)
    page = context.new_page()
    page.goto(url + "/login")
    page.fill("[name=username]", "dispatch")
    page.fill("[name=password]", password)
    page.click("main button")
    page.wait_for_url(lambda at: "/login" not in at)
    state = context.storage_state()
    context.close()
    return state


def _open(browser: Browser, url: str, state: Any) -> Opening:
    context = _context(browser, state)
    try:
        page = context.new_page()
        opening = _watched(page)
        page.set_default_timeout(PATIENCE_S * 1000)
        try:
            page.goto(url, wait_until="commit")
            drawn = page.wait_for_function(DRAWN, polling=50)
            opening.tiles_s = drawn.json_value() / 1000
            page.wait_for_load_state("networkidle")
        except TimeoutError:
            opening.tiles_s = opening.tiles_s or PATIENCE_S
            opening.failed.append(f"not at rest within {PATIENCE_S} s")
        return opening
    finally:
        context.close()


def _watched(page: Page) -> Opening:
    """An opening that counts what this page asks for from now on."""
    opening = Opening()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")

    def asked(said: dict[str, Any]) -> None:
        opening.requests += said["request"]["url"].startswith("http")

    def ended(said: dict[str, Any]) -> None:
        opening.wire += int(said["encodedDataLength"])

    def answered(said: dict[str, Any]) -> None:
        if said["response"]["status"] >= 400:
            opening.failed.append(f"{said['response']['status']} {said['response']['url']}")

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", ended)
    wire.on("Network.responseReceived", answered)
    return opening
