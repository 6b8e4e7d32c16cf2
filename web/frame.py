"""What the frame of every page shows: who is logged in, where they may go, what is running."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, request
from werkzeug.urls import iri_to_uri

from gis.base.access import ROLES
from gis.mobilization import queries
from web.session import read
from web.texts import language

# (address, word, permission): the order of the menu.
MENU = (
    ("/map", "一张图", "map.read"),
    ("/coverage", "覆盖", "coverage.read"),
    ("/ledgers", "台账", "ledger.read"),
    ("/activations", "应急", "mobilization.read"),
    ("/journal", "日志", "journal.read"),
    ("/help", "帮助", None),
)


def install(app: Flask) -> None:
    """Gives every template the frame's values."""
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    actor = getattr(g, "actor", None)
    adapter = current_app.url_map.bind("")
    menu = [
        (href, word)
        for href, word, permission in MENU
        if actor and (permission is None or actor.may(permission)) and adapter.test(href)
    ]
    other = "zh" if language() == "en" else "en"
    args = {**request.args.to_dict(), "lang": other}
    return {
        "actor": actor, "navigation": menu, "roles": ROLES, "running": running() if actor else [],
        "language_switch": f"{iri_to_uri(request.path)}?{urlencode(args)}",
    }  # fmt: skip


def running() -> list[dict[str, Any]]:
    """The activations that run now within the actor's scope; asked once a request."""
    if "running" not in g:
        g.running = []
        if g.actor.may("mobilization.read"):
            with read() as session:
                g.running = queries.activations(session, running_only=True)
        now = datetime.now(UTC)
        for one in g.running:
            one["is_overdue"] = one["expected_end_at"] < now
    return g.running
