"""A box that finds units and flies there."""

from __future__ import annotations

from layers.elements.base import MapElement


class Search(MapElement):
    """Asks ``url`` with ``q`` and expects ``{"units": [{name, level, lon, lat, …}]}``."""

    call = "search"
    scripts = ("search.js",)

    def __init__(self, url: str) -> None:
        super().__init__({"url": url})
