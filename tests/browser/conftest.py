"""A served demo city and a headless Chromium that can reach nothing else.

Every page that a test opens is watched: a failed request, an answer of 4xx or 5xx, a console
error or a request to another host fails the test (``watched.forgive`` names what it meant to do).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from gis.base.runtime import Runtime
from gis.base.settings import Settings
from web.app import create_app


@dataclass
class Site:
    """A served application and who may log in."""

    url: str
    app: APIFlask
    city: Runtime
    passwords: dict[str, str]


@pytest.fixture
def site(settings: Settings, own_city: Runtime, city_template: Any) -> Iterator[Site]:
    """The application on a clone of the small city, served on a free port."""
    values = {
        "home": settings.home, "database_url": own_city.urls.owner,
        "service_database_url": own_city.urls.service,
    }  # fmt: skip
    app = create_app(Settings(**values))  # type: ignore[arg-type]
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", app, own_city, city_template[1])
    server.shutdown()
    thread.join(10)
    server.server_close()
    app.extensions["lianjian.engine"].dispose()


@dataclass
class Watched:
    """A page and everything that went wrong on it."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)
    bytes_read: dict[str, int] = field(default_factory=dict)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def forgive(self, pattern: str) -> None:
        self.wrong = [line for line in self.wrong if not re.search(pattern, line)]


@pytest.fixture
def watch(browser: Browser, site: Site) -> Iterator[Callable[..., Watched]]:
    """``watch("dispatch", 1440, 900)``: a page of somebody who is logged in (None: nobody)."""
    contexts: list[BrowserContext] = []
    seen: list[Watched] = []

    def make(username: str | None, width: int = 1440, height: int = 900, **how: Any) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", **how,
        )  # fmt: skip
        contexts.append(context)
        watched = Watched(context.new_page(), site.url)
        _listen(watched)
        seen.append(watched)
        if username:
            page = watched.open("/login")
            page.fill("[name=username]", username)
            page.fill("[name=password]", site.passwords[username])
            page.click("main button")
            page.wait_for_url(lambda url: "/login" not in url)
        return watched

    yield make
    for context in contexts:
        context.close()
    assert [line for watched in seen for line in watched.wrong] == []


def _listen(watched: Watched) -> None:
    page = watched.page

    def failed(request: Any) -> None:
        # A map that moves on gives up tiles it no longer needs; so does a page that is left.
        if request.failure != "net::ERR_ABORTED":
            watched.wrong.append(f"failed {request.url} {request.failure}")

    def answered(response: Any) -> None:
        if response.status >= 400:
            watched.wrong.append(f"{response.status} {response.url}")
        if not response.url.startswith((watched.url, "data:", "blob:")):
            watched.wrong.append(f"outside {response.url}")

    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("pageerror", lambda error: watched.wrong.append(f"script {error}"))
    page.on(
        "console",
        lambda m: watched.wrong.append(f"console {m.text}") if m.type == "error" else None,
    )
