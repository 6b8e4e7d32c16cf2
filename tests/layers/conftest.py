"""A headless Chromium for the map's own tests, watched for errors and outside requests."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def watched(browser: Browser) -> Callable[..., Any]:
    """``with watched(width=…) as (page, faults)``: faults fills with what went wrong."""

    @contextmanager
    def open_page(*, host: str = "", width: int = 1280, height: int = 800, **more: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **more)
        page: Page = context.new_page()
        faults: list[str] = []

        def asked(request: Any) -> None:
            if not request.url.startswith((host or "file:", "data:", "file:")):
                faults.append(f"outside: {request.url}")

        page.on("request", asked)
        page.on("requestfailed", lambda r: faults.append(f"failed: {r.url} {r.failure}"))
        page.on("response", lambda r: r.status >= 400 and faults.append(f"{r.status}: {r.url}"))
        page.on("console", lambda m: m.type in ("error", "warning") and faults.append(m.text))
        page.on("pageerror", lambda e: faults.append(str(e)))
        try:
            yield page, faults
        finally:
            context.close()

    return open_page
