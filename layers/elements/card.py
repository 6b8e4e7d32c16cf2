"""The card of the place that was clicked."""

from __future__ import annotations

from layers.elements.base import MapElement


class Card(MapElement):
    """Asks ``url`` with ``lon`` and ``lat``; without one it says what the layers paint there."""

    call = "card"
    scripts = ("card.js",)

    def __init__(self, url: str | None) -> None:
        super().__init__({"url": url})
