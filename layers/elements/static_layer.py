"""A layer whose items lie in the page: for files that open without a network."""

from __future__ import annotations

from typing import Any

from layers.elements.base import MapElement
from layers.elements.vector_tiles import PAINTING
from layers.layer import Layer


class StaticLayer(MapElement):
    """``levels`` maps a level to its GeoJSON features; parents carry n and n_<state>."""

    call = "staticLayer"
    scripts = (*PAINTING, "memory_source.js", "static_layer.js")
    packages = ("protomaps-leaflet",)

    def __init__(
        self, layer: Layer, levels: dict[str, list[dict[str, Any]]], *, is_visible: bool = True
    ) -> None:
        super().__init__({"def": layer.as_dict(), "visible": is_visible, "levels": levels})
