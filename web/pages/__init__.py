"""HTML: pages for people. A page reads and shows; deeds go through the API or a form."""

from __future__ import annotations

from web.pages import (
    activations,
    answer,
    call_list,
    coverage,
    health,
    home,
    incidents,
    journal,
    login,
    maps,
)

BLUEPRINTS = tuple(
    module.blueprint
    for module in (
        health, login, home, maps, coverage, incidents, activations, call_list, answer, journal,
    )
)  # fmt: skip
