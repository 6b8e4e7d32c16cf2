"""A layer drawn from the service's vector tiles."""

from __future__ import annotations

from typing import Any

from layers.elements.base import MapElement
from layers.layer import Layer

PAINTING = ("signs.js", "painter.js")


class VectorTiles(MapElement):
    """One layer from ``url`` with {layer} {z} {x} {y}; same origin, the reader's own session."""

    call = "vectorTiles"
    scripts = (*PAINTING, "vector_tiles.js")
    packages = ("protomaps-leaflet",)

    def __init__(
        self, layer: Layer, url: str, *, is_visible: bool = True,
        params: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            {"def": layer.as_dict(), "visible": is_visible, "url": url, "params": params or {}}
        )
