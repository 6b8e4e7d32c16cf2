"""A layer that follows the service while it is open."""

from __future__ import annotations

from typing import Any

from layers.elements.base import MapElement
from layers.elements.vector_tiles import PAINTING
from layers.layer import Layer

PAUSE_MS = 1500
SLOWEST_MS = 30_000


class LiveLayer(MapElement):
    """GeoJSON from ``features`` once, then ``changes`` after a cursor, every 1.5 s and slower
    while nobody answers. ``params`` go with every question.
    """

    call = "liveLayer"
    scripts = (*PAINTING, "memory_source.js", "live_layer.js")
    packages = ("protomaps-leaflet",)

    def __init__(
        self, layer: Layer, features: str, changes: str, *, is_visible: bool = True,
        params: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            {
                "def": layer.as_dict(), "visible": is_visible, "features": features,
                "changes": changes, "params": params or {}, "pauseMs": PAUSE_MS,
                "slowestMs": SLOWEST_MS,
            }
        )  # fmt: skip
